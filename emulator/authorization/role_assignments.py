# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Authorization/roleAssignments at any scope: create, update, read, list, delete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..base.moments import is_guid, moment
from ..cloud.access_model import RoleAssignment
from ..request.call import Call, mapping
from ..rights.directory import find_role, principal_kind
from ..rights.scopes import above
from ..wire.answers import Answer, json_answer
from ..wire.errors import invalid_content
from ..wire.odata import Term, parse_filter
from . import errors as access_errors
from .existing import check_exists
from .role_definitions import shown_id

__all__ = ["delete_assignment", "get_assignment", "list_assignments", "put_assignment"]

_KINDS = ("User", "Group", "ServicePrincipal", "ForeignGroup", "Device")
_FILTERS = (("atscope", True, 0), ("assignedto", True, 1), ("principalid", False, 1))


def get_assignment(call: Call) -> Answer:
    """GET of one; raises ArmError 404."""
    found = call.store.assignments.get(call.path.resource_id)
    if found is None:
        raise access_errors.assignment_not_found(call.path.name)
    return json_answer(200, _shown(call, found))


def list_assignments(call: Call) -> Answer:
    """List those at, above and below a scope, page by page.

    `$filter`: atScope() leaves out those below, assignedTo('ID') and principalId eq 'ID' those of other principals.
    """
    text = call.option("$filter")
    terms = parse_filter(text)
    if terms is None or not all((term.name, term.call, len(term.arguments)) in _FILTERS for term in terms):
        raise access_errors.unsupported_filter(text)
    items = sorted((item.id.lower(), item) for item in call.store.assignments if _listed(call, item, terms))
    page, link = call.page(items)
    body: dict[str, Any] = {"value": [_shown(call, item) for item in page]}
    return json_answer(200, {**body, "nextLink": link} if link else body)


def put_assignment(call: Call) -> Answer:
    """PUT: 201 for a new or changed one, 200 for one that is so already; raises ArmError 400, 404 and 409.

    As recorded, the answer of a write has no creator; reading has it.
    """
    name = call.path.name
    if not is_guid(name):
        raise access_errors.not_a_guid("role assignment", name)
    check_exists(call)
    given = _read(call, mapping(call.json(), "properties"))
    old = call.store.assignments.named(name)
    if old is not None:
        if _what(old) != _what(given):
            raise access_errors.update_not_permitted()
        given.created, given.created_by, given.since = old.created, old.created_by, old.since
        if _terms(old) == _terms(given):
            return json_answer(200, _shown(call, old))
        call.store.assignments.drop(old)
    elif any(_what(item) == _what(given) for item in call.store.assignments.of(given.principal)):
        raise access_errors.assignment_exists()
    call.store.assignments.put(given)
    return json_answer(201, _shown(call, given, creator=None))


def delete_assignment(call: Call) -> Answer:
    """DELETE: 200 with what was deleted, 204 if there was nothing."""
    found = call.store.assignments.get(call.path.resource_id)
    if found is None:
        return Answer(204)
    call.store.assignments.drop(found)
    return json_answer(200, _shown(call, found))


def _read(call: Call, properties: dict[str, Any]) -> RoleAssignment:
    role, principal = properties.get("roleDefinitionId"), properties.get("principalId")
    if not isinstance(role, str) or not isinstance(principal, str):
        raise access_errors.bad_format()
    definition = find_role(call.store, role)
    if definition is None or definition.id != role.rpartition("/")[2].lower():
        raise access_errors.role_not_found(role.rpartition("/")[2], 400)
    now, author = moment(call.clock.date()), call.caller.object_id
    return RoleAssignment(
        name=call.path.name,
        scope=call.path.scope or "/",
        role=definition.id,
        principal=principal,
        # Older api-versions do not know the type of a principal: the directory is always asked.
        kind=_kind(call, properties.get("principalType") if call.version >= "2018-09" else None, principal),
        created=now,
        updated=now,
        created_by=author,
        updated_by=author,
        since=call.now + call.settings.propagation_seconds,
        condition=_text(properties, "condition"),
        condition_version=_text(properties, "conditionVersion"),
        delegated=_text(properties, "delegatedManagedIdentityResourceId"),
        description=_text(properties, "description"),
    )


def _kind(call: Call, given: object, principal: str) -> str:
    """Return the type of a principal: the given one, else the directory's, which has to know the principal."""
    if given is not None and given not in _KINDS:
        raise invalid_content(f"Error converting value '{given}'. Path 'properties.principalType'")
    tenant, latest = call.caller.tenant, call.now - call.settings.replication_seconds
    actual = principal_kind(call.store, principal, tenant, before=latest)
    if not actual and not is_guid(principal):
        raise access_errors.principal_not_valid(principal)
    if given is None and not actual:
        raise access_errors.principal_not_found(principal, tenant)
    if given is not None and actual and actual != given:
        raise access_errors.unmatched_kind(principal, actual, str(given))
    return str(given or actual)


def _text(properties: dict[str, Any], name: str) -> str | None:
    value = properties.get(name)
    if not isinstance(value, (str, type(None))):
        raise invalid_content(f"Error converting value to a text. Path 'properties.{name}'")
    return value


def _what(item: RoleAssignment) -> tuple[str, str, str]:
    """Return what cannot be changed."""
    return item.scope.lower(), item.role, item.principal.lower()


def _terms(item: RoleAssignment) -> tuple[str | None, ...]:
    """Return what can be changed."""
    return item.kind, item.condition, item.condition_version, item.delegated, item.description


def _listed(call: Call, item: RoleAssignment, terms: Sequence[Term]) -> bool:
    for term in terms:
        if term.arguments and term.arguments[0].lower() != item.principal.lower():
            return False
    here = call.path.scope or "/"
    if above(call.store, item.scope, here):
        return True
    return all(term.name != "atscope" for term in terms) and above(call.store, here, item.scope)


_CREATOR: Any = object()


def _shown(call: Call, item: RoleAssignment, creator: Any = _CREATOR) -> dict[str, Any]:
    properties = {
        "roleDefinitionId": shown_id(call, item.role),
        "principalId": item.principal,
        "principalType": item.kind,
        "scope": item.scope,
        "condition": item.condition,
        "conditionVersion": item.condition_version,
        "createdOn": item.created,
        "updatedOn": item.updated,
        "createdBy": item.created_by if creator is _CREATOR else creator,
        "updatedBy": item.updated_by,
        "delegatedManagedIdentityResourceId": item.delegated,
        "description": item.description,
    }
    kind = "Microsoft.Authorization/roleAssignments"
    return {"properties": properties, "id": item.id, "type": kind, "name": item.name}
