# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is true of the emulated cloud, as single facts that can be compared: who has which identity, role and trust."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["NEW", "Facts", "facts", "guids", "masked"]

Facts = frozenset[tuple[str, ...]]
# What an ID that Azure makes up is called: it is another one in each run.
NEW = "NEW"
_GUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)


def guids(value: object) -> set[str]:
    """All GUIDs in a JSON value, in lower case."""
    return {found.lower() for found in _GUID.findall(json.dumps(value))}


def masked(value: Any, known: Iterable[str]) -> Any:
    """A JSON value with each GUID replaced that is not known."""
    kept = frozenset(known)

    def mask(match: re.Match[str]) -> str:
        return match[0] if match[0].lower() in kept else NEW

    return json.loads(_GUID.sub(mask, json.dumps(value)))


def facts(state: Mapping[str, Any]) -> Facts:
    """The facts of the control API's state that tasks are about; a VM that is being deleted is there no more."""
    found: set[tuple[str, ...]] = set()
    for vm in state["vms"]:
        if vm["provisioning_state"] != "Deleting":
            found |= _holder("vm", vm)
    for scale_set in state["scale_sets"]:
        found |= _holder("scale set", scale_set)
        for one in scale_set["instances"]:
            found |= _identities("instance", f"{scale_set['id']}/{one['number']}", one["identity"])
    for item in state["identities"]:
        keys = ("id", "location", "tags", "principal_id", "client_id")
        found.add(("identity", *(_text(item[key]) for key in keys)))
    for item in state["role_assignments"]:
        keys = ("id", "scope", "role", "principal_id", "condition", "description")
        found.add(("grant", *(_text(item[key]) for key in keys)))
    for item in state["federated_credentials"]:
        found.add(("credential", *(_text(item[key]) for key in ("id", "issuer", "subject", "audiences"))))
    return frozenset(found)


def _holder(kind: str, holder: Mapping[str, Any]) -> set[tuple[str, ...]]:
    there = (kind, holder["id"].lower(), holder["location"], _text(holder["tags"]))
    return {there, *_identities(kind, holder["id"], holder["identity"])}


def _identities(kind: str, holder: str, identity: Mapping[str, Any] | None) -> set[tuple[str, ...]]:
    said = identity or {}
    found = {
        (f"{kind} has", holder.lower(), user.lower(), _text((about or {}).get("principalId")))
        for user, about in (said.get("userAssignedIdentities") or {}).items()
    }
    if said.get("principalId"):
        found.add((f"{kind} has", holder.lower(), "its system identity", said["principalId"]))
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
