# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An identity is made, changed, or found in use and kept; no user of it is overlooked, nothing done goes unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ConnectionFailed,
    ManagedIdentityError,
    WaitTimedOut,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import SCALE_SET, VIRTUAL_MACHINE
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._user_assigned import Wish
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.identities._provide import provide
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.identities._retire import Retired, retire
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.identities._usage import find_users
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.machines._outcome import Options
from tests.unit.core.build import on_vm
from tests.unit.engine.fake import FakeClock
from tests.unit.engine.fake_identities import (
    ID,
    OTHER_SUB,
    FakeIdentities,
    FakeMachines,
    body,
    listed,
    machine,
    scale_set,
)

HERE, FAR = machine("here"), machine("far", OTHER_SUB)
SITE = "microsoft.web/sites"
DENIED = arm_error("no", status=403, code="AuthorizationFailed", call="GET", target="x")
BUSY = arm_error("later", status=503, code="ServiceUnavailable")


async def made(identities: FakeIdentities, wish: Wish, *, check: bool = False, clock: FakeClock | None = None) -> Any:
    machines: Any = FakeMachines({})
    deadline = (clock or FakeClock()).deadline()
    return await provide(machines, identities, ID, wish, check=check, deadline=deadline), machines.log


async def test_a_creation_without_a_location_reads_the_group_and_others_do_not() -> None:
    identities = FakeIdentities(None)
    said, log = await made(identities, Wish(tags={"a": "b"}))
    assert (said.error, said.changed, said.first) == (None, True, None)
    assert (identities.log, log) == (["GET", "PUT"], ["GROUP"])
    assert identities.bodies == [{"location": "northeurope", "tags": {"a": "b"}}]
    assert said.last.principal_id == "p"
    for there, wish in ((None, Wish("eastus")), (body(), Wish()), (body(), Wish(tags={"a": "b"}))):
        assert (await made(FakeIdentities(there), wish))[1] == []


async def test_check_mode_writes_nothing() -> None:
    identities = FakeIdentities(None)
    said, log = await made(identities, Wish(), check=True)
    assert (said.changed, identities.log, log) == (True, ["GET"], ["GROUP"])
    assert (said.last.location, said.last.principal_id) == ("northeurope", None)
    assert (await made(FakeIdentities(body()), Wish(), check=True))[0].changed is False


async def test_a_write_in_doubt_is_looked_at_before_it_is_made_again() -> None:
    def lost(identities: FakeIdentities) -> None:
        identities.there = body(location="eastus", tags={"a": "b"})
        raise ConnectionFailed("broken", sent=True)

    clock = FakeClock()
    identities = FakeIdentities(None, events=(lost,))
    said, _log = await made(identities, Wish("eastus", {"a": "b"}), clock=clock)
    assert (said.error, said.changed, identities.log) == (None, True, ["GET", "PUT", "GET"])
    assert clock.slept[0] >= 2

    identities = FakeIdentities(body(), events=(BUSY, BUSY))
    said, _log = await made(identities, Wish(tags={"a": "b"}))
    assert (said.changed, identities.log) == (True, ["GET", *["PATCH", "GET"] * 2, "PATCH"])


@pytest.mark.parametrize("error", [DENIED, ConnectionFailed("nobody there", sent=False)])
async def test_a_hopeless_write_is_not_made_again(error: ManagedIdentityError) -> None:
    identities = FakeIdentities(None, events=(error,))
    said, _log = await made(identities, Wish("eastus"))
    assert (said.error, said.changed, identities.log) == (error, False, ["GET", "PUT"])


async def test_a_write_fails_after_some_tries() -> None:
    identities = FakeIdentities(None, events=(BUSY,) * 9)
    said, _log = await made(identities, Wish("eastus"))
    assert (said.error, said.changed, identities.log.count("PUT")) == (BUSY, False, 6)


async def test_a_success_that_is_none_is_an_error() -> None:
    identities = FakeIdentities(body())
    identities.ignores = True
    said, _log = await made(identities, Wish(tags={"a": "b"}))
    assert "still is not as desired" in str(said.error)
    identities = FakeIdentities(None)
    identities.knows_isolation = False
    said, _log = await made(identities, Wish("eastus", isolation_scope="Regional"))
    assert (str(said.error).count("does not know isolation scopes"), identities.log) == (1, ["GET"])


async def usage(identities: FakeIdentities, machines: Any) -> Any:
    return await find_users(machines, identities, ID, FakeClock().deadline())


