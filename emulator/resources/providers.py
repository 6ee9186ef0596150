# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource providers: what each serves in which api-versions, and whether a subscription has registered it."""

from __future__ import annotations

from typing import Any

from ..request.call import Call
from ..wire.answers import Answer, json_answer
from ..wire.errors import ArmError
from ..wire.versions import LOCATIONS

__all__ = ["get_provider", "list_providers", "register_provider", "unregister_provider"]

# The types that each shows, and the name of their api-versions.
_PROVIDERS = {
    "Microsoft.Authorization": {
        "locks": "locks",
        "permissions": "role_definitions",
        "roleAssignments": "role_assignments",
        "roleDefinitions": "role_definitions",
    },
    "Microsoft.Compute": {"virtualMachines": "machines", "virtualMachineScaleSets": "machines", "disks": "disks"},
    "Microsoft.ManagedIdentity": {"userAssignedIdentities": "identities"},
    "Microsoft.Network": {
        "virtualNetworks": "networks",
        "networkInterfaces": "networks",
        "publicIPAddresses": "networks",
        "networkSecurityGroups": "networks",
    },
    "Microsoft.Resources": {"resourceGroups": "resources", "deployments": "resources"},
}


def list_providers(call: Call) -> Answer:
    """List the resource providers."""
    return json_answer(200, {"value": [_provider(call, name) for name in _PROVIDERS]})


def get_provider(call: Call) -> Answer:
    """GET of one resource provider; raises ArmError 404."""
    return json_answer(200, _provider(call, _provider_name(call)))


def register_provider(call: Call) -> Answer:
    """Register the subscription for a resource provider."""
    name = _provider_name(call)
    call.store.subscriptions[call.path.subscription.lower()].unregistered.discard(name.lower())
    return json_answer(200, _provider(call, name))


def unregister_provider(call: Call) -> Answer:
    """Take the registration back."""
    name = _provider_name(call)
    call.store.subscriptions[call.path.subscription.lower()].unregistered.add(name.lower())
    return json_answer(200, _provider(call, name))


def _provider_name(call: Call) -> str:
    wanted = call.path.resource_id.split("/")[4]
    for name in _PROVIDERS:
        if name.lower() == wanted.lower():
            return name
    raise ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{wanted}' is invalid.")


def _provider(call: Call, name: str) -> dict[str, Any]:
    unregistered = call.store.subscriptions[call.path.subscription.lower()].unregistered
    types = [
        {
            "resourceType": kind,
            "locations": list(LOCATIONS),
            "apiVersions": list(reversed(call.settings.served(versions).shown())),
        }
        for kind, versions in _PROVIDERS[name].items()
    ]
    return {
        "id": f"/subscriptions/{call.path.subscription}/providers/{name}",
        "namespace": name,
        "resourceTypes": types,
        "registrationState": "NotRegistered" if name.lower() in unregistered else "Registered",
        "registrationPolicy": "RegistrationRequired",
    }
