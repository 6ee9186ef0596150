# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role user_identity with all that an identity can have, its tasks, and what is left in the emulator."""

from __future__ import annotations

from typing import Any

from tests.integration.estate import identity_id, vm_id
from tests.integration.fronts import Fronts
from tests.integration.role_plays import group, play_of
from tests.support.emulator import Emulator

__all__ = [
    "ASSIGN",
    "DELETE",
    "FEDERATE",
    "GRANT",
    "GRANTED",
    "GRANTS",
    "MAKE",
    "NAMES",
    "NEW",
    "READER",
    "REMOVE",
    "ROLE",
    "TRUST",
    "UNGRANT",
    "delete_behind_the_back",
    "there",
    "trusted",
    "wanted",
    "who_has",
]

ROLE = "user_identity"
READER, CONTRIBUTOR = "acdd72a7-3385-48ef-bd42-f606fba81ae7", "9980e02c-c2be-4d73-94e8-173b1dc7cf3c"
NEW = "id-shop"
VMS = ["vm-web-01", "vm-web-02", vm_id("vm-batch-01", "rg-data")]
NAMES = ["vm-batch-01", "vm-web-01", "vm-web-02"]
GRANTS = [
    {"role": "Reader", "scopes": [group("rg-data"), group("rg-web")]},
    {"role": CONTRIBUTOR, "scope": group("rg-data")},
]
GRANTED = sorted([(READER, group("rg-data")), (READER, group("rg-web")), (CONTRIBUTOR, group("rg-data"))])
TRUST = [
    {"name": "main", "github": {"repository": "contoso/shop", "branch": "main"}},
    {
        "name": "cluster",
        "kubernetes": {"issuer": "https://oidc.example.com/a", "namespace": "shop", "service_account": "web"},
    },
]
MAKE, FEDERATE, GRANT = "Create the identity, or change it", "Trust whom it shall trust", "Settle the grants"
ASSIGN, REMOVE = "Assign the identity to the virtual machines", "Remove the identity from the virtual machines"
UNGRANT, DELETE = "Take all its roles away", "Remove it from whatever else has it, and delete it"


def wanted(**more: Any) -> list[dict[str, Any]]:
    """The role with all that an identity can have."""
    given = {
        "name": NEW,
        "resource_group": "rg-identities",
        "tags": {"app": "shop"},
        "credentials": TRUST,
        "grants": GRANTS,
        "vms": VMS,
        "vm_resource_group": "rg-web",
    }
    return play_of(ROLE, **{**given, **more})


def who_has(emulator: Emulator, name: str = NEW) -> list[str]:
    """The machines with an entry of the identity."""
    state = emulator.state()
    return sorted(
        item["name"]
        for item in [*state["vms"], *state["scale_sets"]]
        for key in (item["identity"] or {}).get("userAssignedIdentities") or {}
        if key.rsplit("/", 1)[1].lower() == name
    )


def there(emulator: Emulator, name: str = NEW) -> bool:
    """Whether the identity exists."""
    return name in [item["name"] for item in emulator.state()["identities"]]


def trusted(emulator: Emulator, name: str = NEW) -> list[str]:
    """The names of the identity's credentials."""
    credentials = emulator.state()["federated_credentials"]
    return sorted(item["name"] for item in credentials if f"/{name}/" in item["id"])


def delete_behind_the_back(fronts: Fronts) -> None:
    """Delete the identity as az would, leaving its entries on VMs, and its grants."""
    options = {"identity_id": identity_id(NEW, "rg-identities"), "state": "absent", "force": True}
    fronts([{"name": "delete", "managed_identity.azure.user_assigned_identity": options}])
