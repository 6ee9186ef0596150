# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles, scopes, tasks of role_assignment and role_assignment_info, and what the emulator knows of grants."""

from __future__ import annotations

import uuid
from typing import Any

from tests.integration.estate import OTHER_SUBSCRIPTION, SUBSCRIPTION
from tests.support.emulator import Emulator

__all__ = [
    "ADMIN_ROLE",
    "CONTRIBUTOR",
    "GROUP",
    "MANAGEMENT",
    "OTHER_GROUP",
    "READER",
    "assignments",
    "grant",
    "grants",
    "principal_of",
    "requests",
    "seeded",
]

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
ADMIN_ROLE = "Role Based Access Control Administrator"
HERE = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{HERE}/resourceGroups/rg-web"
OTHER_GROUP = f"/subscriptions/{OTHER_SUBSCRIPTION}/resourceGroups/rg-shared"
MANAGEMENT = "/providers/Microsoft.Management/managementGroups/platform"
_KEYWORDS = ("check_mode", "diff", "environment", "ignore_errors", "loop", "vars", "register")
_PROVIDER = "providers/Microsoft.Authorization"


def _task(module: str, title: str, options: dict[str, Any]) -> dict[str, Any]:
    keywords = {key: options.pop(key) for key in _KEYWORDS if key in options}
    return {"name": title, f"managed_identity.azure.{module}": options, **keywords}


def grant(title: str, /, *scopes: str, **options: Any) -> dict[str, Any]:
    """A task of role_assignment, of the role Reader unless another is named; keywords of the task may be among them."""
    given = {"scopes": list(scopes), "role": "Reader"} if scopes else {}
    return _task("role_assignment", title, {**given, **options})


def grants(title: str, /, **options: Any) -> dict[str, Any]:
    """A task of role_assignment_info."""
    return _task("role_assignment_info", title, options)


def principal_of(emulator: Emulator, name: str) -> str:
    """The principal of a user-assigned identity, or of a VM's system identity."""
    state = emulator.state()
    found = [item["principal_id"] for item in state["identities"] if item["name"] == name]
    return found[0] if found else emulator.vm(name)["identity"]["principalId"]


def assignments(emulator: Emulator, principal: str) -> list[dict[str, Any]]:
    """The grants of a principal, as the emulator has them."""
    return [item for item in emulator.state()["role_assignments"] if item["principal_id"] == principal]


def requests(emulator: Emulator) -> list[tuple[str, str]]:
    """The method and the path from the last provider on of each request about roles and assignments."""
    return [
        (item["method"], item["path"].rpartition(f"/{_PROVIDER}/")[2].partition("?")[0].partition("/")[0])
        for item in emulator.log(f"/{_PROVIDER}/")
    ]


def seeded(principal: str, *, role: str = READER, scope: str = GROUP, **more: Any) -> dict[str, Any]:
    """A grant that somebody else made, under a name of its own."""
    name = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{principal} {role} {scope}"))
    return {"role": role, "scope": scope, "principal": principal, "type": "ServicePrincipal", "name": name, **more}
