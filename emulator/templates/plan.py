# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The resources of a template, each with its ID and what it depends on."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from ..base.plain_data import shared
from .expressions import TemplateError
from .ids import joined_id
from .input import too_many
from .scope import Scope

__all__ = ["Planned", "in_order", "plan"]

_MOST = 800
# What is for the deployment, not for the resource.
_OWN = frozenset(["name", "type", "apiversion", "dependson", "copy", "condition", "comments"])
_UNSERVED = ("resources", "resourcegroup", "subscriptionid", "scope")


@shared
@dataclasses.dataclass
class Planned:
    """A resource that a template asks for; `body` has the template's expressions, `scope` evaluates them.

    `wanted` is what it says that it depends on, `after` what of the template that is, and what it refers to.
    """

    id: str
    kind: str
    name: str
    version: str
    location: Any
    body: dict[str, Any]
    scope: Scope
    wanted: list[str]
    after: list[Planned] = dataclasses.field(default_factory=list)

    def shown(self) -> dict[str, str]:
        """Return how a deployment names it."""
        return {"id": self.id, "resourceType": self.kind, "resourceName": self.name}


def plan(template: dict[str, Any], scope: Scope) -> list[Planned]:
    """Return the resources of a template in its own order; raises TemplateError."""
    loops: dict[str, list[Planned]] = {}
    found: list[Planned] = []
    left_out: set[str] = set()
    for raw in template["resources"]:
        lowered = {key.lower(): value for key, value in raw.items()}
        body = {key: value for key, value in raw.items() if key.lower() not in _OWN}
        made = [_planned(lowered, body, inner) for inner in _copies(lowered, scope)]
        if not scope.early(lowered.get("condition", True)):
            left_out.update(name for item in made for name in _names(item, scope.place.group_id))
            continue
        copy = lowered.get("copy")
        if isinstance(copy, dict):
            loops[str(scope.early(copy.get("name"))).lower()] = made
        found.extend(made)
        if len(found) > _MOST:
            raise TemplateError(too_many("resources", _MOST, len(found)))
    _connect(found, loops, left_out, scope.place.group_id)
    in_order(found)
    return found


def _copies(raw: dict[str, Any], scope: Scope) -> list[Scope]:
    copy = raw.get("copy")
    if copy is None:
        return [scope]
    count = scope.early(copy.get("count")) if isinstance(copy, dict) else None
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= _MOST:
        # The words of terraform-provider-azurerm#8090.
        raise TemplateError(
            "The template 'copy' definition at line '1' and column '1' has an invalid copy count. The copy count must "
            f"be a positive integer value and cannot exceed '{_MOST}'. Please see https://aka.ms/arm-copy for usage "
            "details"
        )
    return [dataclasses.replace(scope, copy=index) for index in range(count)]


def _planned(raw: dict[str, Any], body: dict[str, Any], scope: Scope) -> Planned:
    for name in _UNSERVED:
        if raw.get(name):
            raise TemplateError(f"The property '{name}' of a template resource is not supported by this emulator")
    scope = dataclasses.replace(scope, references=[])
    name, kind = scope.text(raw.get("name"), "resource's name"), scope.text(raw.get("type"), "resource's type")
    if kind.lower() == "microsoft.resources/deployments":
        raise TemplateError("Nested deployments are not supported by this emulator")
    version = scope.text(raw.get("apiversion"), "resource's apiVersion")
    wanted = raw.get("dependson") or []
    if not isinstance(wanted, list):
        raise TemplateError(f"The template resource '{name}' has a 'dependsOn' that is not a list")
    resource_id = joined_id(scope.place.group_id, kind, name.split("/"))
    location = scope.value(body, lenient=True).get("location")
    depends = [scope.text(item, "resource's dependency") for item in wanted]
    return Planned(resource_id, kind, name, version, location, body, scope, depends)


def _names(item: Planned, group_id: str) -> tuple[str, ...]:
    full = item.id.lower()
    return full, full.removeprefix(f"{group_id.lower()}/providers/"), item.name.lower()


def _connect(found: list[Planned], loops: dict[str, list[Planned]], left_out: set[str], group_id: str) -> None:
    by_name: dict[str, list[Planned]] = dict(loops)
    ids: dict[str, Planned] = {}
    for item in found:
        if item.id.lower() in ids:
            raise TemplateError(
                f"The resource '{item.id}' at line '1' and column '1' is defined multiple times in a template. Please "
                "see https://aka.ms/arm-syntax-resources for usage details"
            )
        ids[item.id.lower()] = item
        for name in _names(item, group_id):
            by_name.setdefault(name, []).append(item)
    for item in found:
        after: dict[str, Planned] = {}
        for name in item.wanted:
            targets = by_name.get(name.lower().rstrip("/"))
            if targets is None and name.lower() not in left_out:
                message = f"The resource '{name}' is not defined in the template"
                raise TemplateError(f"{message}. Please see https://aka.ms/arm-syntax for usage details")
            _add(after, targets or (), item.scope)
        for name, _version in item.scope.references:
            _add(after, by_name.get(name.lower(), ()), item.scope)
        item.after = list(after.values())


def _add(after: dict[str, Planned], targets: Sequence[Planned], scope: Scope) -> None:
    scope.budget.spend(len(targets))
    after.update((target.id, target) for target in targets)


def in_order(found: list[Planned]) -> list[Planned]:
    """Return resources so that all that one depends on comes before it; raises TemplateError if that cannot be.

    First those that depend on nothing, then those that depend on these alone, and so on.
    """
    rounds: dict[str, int] = {}
    waiting = {item.id: len(item.after) for item in found}
    followers: dict[str, list[Planned]] = {}
    for item in found:
        for other in item.after:
            followers.setdefault(other.id, []).append(item)
    ready, number = [item for item in found if not item.after], 0
    while ready:
        number += 1
        rounds.update((item.id, number) for item in ready)
        freed: list[Planned] = []
        for item in ready:
            for follower in followers.get(item.id, ()):
                waiting[follower.id] -= 1
                if not waiting[follower.id]:
                    freed.append(follower)
        ready = freed
    stuck = next((item for item in found if item.id not in rounds), None)
    if stuck is not None:
        message = f"Circular dependency detected on resource: '{stuck.id}'"
        raise TemplateError(f"{message}. Please see https://aka.ms/arm-syntax-resources for usage details")
    return sorted(found, key=lambda item: rounds[item.id])
