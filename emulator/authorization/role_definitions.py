# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Authorization/roleDefinitions: the built-in roles, and custom ones."""

from __future__ import annotations

from typing import Any

from ..base.moments import is_guid, moment
from ..cloud.access_model import RoleDefinition
from ..request.call import Call, mapping
from ..rights.builtin_roles import BUILT_IN, find_built_in
from ..rights.scopes import above
from ..wire.answers import Answer, json_answer
from ..wire.odata import Term, parse_filter
from .errors import bad_format, not_a_guid, role_in_use, role_name_taken, role_not_found, unsupported_filter

__all__ = ["delete_role", "get_role", "list_roles", "put_role", "shown_id"]

_LISTS = ("actions", "notActions", "dataActions", "notDataActions")


def get_role(call: Call) -> Answer:
    """GET of a role in any scope; raises ArmError 404."""
    name = call.path.name.lower()
    found = call.store.roles.get(name) or find_built_in(name)
    if found is None or found.id != name:
        raise role_not_found(call.path.name)
    return json_answer(200, _shown(call, found))


def list_roles(call: Call) -> Answer:
    """List the roles that can be assigned at a scope; `$filter` takes atScopeAndBelow(), roleName and type."""
    text = call.option("$filter")
    terms = parse_filter(text)
    if terms is None or not all(_known(term) for term in terms):
        raise unsupported_filter(text)
    below = any(term.name == "atscopeandbelow" for term in terms)
    roles = [
        role
        for role in (*BUILT_IN, *sorted(call.store.roles.values()))
        if _visible(call, role, below=below) and all(_matches(role, term) for term in terms)
    ]
    return json_answer(200, {"value": [_shown(call, role) for role in roles]})


def put_role(call: Call) -> Answer:
    """PUT of a custom role: 201, new or not; raises ArmError 400 and 409."""
    name = call.path.name.lower()
    if not is_guid(name):
        raise not_a_guid("role definition", call.path.name)
    properties = mapping(call.json(), "properties")
    title, scopes = properties.get("roleName"), properties.get("assignableScopes")
    if find_built_in(name) is not None or not isinstance(title, str) or not title or not _texts(scopes) or not scopes:
        raise bad_format()
    others = [role for role in (*BUILT_IN, *call.store.roles.values()) if role.id != name]
    if any(role.name.lower() == title.lower() for role in others):
        raise role_name_taken()
    old = call.store.roles.get(name)
    role = RoleDefinition(
        name,
        title,
        str(properties.get("description") or ""),
        (),
        scopes=tuple(scopes),
        built_in=False,
        created=old.created if old else moment(call.clock.date()),
        updated=moment(call.clock.date()),
        author=call.caller.object_id,
    )._replace(**_permissions(properties.get("permissions")))
    call.store.roles[name] = role
    return json_answer(201, _shown(call, role))


def delete_role(call: Call) -> Answer:
    """DELETE of a custom role: 200 with the role, 204 if there is none; raises ArmError 400."""
    name = call.path.name.lower()
    if find_built_in(name) is not None:
        raise bad_format()
    role = call.store.roles.get(name)
    if role is None:
        return Answer(204)
    if any(assignment.role == name for assignment in call.store.assignments):
        raise role_in_use()
    del call.store.roles[name]
    return json_answer(200, _shown(call, role))


def shown_id(call: Call, role: str) -> str:
    """Return the ID of a role as a request sees it: in the subscription of its path, or in the tenant."""
    prefix = f"/subscriptions/{call.path.subscription}" if call.path.subscription else ""
    return f"{prefix}/providers/Microsoft.Authorization/roleDefinitions/{role}"


def _shown(call: Call, role: RoleDefinition) -> dict[str, Any]:
    permission = dict(zip(_LISTS, map(list, role[3:7]), strict=True))
    properties = {
        "roleName": role.name,
        "type": "BuiltInRole" if role.built_in else "CustomRole",
        "description": role.description,
        "assignableScopes": list(role.scopes),
        "permissions": [permission],
        "createdOn": role.created,
        "updatedOn": role.updated,
        "createdBy": role.author,
        "updatedBy": role.author,
    }
    kind = "Microsoft.Authorization/roleDefinitions"
    return {"properties": properties, "id": shown_id(call, role.id), "type": kind, "name": role.id}


def _known(term: Term) -> bool:
    return term.name == "atscopeandbelow" if term.call else term.name in ("rolename", "type")


def _matches(role: RoleDefinition, term: Term) -> bool:
    if term.call:
        return True
    actual = role.name if term.name == "rolename" else ("BuiltInRole" if role.built_in else "CustomRole")
    return actual.lower() == term.arguments[0].lower()


def _visible(call: Call, role: RoleDefinition, *, below: bool) -> bool:
    here = call.path.scope or "/"
    at = any(above(call.store, scope, here) for scope in role.scopes)
    return at or (below and any(above(call.store, here, scope) for scope in role.scopes))


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _permissions(value: object) -> dict[str, Any]:
    """Return the four lists of a role by their fields, each joined over all permissions; raises ArmError 400."""
    entries: list[Any] = value if isinstance(value, list) else []
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        raise bad_format()
    found = {}
    for name, field in zip(_LISTS, RoleDefinition._fields[3:7], strict=True):
        lists = [entry.get(name) or [] for entry in entries]
        if not all(_texts(items) for items in lists):
            raise bad_format()
        found[field] = tuple(item for items in lists for item in items)
    return found