@pytest.mark.parametrize(
    ("has", "in_list", "expected"),
    [
        ({}, [], []),
        ({HERE: on_vm("A", "b")}, [], ["here"]),  # given a second ago
        ({HERE: on_vm("b")}, [HERE], []),  # taken away a second ago
        ({HERE: on_vm("a")}, [HERE], ["here"]),
        ({scale_set("set"): on_vm("a"), scale_set("no"): on_vm()}, [], ["set"]),
        ({FAR: on_vm("a")}, [FAR], ["far"]),
        ({FAR: on_vm("b", system=True)}, [FAR], []),
        ({}, [FAR, HERE], []),  # deleted a second ago
        ({}, [SITE], ["x"]),
        ({HERE: on_vm("a")}, [SITE, FAR, "microsoft.containerservice/managedclusters"], ["here", "x", "x"]),
    ],
)
async def test_who_uses_it(has: dict[Any, Any], in_list: list[Any], expected: list[str]) -> None:
    found = await usage(FakeIdentities(body(), users=map(listed, in_list)), FakeMachines(has))
    assert sorted(user.name for user in found.users) == expected
    assert not found.unknown


async def test_machines_of_the_subscription_are_read_by_the_list_alone() -> None:
    machines = FakeMachines({HERE: on_vm("a"), FAR: on_vm("a")})
    await usage(FakeIdentities(body(), users=[listed(HERE), listed(FAR)]), machines)
    assert machines.log == ["LIST virtual machine", "LIST scale set", "GET far"]


async def test_a_listed_machine_that_cannot_be_read_counts() -> None:
    machines = FakeMachines({FAR: on_vm(), HERE: on_vm()})
    machines.unreadable, machines.invisible = {"far": DENIED, "here": BUSY}, {"here"}
    found = await usage(FakeIdentities(body(), users=[listed(FAR), listed(HERE)]), machines)
    assert [user.name for user in found.users] == ["here", "far"]
    assert list(found.unread.values()) == [BUSY, DENIED] or list(found.unread.values()) == [DENIED, BUSY]


async def test_what_cannot_be_listed_is_unknown_and_the_rest_is_found_all_the_same() -> None:
    machines = FakeMachines({HERE: on_vm("a"), scale_set("set"): on_vm("a")})
    machines.unlisted = {VIRTUAL_MACHINE: DENIED}
    found = await usage(FakeIdentities(body(), users=BUSY), machines)
    assert ([user.name for user in found.users], found.unknown) == (["set"], [DENIED, BUSY])


async def ended(
    identities: FakeIdentities, machines: Any, *, force: bool = False, detach: bool = False, check: bool = False
) -> Retired:
    options, deadline = Options(check=check), FakeClock().deadline()
    return await retire(machines, identities, ID, force=force, detach=detach, options=options, deadline=deadline)


async def test_one_that_nobody_uses() -> None:
    identities = FakeIdentities(body())
    said = await ended(identities, FakeMachines({HERE: on_vm("b")}))
    assert (said.error, said.deleted, said.users, identities.there) == (None, True, [], None)
    said = await ended(identities, FakeMachines({}))
    assert (said.before, said.deleted, said.users) == (None, False, None)
    assert identities.log == ["GET", "USERS", "DELETE", "GET"]


async def test_one_that_is_in_use() -> None:
    for check in (False, True):
        identities = FakeIdentities(body(), users=map(listed, [SITE]))
        said = await ended(identities, FakeMachines({HERE: on_vm("a")}), check=check)
        assert "in use by 2 resources: Microsoft.Compute/virtualMachines here in rg; microsoft.web" in str(said.error)
        assert (said.deleted, "DELETE" in identities.log) == (False, False)
        assert [user.name for user in said.users or ()] == ["here", "x"]


async def test_many_users_are_counted_and_some_are_named() -> None:
    machines = FakeMachines({machine(f"vm{number:03}"): on_vm("a") for number in range(30)})
    said = await ended(FakeIdentities(body()), machines)
    assert "in use by 30 resources: " in str(said.error)
    assert "vm019 in rg; and 10 more." in str(said.error)
    assert len(said.users or ()) == 30


@pytest.mark.parametrize("kind", [VIRTUAL_MACHINE, SCALE_SET, None])
@pytest.mark.parametrize("detach", [False, True])
async def test_what_cannot_be_known_fails_closed(kind: Any, detach: bool) -> None:
    known = scale_set("set") if kind is VIRTUAL_MACHINE else HERE
    identities, machines = FakeIdentities(body(), users=() if kind else BUSY), FakeMachines({known: on_vm("a")})
    machines.unlisted = {kind: BUSY} if kind else {}
    said = await ended(identities, machines, detach=detach)
    assert [user.name for user in said.users or ()] == [known.name]
    assert f"PATCH {known.name}" not in machines.log
    assert "It cannot be known who uses the identity" in str(said.error)
    assert said.error
    assert said.error.remedy.startswith("The identity was not deleted.")
    assert said.error.remedy.endswith("force: true deletes it whoever uses it.")
    assert (said.deleted, identities.there) == (False, body())
    said = await ended(identities, machines, detach=detach, force=True)
    assert (said.error, said.deleted) == (None, True)
    assert any("cannot be known" in one for one in said.warnings) is detach
    assert [user.name for user in said.detached] == ([known.name] if detach else [])


