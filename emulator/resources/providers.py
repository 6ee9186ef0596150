# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource providers: what each serves in which api-versions, and whether a subscription has registered it."""

from __future__ import annotations

from typing import Any

from ..request.call import Call
from ..wire.answers import Answer, json_answer
from ..wire.errors import ArmError
from ..wire.versions import LOCATIONS, VERSIONS

__all__ = ["get_provider", "list_providers", "register_provider", "unregister_provider"]

_PROVIDERS = (
    "Microsoft.Authorization",
    "Microsoft.Compute",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.Resources",
)


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
    versions = {
        "Microsoft.Authorization": [
            ("locks", VERSIONS["locks"]),
            ("permissions", VERSIONS["role_definitions"]),
            ("roleAssignments", VERSIONS["role_assignments"]),
            ("roleDefinitions", VERSIONS["role_definitions"]),
        ],
        "Microsoft.Compute": [
            *((kind, call.settings.vm_api_versions) for kind in ("virtualMachines", "virtualMachineScaleSets")),
            ("disks", VERSIONS["disks"]),
        ],
        "Microsoft.ManagedIdentity": [("userAssignedIdentities", VERSIONS["identities"])],
        "Microsoft.Network": [
            (kind, VERSIONS["networks"])
            for kind in ("virtualNetworks", "networkInterfaces", "publicIPAddresses", "networkSecurityGroups")
        ],
        "Microsoft.Resources": [(kind, VERSIONS["resources"]) for kind in ("resourceGroups", "deployments")],
    }
    unregistered = call.store.subscriptions[call.path.subscription.lower()].unregistered
    types = [
        {"resourceType": kind, "locations": list(LOCATIONS), "apiVersions": list(reversed(known))}
        for kind, known in versions[name]
    ]
    return {
        "id": f"/subscriptions/{call.path.subscription}/providers/{name}",
        "namespace": name,
        "resourceTypes": types,
        "registrationState": "NotRegistered" if name.lower() in unregistered else "Registered",
        "registrationPolicy": "RegistrationRequired",
    }
