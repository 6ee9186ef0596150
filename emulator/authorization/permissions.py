# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Authorization/permissions: what the caller may do at a scope, one element for each of its roles."""

from __future__ import annotations

from ..request.call import Call
from ..rights import rbac
from ..rights.builtin_roles import BUILT_IN
from ..wire.answers import Answer, json_answer

__all__ = ["list_permissions"]


def list_permissions(call: Call) -> Answer:
    """List the actions of the caller's roles at the scope or above; who may do everything has an owner's."""
    roles = [BUILT_IN[0]]
    if call.caller.roles is not None:
        held = {role.definition for role in call.caller.roles if rbac.covers(role.scope, call.path.scope)}
        roles = sorted(held)
    value = [
        {
            "actions": list(role.actions),
            "notActions": list(role.not_actions),
            "dataActions": list(role.data_actions),
            "notDataActions": list(role.not_data_actions),
        }
        for role in roles
    ]
    return json_answer(200, {"value": value})
