# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The linked access check: may the caller assign each identity that a write names?"""

from __future__ import annotations

import typing as t

from . import rbac
from .call import Call
from .errors import linked_authorization_failed, linked_subscription_not_found, linked_tenant_mismatch
from .path import parse

__all__ = ("check_linked",)

_ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"


def check_linked(call: Call, identities: t.Sequence[str], resource_id: str) -> None:
    """Raise ArmError 403 LinkedAuthorizationFailed unless the caller may assign all of the identities."""
    here = call.store.subscriptions[call.path.subscription.lower()]
    for identity in identities:
        linked = parse(identity).subscription
        there = call.store.subscriptions.get(linked.lower())
        if there is None:
            raise linked_subscription_not_found(resource_id, linked)
        if there.tenant != here.tenant:
            raise linked_tenant_mismatch(resource_id, here.tenant, there.id)
    missing = [identity for identity in identities if not rbac.allowed(call.caller, _ASSIGN, identity)]
    if missing:
        caller, action = call.caller, "Microsoft.Compute/virtualMachines/write"
        raise linked_authorization_failed(caller.shown, caller.object_id, action, resource_id, missing)
