# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role vm_with_identity: identity, VM and grants in one go, one write for each; rights; and the end of the VM."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.estate import identity_id, vm_id
from tests.integration.machines import NEW, NEW_VM
from tests.integration.role_plays import (
    ADMINISTRATOR,
    HERE,
    as_caller,
    caller,
    changes,
    facts,
    grants_of,
    group,
    nothing_written,
    play_of,
)
from tests.integration.user_role import MAKE, delete_behind_the_back, there

ROLE = "vm_with_identity"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
IDENTITY = "id-shop"
VM, GRANT = "Settle the virtual machine", "Settle the grants"
UNGRANT = "Take the system-assigned identity's roles away"


def wanted(**more: Any) -> list[dict[str, Any]]:
    given = {
        "vm": NEW_VM,
        "resource_group": "rg-web",
        "identity": IDENTITY,
        "identity_resource_group": "rg-identities",
        "identity_tags": {"app": "shop"},
        "identity_grants": [{"role": "Reader", "scope": group("rg-data")}],
        "system_assigned": True,
        "system_grants": [{"role": "Reader", "scope": group("rg-web")}],
        **NEW,
        "data_disks": [{"size_gb": 8, "delete_with_vm": False}],
    }
    return play_of(ROLE, **{**given, **more})


def writes(emulator) -> list[tuple[str, str]]:
    """The method and the kind of what each write was about."""
    written = [(entry["method"], entry["path"].partition("?")[0]) for entry in emulator.writes()]
    return [(method, path.rpartition("/providers/")[2].split("/")[1]) for method, path in written]


def test_life(one) -> None:
    assert changes(one(wanted(state="absent"))) == []
    run = one(wanted(), arguments=("--check", "--diff"))
    assert changes(run) == [MAKE, GRANT, VM, GRANT]
    print(run.output)
    assert 0
