# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All calls of the gateways, each with a true answer, and with what must hold of whatever it concludes from any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    SCALE_SET,
    VIRTUAL_MACHINE,
    ResourceId,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._federated import (
    FederatedCredential,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._assignment import Assignment
from tests.unit.arm import said
from tests.unit.arm.given_answers import DEADLINE, ENDPOINT
from tests.unit.core import true_answers as true
from tests.unit.core import truths
from tests.unit.core.build import SUB, uai
from tests.unit.core.machines import VM
from tests.unit.core.readers import READERS

__all__ = ["CALLS", "LISTS", "Made"]

GROUP = f"/subscriptions/{SUB}/resourceGroups/rg"
SCOPE = Scope.parse(GROUP)
SET = ResourceId.parse(true.SET_USER["id"], SCALE_SET)
UAI = uai("b")
ROLE = true.ROLE["name"]
ASSIGNMENT = true.ASSIGNMENT["id"]
KNOWN = ["aaaaaaaa-0000-4000-8000-00000000000A", "bbbbbbbb-0000-4000-8000-000000000000"]
OTHER_GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/other"


@dataclass(frozen=True)
class Made:
    """How a call of a gateway is tried.

    :param call: makes it, given the gateways
    :param method: the HTTP method that it sends
    :param answers: true ones; the first is about what is asked for
    :param truth: takes what it has concluded and the JSON of an answer, and fails if that does not stand there
    :param fits: the statuses of a true answer
    :param unread: those of them whose answer's body nothing is concluded from, so that it may be empty or anything
    :param others: answers that are true, but about something else
    """

    call: Callable[[SimpleNamespace], Any]
    method: str
    answers: tuple[Any, ...]
    truth: Callable[[Any, Any], None]
    fits: tuple[int, ...] = (200,)
    unread: tuple[int, ...] = ()
    others: tuple[Any, ...] = ()


def _items(truth: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Of a list no item is left out, and none is made up."""

    def of_all(found: Any, answer: Any) -> None:
        assert len(found) == len(answer["value"])
        for one, item in zip(found, answer["value"], strict=True):
            truth(one, item)

    return of_all


def _of(name: str) -> tuple[Any, ...]:
    """A list with all true answers of a reader of the core, and one with none."""
    return {"value": list(READERS[name].answers)}, {"value": []}


# A VM of another group, and one of a group of that name in another subscription.
ELSEWHERE = (str(VM).replace("/rg/", "/rg2/"), str(VM).replace("1111-", "1112-"))
OTHER_VM = {**true.VM_BODY, "id": f"{VM}2"}
OTHER_IDENTITY = {**true.IDENTITY, "id": str(uai("a"))}
OTHER_ASSIGNMENT = {**true.ASSIGNMENT, "id": f"{ASSIGNMENT[:-1]}9"}
VMS = ({"value": [true.VM_BODY, true.BARE_VM]}, {"value": []})
WISH = Assignment.from_arm(true.ASSIGNMENT)
TRUST = FederatedCredential.from_arm(true.CREDENTIAL)
PUT = (200, 201)

CALLS = {
    "MachineIdentities.read": Made(
        lambda on: on.MachineIdentities.read(VM, DEADLINE),
        "GET",
        (true.VM_BODY, true.BARE_VM),
        said.reading,
        others=(OTHER_VM,),
    ),
    "MachineIdentities.write": Made(
        lambda on: on.MachineIdentities.write(VM, {"type": "None"}, '"1"', DEADLINE),
        "PATCH",
        (true.VM_BODY, true.BARE_VM),
        said.reading,
        fits=(200, 202),
        others=(OTHER_VM, {**true.VM_BODY, "type": SCALE_SET.type}),
    ),
    "MachineIdentities.operation": Made(
        lambda on: on.MachineIdentities.operation(f"{ENDPOINT}/operations/1", DEADLINE),
        "GET",
        (said.FAILED, {"status": "InProgress"}),
        said.operation,
        fits=(200, 202),
    ),
    "MachineIdentities.list_all": Made(
        lambda on: on.MachineIdentities.list_all(VIRTUAL_MACHINE, SUB, "rg", DEADLINE),
        "GET",
        VMS,
        _items(said.reading),
        others=tuple({"value": [{**true.BARE_VM, "id": text}]} for text in (str(SET), str(uai("a")), *ELSEWHERE)),
    ),
    "MachineIdentities.group_location": Made(
        lambda on: on.MachineIdentities.group_location(SUB, "rg", DEADLINE),
        "GET",
        (said.GROUP,),
        said.group_location,
        others=({**said.GROUP, "id": OTHER_GROUP}, {**said.GROUP, "id": GROUP.replace("1111-", "1112-")}),
    ),
    "MachineIdentities.instances": Made(
        lambda on: on.MachineIdentities.instances(SET, DEADLINE),
        "GET",
        ({"value": said.INSTANCES},),
        _items(said.instance),
    ),
    "MachineIdentities.upgrade": Made(
        lambda on: on.MachineIdentities.upgrade(SET, ["1"], DEADLINE),
        "POST",
        ({},),
        said.nothing_of(SET),
        fits=(200, 202),
        unread=(200, 202),
    ),
    "MachineIdentities.subscriptions": Made(
        lambda on: on.MachineIdentities.subscriptions(DEADLINE),
        "GET",
        ({"value": [said.SUBSCRIPTION]},),
        _items(said.subscription),
    ),
    "UserAssignedIdentities.read": Made(
        lambda on: on.UserAssignedIdentities.read(UAI, DEADLINE),
        "GET",
        (true.IDENTITY,),
        truths.user_assigned,
        others=(OTHER_IDENTITY,),
    ),
    "UserAssignedIdentities.put": Made(
        lambda on: on.UserAssignedIdentities.put(UAI, {}, DEADLINE),
        "PUT",
        (true.IDENTITY,),
        truths.user_assigned,
        fits=PUT,
        others=(OTHER_IDENTITY,),
    ),
    "UserAssignedIdentities.patch": Made(
        lambda on: on.UserAssignedIdentities.patch(UAI, {}, DEADLINE),
        "PATCH",
        (true.IDENTITY,),
        truths.user_assigned,
        others=(OTHER_IDENTITY,),
    ),
    "UserAssignedIdentities.delete": Made(
        lambda on: on.UserAssignedIdentities.delete(UAI, DEADLINE),
        "DELETE",
        (None,),
        said.was_there,
        (200, 204),
        (204,),
    ),
    "UserAssignedIdentities.list_all": Made(
        lambda on: on.UserAssignedIdentities.list_all(SUB, None, DEADLINE),
        "GET",
        _of("UserAssigned.from_arm"),
        _items(truths.user_assigned),
    ),
    "UserAssignedIdentities.users": Made(
        lambda on: on.UserAssignedIdentities.users(UAI, DEADLINE),
        "POST",
        _of("IdentityHolder.from_list"),
        _items(truths.user),
    ),
    "UserAssignedIdentities.credentials": Made(
        lambda on: on.UserAssignedIdentities.credentials(UAI, DEADLINE),
        "GET",
        _of("FederatedCredential.from_arm"),
        _items(truths.credential),
    ),
    "UserAssignedIdentities.put_credential": Made(
        lambda on: on.UserAssignedIdentities.put_credential(UAI, TRUST, DEADLINE),
        "PUT",
        (true.CREDENTIAL,),
        truths.credential,
        fits=PUT,
        others=({**true.CREDENTIAL, "name": "two"},),
    ),
    "UserAssignedIdentities.delete_credential": Made(
        lambda on: on.UserAssignedIdentities.delete_credential(UAI, "one", DEADLINE),
        "DELETE",
        (None,),
        said.was_there,
        (200, 204),
        (204,),
    ),
    "UserAssignedIdentities.look_up": Made(
        lambda on: on.UserAssignedIdentities.look_up(UAI, DEADLINE),
        "GET",
        (true.IDENTITY,),
        said.looked_up,
        others=(OTHER_IDENTITY,),
    ),
    "UserAssignedIdentities.system_client_id": Made(
        lambda on: on.UserAssignedIdentities.system_client_id(VM, DEADLINE), "GET", (said.SYSTEM,), said.client_id
    ),
    "Authorization.roles_named": Made(
        lambda on: on.Authorization.roles_named(SCOPE, "Reader", DEADLINE),
        "GET",
        _of("Role.from_arm"),
        _items(truths.role),
    ),
    "Authorization.role": Made(
        lambda on: on.Authorization.role(SCOPE, ROLE, DEADLINE),
        "GET",
        (true.ROLE,),
        truths.role,
        others=({**true.ROLE, "name": f"{ROLE[:-1]}0"},),
    ),
    "Authorization.assignment": Made(
        lambda on: on.Authorization.assignment(ASSIGNMENT, DEADLINE),
        "GET",
        (true.ASSIGNMENT,),
        truths.assignment,
        others=(OTHER_ASSIGNMENT,),
    ),
    "Authorization.assignments": Made(
        lambda on: on.Authorization.assignments(SCOPE, None, DEADLINE),
        "GET",
        _of("Assignment.from_arm"),
        _items(truths.assignment),
    ),
    "Authorization.put_assignment": Made(
        lambda on: on.Authorization.put_assignment(WISH, DEADLINE),
        "PUT",
        (true.ASSIGNMENT,),
        truths.assignment,
        fits=PUT,
        others=(OTHER_ASSIGNMENT,),
    ),
    "Authorization.delete_assignment": Made(
        lambda on: on.Authorization.delete_assignment(ASSIGNMENT, DEADLINE),
        "DELETE",
        (true.ASSIGNMENT,),
        said.was_there,
        (200, 204),
        (204,),
        others=(OTHER_ASSIGNMENT,),
    ),
    "Authorization.permissions": Made(
        lambda on: on.Authorization.permissions(SCOPE, DEADLINE),
        "GET",
        _of("read_permission"),
        _items(truths.permission),
    ),
    "Authorization.locks": Made(
        lambda on: on.Authorization.locks(SCOPE, DEADLINE), "GET", _of("read_lock"), _items(truths.lock)
    ),
    "Vms.read": Made(
        lambda on: on.Vms.read(VM, DEADLINE),
        "GET",
        (true.VM_BODY, true.BARE_VM),
        said.machine,
        others=(OTHER_VM,),
    ),
    "Vms.create": Made(
        lambda on: on.Vms.create(VM, {}, DEADLINE),
        "PUT",
        (true.VM_BODY, true.BARE_VM),
        said.machine,
        fits=PUT,
        others=(OTHER_VM,),
    ),
    "Vms.delete": Made(
        lambda on: on.Vms.delete(VM, DEADLINE),
        "DELETE",
        ({},),
        said.nothing_of(VM),
        (200, 202, 204),
        (200, 202, 204),
    ),
    "Directory.known": Made(
        lambda on: on.Directory.known(KNOWN, DEADLINE),
        "POST",
        ({"value": [{"id": KNOWN[0].upper()}]}, {"value": []}),
        said.known_of(KNOWN),
        others=({"value": [{"id": KNOWN[0]}, {"id": KNOWN[0].replace("0A", "0B")}]},),
    ),
}
"""By the name of the method."""

LISTS = {name: made for name, made in CALLS.items() if isinstance((made.answers[0] or {}).get("value"), list)}
