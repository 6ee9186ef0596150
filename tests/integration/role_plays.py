# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays of roles, callers with few rights, and what is left in the emulator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tests.integration.estate import SUBSCRIPTION
from tests.integration.fronts import Fronts
from tests.support.emulator import Emulator

__all__ = [
    "ADMINISTRATOR",
    "HERE",
    "as_caller",
    "caller",
    "changes",
    "examples",
    "facts",
    "grants_of",
    "group",
    "nothing_written",
    "play_of",
]

HERE = f"/subscriptions/{SUBSCRIPTION}"
# Of these roles somebody needs all for the life of an identity, and no more.
ADMINISTRATOR = (
    "Virtual Machine Contributor",
    "Managed Identity Contributor",
    "Managed Identity Operator",
    "Role Based Access Control Administrator",
)
_ROOT = Path(__file__).resolve().parents[2]
_FACTS = ("system_identity_principal_ids", "system_identity_role_assignments", "user_identity_result", "vm_with_identity_result")


def group(name: str) -> str:
    """The ID of a resource group."""
    return f"{HERE}/resourceGroups/{name}"


def play_of(role: str, hosts: str = "localhost", /, **variables: Any) -> list[dict[str, Any]]:
    """A playbook that runs a role, as another user if it could, and shows the facts that it leaves."""
    show = [
        {"name": fact, "ansible.builtin.debug": {"var": fact}, "when": f"{fact} is defined"}
        for fact in _FACTS
        if fact.startswith(role)
    ]
    named = {"role": f"managed_identity.azure.{role}"}
    return [
        {
            "hosts": hosts,
            "gather_facts": False,
            "become": True,
            "vars": {f"{role}_{name}": value for name, value in variables.items()},
            "roles": [named],
            "tasks": show,
        }
    ]


def facts(run: Any, name: str, host: str = "localhost") -> Any:
    """A fact that the role has left."""
    return run.by_host(name)[host][name]


def changes(run: Any) -> list[str]:
    """The names of the tasks that have changed something, without the role's name."""
    changed = [line for line in run.results if line["outcome"] == "ok" and line["result"].get("changed")]
    return [line["task"].rpartition(" : ")[2] for line in changed]


def caller(name: str, *roles: tuple[str, str]) -> dict[str, Any]:
    """A caller for a seed that has these roles at these scopes, and no other right."""
    ids = {
        "client_id": f"7d1f4a0e-9d5b-4c7e-a3ca-{name:0>12.12}",
        "object_id": f"7d1f4a0e-9d5b-4c7e-a3cb-{name:0>12.12}",
    }
    return {"name": name, **ids, "secret": f"secret-{name}", "roles": [{"role": r, "scope": s} for r, s in roles]}


def as_caller(one: dict[str, Any]) -> dict[str, str]:
    """The environment in which a caller signs in."""
    return {"AZURE_CLIENT_ID": one["client_id"], "AZURE_SECRET": one["secret"]}


def grants_of(emulator: Emulator, *principals: str | None) -> list[tuple[str, str]]:
    """The GUID of the role and the scope of each grant of principals, sorted."""
    return sorted(
        (item["role"].rpartition("/")[2], item["scope"])
        for item in emulator.state()["role_assignments"]
        if item["principal_id"] in principals
    )


def nothing_written(fronts: Fronts) -> bool:
    """Whether no request has changed anything; what has an identity is asked for by POST."""
    written = [entry["path"] for emulator in fronts.each() for entry in emulator.writes()]
    return all("/listAssociatedResources" in path for path in written)


def examples(role: str) -> list[list[dict[str, Any]]]:
    """The playbooks of a role's README."""
    text = (_ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(- .*?)```", text, re.DOTALL)]
