# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builders for the tests of the pure core."""

from __future__ import annotations

from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import IDENTITY, ResourceId
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import (
    Identity,
    SystemIdentity,
    UserIdentity,
)

SUB = "11111111-2222-3333-4444-555555555555"
TENANT = "99999999-0000-0000-0000-000000000000"


def uai(name: str, group: str = "rg") -> ResourceId:
    """The ID of the user-assigned identity ``name``; an all-upper-case name gives an all-upper-case ID."""
    built = ResourceId.build(SUB, group, IDENTITY, f"id-{name}")
    return ResourceId.parse(str(built).upper()) if name.isupper() else built


def on_vm(*names: str, system: bool = False) -> Identity:
    """An identity as read from a VM, with made-up principal and client IDs."""
    principal = SystemIdentity("sp", TENANT) if system else None
    return Identity.of(principal, (UserIdentity(uai(name), f"p-{name.lower()}", f"c-{name.lower()}") for name in names))
