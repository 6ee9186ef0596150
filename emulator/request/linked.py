# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The linked access check: may the caller use each identity or other resource that a write names?"""

from __future__ import annotations

from collections.abc import Sequence

from ..rights import rbac
from ..wire.errors import linked_authorization_failed, linked_subscription_not_found, linked_tenant_mismatch
from ..wire.path import parse
from .call import Call

__all__ = ["check_linked"]

_ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"


def check_linked(
    call: Call,
    linked_ids: Sequence[str],
    resource_id: str,
    *,
    kind: str = "Microsoft.Compute/virtualMachines",
    right: str = _ASSIGN,
) -> None:
    """Raise ArmError 403 LinkedAuthorizationFailed unless the caller has the right on all that a write names.

    `kind` is the type of what is written, `right` what it takes on each linked resource.
    """
    here = call.store.subscriptions[call.path.subscription.lower()]
    for linked_id in linked_ids:
        linked = parse(linked_id).subscription
        there = call.store.subscriptions.get(linked.lower())
        if there is None:
            raise linked_subscription_not_found(resource_id, linked, right)
        if there.tenant != here.tenant:
            raise linked_tenant_mismatch(resource_id, here.tenant, there.id, right)
    missing = [linked_id for linked_id in linked_ids if not rbac.allowed(call.caller, right, linked_id)]
    if missing:
        caller, action = call.caller, f"{kind}/write"
        raise linked_authorization_failed(caller.shown, caller.object_id, action, resource_id, missing, right)