async def test_a_machine_that_cannot_be_read_after_its_write_may_have_been_changed() -> None:
    class Lost(FakeMachines):
        async def write(self, target: Any, patch: Any, etag: Any, deadline: Any) -> Any:
            await super().write(target, patch, etag, deadline)
            gone = ConnectionFailed("gone", sent=True, call="PATCH", target=str(target))
            self.unreadable[target.name] = gone
            raise gone

    machines = Lost({HERE: on_vm("a")})
    said = await ended(FakeIdentities(body()), machines, detach=True)
    assert machines.machines[HERE] == on_vm()
    assert (said.changed, said.deleted, said.detached) == (True, False, [])
    assert [user.name for user in said.perhaps] == ["here"]
    assert "is in use by" in str(said.error)


async def test_force_asks_nobody() -> None:
    identities, machines = FakeIdentities(body()), FakeMachines({HERE: on_vm("a")})
    said = await ended(identities, machines, force=True)
    assert (said.deleted, said.users, len(said.warnings)) == (True, None, 1)
    assert (identities.log, machines.log) == (["GET", "DELETE"], [])


async def test_detach() -> None:
    has = {HERE: on_vm("a", "b"), FAR: on_vm("a"), scale_set("set"): on_vm("a", system=True), machine("no"): on_vm("b")}
    identities, machines = FakeIdentities(body(), users=[listed(FAR)]), FakeMachines(has)
    planned = await ended(identities, machines, detach=True, check=True)
    assert (machines.machines, identities.there) == (has, body())
    said = await ended(identities, machines, detach=True)
    for one in (planned, said):
        assert (one.error, one.deleted, one.users) == (None, True, [])
        assert [user.name for user in one.detached] == ["here", "set", "far"]
        assert sum("upgrade policy of the scale set is Manual" in warning for warning in one.warnings) == 1
    assert planned.warnings == said.warnings
    after = {target.name: [item.id.name for item in found.user] for target, found in machines.machines.items()}
    assert after == {"here": ["id-b"], "far": [], "set": [], "no": ["id-b"]}
    assert machines.machines[scale_set("set")].system


@pytest.mark.parametrize("force", [False, True])
async def test_what_cannot_be_detached(force: bool) -> None:
    machines = FakeMachines({HERE: on_vm("a"), machine("locked"): on_vm("a")})
    machines.unwritable = {"locked": arm_error("a lock", status=409, code="ScopeLocked", call="PATCH", target="locked")}
    identities = FakeIdentities(body(), users=[listed(SITE)])
    said = await ended(identities, machines, detach=True, force=force)
    assert [user.name for user in said.detached] == ["here"]
    assert [user.name for user in said.users or ()] == ["locked", "x"]
    assert (said.deleted, identities.there is None) == (force, force)
    told = said.warnings[-1] if force else str(said.error)
    assert (
        "in use by 2 resources: Microsoft.Compute/virtualMachines locked in rg (PATCH locked: 409 ScopeLocked:" in told
    )
    assert "x in rg (it is no virtual machine and no scale set)" in told


async def test_a_machine_that_loses_the_identity_or_is_deleted_meanwhile_is_no_user() -> None:
    class Moving(FakeMachines):
        async def read(self, target: Any, deadline: Any) -> Any:
            self.machines = {machine("other"): on_vm()}
            return await super().read(target, deadline)

    said = await ended(FakeIdentities(body()), Moving({machine("other"): on_vm("a"), HERE: on_vm("a")}), detach=True)
    assert (said.error, said.deleted, said.users, said.detached) == (None, True, [], [])


async def test_a_machine_that_others_changed_still_has_the_identity() -> None:
    class Contested(FakeMachines):
        async def write(self, target: Any, *_arguments: Any) -> Any:
            self.machines[target] = on_vm("a", "c")
            raise WaitTimedOut("too late")

    said = await ended(FakeIdentities(body()), Contested({HERE: on_vm("a")}), detach=True)
    assert "here in rg (too late)" in str(said.error)
    assert (said.deleted, said.detached, [user.name for user in said.users or ()]) == (False, [], ["here"])


async def test_a_deletion_in_doubt_is_made_again_and_a_refused_one_is_told() -> None:
    identities = FakeIdentities(body(), events=(BUSY, ConnectionFailed("broken", sent=True)))
    assert (await ended(identities, FakeMachines({}))).deleted
    assert identities.log.count("DELETE") == 3
    identities = FakeIdentities(body(), events=(DENIED,))
    said = await ended(identities, FakeMachines({HERE: on_vm("a")}), detach=True)
    assert (said.error, said.deleted, [user.name for user in said.detached]) == (DENIED, False, ["here"])
