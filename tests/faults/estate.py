# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small estate of the campaign: what each scenario changes, and a decoy of every kind that nobody asks about."""

from __future__ import annotations

from typing import Any

__all__ = ["DECOYS", "SECRET", "SEED", "SUBSCRIPTION", "identity_id", "resource_id", "vm_id"]

SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
SECRET = "campaign-only-secret"
GONE = "44444444-0000-4000-8000-000000000002"
_TENANT = "5a1d6c3e-0b7f-4f3c-9c53-0f4e1d2b8a10"
_READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


def resource_id(kind: str, name: str) -> str:
    """The ID of a resource of the estate, by its type."""
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/{kind}/{name}"


def vm_id(name: str) -> str:
    """The ID of a VM."""
    return resource_id("Microsoft.Compute/virtualMachines", name)


def identity_id(name: str) -> str:
    """The ID of a user-assigned identity."""
    return resource_id("Microsoft.ManagedIdentity/userAssignedIdentities", name)


# What exists, too, by the type of what is asked for: an answer may describe it by mistake. The VMs have no identity,
# so that whoever takes one of them for the one that was asked for drops what that one has.
DECOYS = {
    "virtualmachines": "vm-decoy",
    "virtualmachinescalesets": "vmss-decoy",
    "userassignedidentities": "id-decoy",
    "federatedidentitycredentials": "fc-decoy",
}


def _credential(name: str) -> dict[str, str]:
    return {"name": name, "issuer": "https://oidc.example.com/cluster", "subject": f"system:serviceaccount:shop:{name}"}


def _grant(name: str, principal: str, role: str = _READER) -> dict[str, str]:
    scope = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
    return {"role": role, "scope": scope, "principal": principal, "type": "ServicePrincipal", "name": name}


_BOTH = {"system_identity": True, "user_identities": ["id-a", "id-b"]}

SEED: dict[str, Any] = {
    "tenants": [{"id": _TENANT, "name": "Contoso", "domain": "contoso.onmicrosoft.com"}],
    "subscriptions": [{"id": SUBSCRIPTION, "name": "Contoso"}],
    "groups": [{"name": "rg", "location": "westeurope"}],
    "identities": [
        *({"name": name, "group": "rg"} for name in ("id-a", "id-b", "id-c", "id-decoy", "id-used")),
        {"name": "id-unused", "group": "rg", "tags": {"team": "web"}},
        {"name": "id-trusting", "group": "rg", "federated": [_credential("fc-a"), _credential("fc-decoy")]},
        {"name": "id-granted", "group": "rg", "principal_id": "44444444-0000-4000-8000-000000000001"},
    ],
    "vms": [
        {"name": "vm-decoy", "group": "rg"},
        {"name": "vm-users", "group": "rg", "user_identities": ["id-a", "id-b"]},
        {"name": "vm-both", "group": "rg", **_BOTH},
        {"name": "vm-last", "group": "rg", "user_identities": ["id-used"]},
        {"name": "vm-more", "group": "rg", "system_identity": True, "user_identities": ["id-used"]},
    ],
    "scale_sets": [
        {"name": "vmss-decoy", "group": "rg", "capacity": 1},
        {"name": "vmss-both", "group": "rg", "capacity": 2, **_BOTH},
    ],
    "role_assignments": [
        _grant("55555555-0000-4000-8000-000000000001", "44444444-0000-4000-8000-000000000001"),
        _grant("55555555-0000-4000-8000-000000000002", GONE),
    ],
    "callers": [
        {
            "name": "deployer",
            "client_id": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c01",
            "object_id": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c02",
            "secret": SECRET,
        }
    ],
}
