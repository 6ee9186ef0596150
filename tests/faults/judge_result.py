# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracle of what a failure says of how things are now, after a write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.faults.wrong import Wrong

__all__ = ["untrue_identities"]

# How a failure says that it does not know.
_UNREAD = "could not be read"
_KINDS = {"vm": "vms", "vmss": "scale_sets"}


def untrue_identities(result: Mapping[str, Any], state: Mapping[str, Any]) -> Iterator[Wrong]:
    """What a failed task says of identities that are otherwise now."""
    if _UNREAD in str(result.get("msg")):
        return
    for key, plural in _KINDS.items():
        if key in result and isinstance(result[key], Mapping):
            yield from _of_machine(result, str(result[key]["id"]), state[plural])
    if result.get("user_assigned_identity"):
        yield from _of_identity(result["user_assigned_identity"], state["identities"])
    if "federated_credentials" in result:
        yield from _of_credentials(result["federated_credentials"], state["federated_credentials"])


def _of_machine(result: Mapping[str, Any], target: str, machines: list[Any]) -> Iterator[Wrong]:
    machine = next((one for one in machines if one["id"].lower() == target.lower()), None)
    there = (machine or {}).get("identity") or {}
    users = {user.lower(): (about or {}).get("principalId") for user, about in _users(there).items()}
    truth = (there.get("principalId"), users)
    told = result.get("identity") or {}
    said = (
        told.get("principal_id"),
        {one["id"].lower(): one["principal_id"] for one in told.get("user_assigned") or ()},
    )
    if said != truth:
        yield Wrong("identity untrue", f"identity as it is now: {truth}", f"{said}")


def _users(identity: Mapping[str, Any]) -> dict[str, Any]:
    return identity.get("userAssignedIdentities") or {}


def _of_identity(said: Mapping[str, Any], identities: list[Any]) -> Iterator[Wrong]:
    there = next((one for one in identities if one["id"].lower() == said["id"].lower()), None)
    keys = ("location", "tags", "principal_id", "client_id")
    told = {key: said.get(key) for key in keys}
    truth = there and {key: there[key] for key in keys}
    if told != truth:
        yield Wrong("identity untrue", f"the identity as it is now: {truth}", f"{told}")


def _of_credentials(said: list[Any], credentials: list[Any]) -> Iterator[Wrong]:
    told = {(one["name"], one["issuer"], one["subject"]) for one in said}
    truth = {(one["name"], one["issuer"], one["subject"]) for one in credentials}
    if told != truth:
        yield Wrong("identity untrue", f"the credentials as they are now: {sorted(truth)}", f"{sorted(told)}")
