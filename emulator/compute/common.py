# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Compute does alike with VMs and scale sets: find, show, list, merge a body, delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ..cloud.model import Holder
from ..request.call import Call
from ..rights import rbac
from ..wire.answers import Answer
from ..wire.bodies import mapping
from ..wire.errors import ArmError, precondition_failed, resource_not_found
from ..wire.versions import has_etag, takes_conditions
from . import operations
from .settling import preempt
from .vm_view import holder_list, holder_text

__all__ = ["changed_body", "check_new", "delete", "find", "listing", "named", "shown", "wants_view"]

H = TypeVar("H", bound=Holder)


def named(call: Call, items: Mapping[str, H]) -> H | None:
    """Return what a request's path names, or what the path's child hangs on; None if it is not there."""
    return items.get("/".join(call.path.resource_id.split("/")[:9]).lower())


def find(call: Call, items: Mapping[str, H], kind: type[H]) -> H:
    """Return what a request's path names; raises ArmError 404."""
    holder = named(call, items)
    if holder is None:
        raise resource_not_found(kind.kind, call.path.names[0], call.path.group)
    return holder


def shown(
    call: Call, holder: Holder, status: int, headers: Mapping[str, str], view: dict[str, Any] | None = None
) -> Answer:
    """Return a VM or scale set as an answer; `view` is its instance view."""
    found = dict(headers)
    if has_etag(call.version):
        found["ETag"] = f'"{holder.etag}"'
    return Answer(status, holder_text(holder, call.version, view).encode(), found)


def wants_view(call: Call, *allowed: str) -> bool:
    """Tell whether `$expand` asks for the instance view; raises ArmError 400 for what it cannot ask for.

    User data, which is in the properties anyway, can be asked for where nothing else is said.
    """
    text, known = call.option("$expand"), allowed or ("instanceView", "userData")
    if text and text.lower() not in map(str.lower, known):
        # In the form of Compute's other refusals of a parameter.
        values = ", ".join(known)
        message = f"The value '{text}' of parameter '$expand' is not allowed. Allowed values are: {values}."
        extra = {"target": "$expand"}
        raise ArmError(400, "InvalidParameter", message, gateway=False, pretty=True, extra=extra)
    return text.lower() == "instanceview"


def listing(
    call: Call,
    items: Sequence[tuple[str, H]],
    headers: Mapping[str, str],
    view: Callable[[H], dict[str, Any]] | None = None,
) -> Answer:
    """List those that the caller may read, page by page; `view` makes the instance view of each."""
    readable = [(key, item) for key, item in items if rbac.allowed(call.caller, f"{item.kind}/read", item.id)]
    page, link = call.page(readable)
    texts = [holder_text(item, call.version, view(item) if view else None) for item in page]
    return Answer(200, holder_list(texts, link), dict(headers))


def changed_body(holder: Holder, body: dict[str, Any], also: Sequence[str] = ()) -> dict[str, Any]:
    """Return the body after a write: properties, and what `also` names, are merged, tags are replaced."""
    changed = dict(holder.body)
    if body.get("tags") is not None:
        changed["tags"] = mapping(body, "tags")
    for name in also:
        if body.get(name) is not None:
            changed[name] = _merged(changed.get(name) or {}, mapping(body, name))
    changed["properties"] = _merged(holder.body["properties"], mapping(body, "properties"))
    changed["properties"].pop("provisioningState", None)
    return changed


def check_new(call: Call, body: dict[str, Any]) -> str:
    """Return the location for a new resource; raises ArmError 400 without one, 412 for a condition on what is not."""
    location = body.get("location")
    if not isinstance(location, str):
        raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
    if "If-Match" in call.headers and takes_conditions(call.version):
        raise precondition_failed(call.headers["If-Match"], 0)
    return location


def delete(call: Call, items: Mapping[str, H], headers: Mapping[str, str]) -> Answer:
    """DELETE: 202 with an operation, the running one if it is being deleted already; 204 if it is not there."""
    holder = named(call, items)
    if holder is None:
        return Answer(204)
    operation = next((item for item in holder.pending if item.kind == "delete"), None)
    if operation is None:
        preempt(call.store, holder, call.now)
        operation = operations.begin(call, holder, "delete")
    return Answer(202, b"", {**headers, **operations.headers(call, operation, location=True)})


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in new.items():
        both = isinstance(value, dict) and isinstance(old.get(name), dict)
        merged[name] = _merged(old[name], value) if both else value
    return merged
