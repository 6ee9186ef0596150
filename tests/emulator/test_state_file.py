# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""State files are plain data: what fits comes back, what does not is refused with its place and left as it is."""

from __future__ import annotations

import copy
import json
import os
import re
import tempfile
import typing as t
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.base.fields import SeedError
from emulator.base.folder import FolderInUse
from emulator.cloud.model import Operation, Vm
from emulator.state import StateFile
from tests.emulator.cloud import GROUP, SUBSCRIPTION, TENANT, VM, A, Cloud
from tests.emulator.fuzz_specs import BODIES
from tests.emulator.templates import DEPLOYMENT, PASSWORD, VERSION, body, deploy, machine
from tests.support.emulator import refused_start

FLEET = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/fleet"
ROLE = f"{GROUP}/providers/Microsoft.Authorization/roleDefinitions/3f2e8d0c-5b7a-4c61-9d0e-6f1a2b3c4d5e"
READER = "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
LOADED = {
    "sku": {"name": "Standard_D2s_v5", "capacity": 3},
    "location": "westeurope",
    "properties": {"virtualMachineProfile": {}, "upgradePolicy": {"mode": "Manual"}},
}


def busy(directory: Path) -> Cloud:
    """Return a cloud that has something of everything, and operations that run."""
    cloud = Cloud(directory, operation_seconds=50)
    cloud.send("PUT", FLEET, LOADED)
    cloud.send(
        "PUT",
        f"{VM}/providers/Microsoft.Authorization/locks/l",
        {"properties": {"level": "CanNotDelete"}},
        version="2016-09-01",
    )
    properties: dict[str, t.Any] = {"roleName": "r", "permissions": [{"actions": ["*"]}], "assignableScopes": [GROUP]}
    cloud.send("PUT", ROLE, {"properties": properties}, version="2022-04-01")
    properties = {"roleDefinitionId": READER, "principalId": "main-object", "principalType": "ServicePrincipal"}
    name = "11111111-1111-4111-8111-111111111111"
    path = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{name}"
    assert cloud.send("PUT", path, {"properties": properties}, version="2022-04-01").status == 201
    trust = {"properties": {"issuer": "https://i", "subject": "s", "audiences": ["a"]}}
    cloud.send("PUT", f"{A}/federatedIdentityCredentials/fic", trust, version="2023-01-31")
    cloud.patch({"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {A: {}}}, status="never")
    assert deploy(cloud, *machine(), **PASSWORD).status == 201
    return cloud


def saved(cloud: Cloud) -> tuple[StateFile, Path]:
    """Save a cloud's state into a new folder; return the file as the emulator has it, and as everybody has it."""
    path = Path(tempfile.mkdtemp(prefix="state-", dir=cloud.directory)) / "cloud.json"
    state = StateFile(path)
    state.save(cloud.world)
    return state, path


def looked_at(cloud: Cloud) -> list[str]:
    """Return what clients see of the whole cloud."""
    lists = [f"/subscriptions/{SUBSCRIPTION}/resources", f"{GROUP}/providers/Microsoft.Resources/deployments"]
    views = [cloud.send("GET", path, version="2021-04-01").text for path in lists]
    for path, version in (
        (VM, "2024-07-01"),
        (FLEET, "2024-07-01"),
        (f"{FLEET}/virtualMachines", "2024-07-01"),
        (A, "2023-01-31"),
    ):
        views.append(cloud.send("GET", path, version=version).text)
    # The clock of these clouds stands still, and the real one, which dates hang on, does not.
    views = [re.sub(r'"(timestamp|trackingId)":"[^"]*"', "", view) for view in views]
    return [*views, str(cloud.world.store.operations.keys())]


def test_all_of_it_comes_back(tmp_path: Path) -> None:
    cloud = busy(tmp_path)
    state, _path = saved(cloud)
    again = Cloud(tmp_path, operation_seconds=50)
    state.load(again.world)
    assert looked_at(again) == looked_at(cloud)
    vm = again.world.store.vms[VM.lower()]
    operation = next(item for item in again.world.store.operations.values() if item.due == float("inf"))
    # One object wherever it is referred to, and of the class that it was.
    assert (type(vm), type(operation)) == (Vm, Operation)
    assert vm.pending[0] is operation
    assert operation.target is vm
    cloud.now += 60
    again.now += 60
    assert looked_at(again) == looked_at(cloud)
    assert again.send("GET", DEPLOYMENT, version=VERSION).json["properties"]["provisioningState"] == "Succeeded"


@given(
    st.lists(
        st.tuples(st.sampled_from([VM, A, FLEET, GROUP]), st.sampled_from(["PUT", "PATCH"]), st.sampled_from(BODIES)),
        max_size=4,
    )
)
def test_what_it_writes_it_reads(requests: list[tuple[str, str, t.Any]]) -> None:
    """Whatever clients have put into bodies."""
    with tempfile.TemporaryDirectory() as directory:
        cloud, again = Cloud(Path(directory)), Cloud(Path(directory))
        odd = {"tags": {"a": 1, "b": None}, "location": "x", "properties": {"x": [1.5, True, {"y": "\u00e9"}]}}
        for path, method, given_body in [*requests, (A, "PATCH", odd), (VM, "PATCH", odd), (GROUP, "PATCH", odd)]:
            version = {A: "2023-01-31", GROUP: "2022-09-01"}.get(path, "2024-07-01")
            cloud.send(method, path, given_body, version=version)
        state = StateFile(Path(directory) / "state")
        state.save(cloud.world)
        state.load(again.world)
        assert looked_at(again) == looked_at(cloud)


def changed(value: t.Any, *path: t.Any, to: t.Any = None, drop: bool = False) -> t.Any:
    """Return a copy of a JSON value with one place in it changed."""
    value = copy.deepcopy(value)
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    if drop:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return value


V = VM.lower()
G = GROUP.lower()
BROKEN: dict[str, tuple[tuple[t.Any, ...], t.Any, str]] = {
    "format": (("format",), 3, "must be a mapping with format 2"),
    "a part more": (("more",), 1, "must be a mapping with format 2"),
    "clock": (("clock",), "x", "clock must be a number, not 'x'"),
    "store": (("store",), [], "store must be a mapping"),
    "a field more": (("store", "evil"), 1, "store has an unknown 'evil'"),
    "a text": (("store", "groups", G, "name"), 5, f"store.groups['{G}'].name must be a text, not '5'"),
    "a truth": (("objects", 0, "etag"), True, "objects[0].etag must be a whole number, not 'True'"),
    "a class": (("objects", 0, "class"), "os.system", "objects must be a list of mappings whose class is one of"),
    "no class": (("objects", 0, "class"), ["Vm"], "objects must be a list of mappings whose class is one of"),
    "another class": (
        ("store", "operations", "x"),
        0,
        "store.operations['x'] must be the number of a Operation in objects",
    ),
    "a number": (("store", "vms", V), 999, f"store.vms['{V}'] must be the number of a Vm in objects, not 999"),
    "a negative one": (("store", "vms", V), -1, f"store.vms['{V}'] must be the number of a Vm in objects, not -1"),
    "a key": (("store", "vms", "/x"), 0, f"store.vms['/x'].id is '{VM}'"),
    "a body": (("objects", 0, "body"), {}, f"the body of {VM} needs 'tags'"),
    "no tenants": (("store", "tenants"), {}, "store needs at least one of 'tenants'"),
    "a tenant": (("store", "tenants", TENANT), {}, f"store.tenants['{TENANT}'] needs 'name'"),
    "another tenant": (("store", "subscriptions", SUBSCRIPTION, "tenant"), "x", "names a tenant or management group"),
    "no groups": (("store", "groups"), {}, "is in no resource group of the state"),
    "a pair": (("store", "directory", "x"), ["a"], "store.directory['x'] must be a list of 3"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_does_not_fit_is_named(tmp_path: Path, name: str) -> None:
    path, value, reason = BROKEN[name]
    cloud = Cloud(tmp_path)
    state, file = saved(cloud)
    plain = json.loads(file.read_text())
    assert plain["objects"][0]["id"] == VM
    file.write_text(json.dumps(changed(plain, *path, to=value)))
    before, text = cloud.world.store, file.read_text()
    with pytest.raises(SeedError) as caught:
        state.load(cloud.world)
    assert reason in str(caught.value)
    assert f"{file} is not a state of this emulator, and is left as it is: " in str(caught.value)
    assert cloud.world.store is before
    assert file.read_text() == text


def places(value: t.Any, path: tuple[t.Any, ...] = ()) -> t.Iterator[tuple[t.Any, ...]]:
    """Yield every place in a JSON value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield (*path, key)
        yield from places(item, (*path, key))


def test_any_change_is_refused_or_harmless(tmp_path: Path) -> None:
    """Nothing but a SeedError, whatever is in the file."""
    state, file = saved(busy(tmp_path))
    plain = json.loads(file.read_text())
    everywhere = list(places(plain))
    cloud = Cloud(tmp_path)
    taken = everywhere[:: max(1, len(everywhere) // 40)]
    for place in taken:
        for value in (None, -1, [[1]], {"py/object": "os.system"}):
            file.write_text(json.dumps(changed(plain, *place, to=value)))
            before, refusal = cloud.world.store, ""
            try:
                state.load(cloud.world)
            except SeedError as error:
                refusal = str(error)
            assert refusal.startswith(f"{file} is not a state of this emulator, and is left as it is: " * bool(refusal))
            assert (cloud.world.store is before) is bool(refusal)


MAKES = {"py/reduce": [{"py/function": "os.mkdir"}, {"py/tuple": ["made"]}]}
JSONPICKLE = {"format": 1, "clock": 1.0, "store": {"py/object": "emulator.cloud.store.Store", "py/state": {}}}
FOREIGN: dict[str, tuple[bytes, str]] = {
    "of an older emulator": (json.dumps(JSONPICKLE).encode(), "an older emulator has written it (format 1)"),
    "that makes objects": (
        json.dumps({"format": 2, "clock": 1, "objects": [MAKES], "store": MAKES}).encode(),
        "objects must be a list",
    ),
    "half": (b'{"format": 2, "clo', "it is not JSON"),
    "empty": (b"", "it is not JSON"),
    "no text": (b"\xff\xfe\x00", "it is not JSON"),
    "deep": (b"[" * 100_000, "it is not JSON: it is nested too deep"),
    "twice": (b'{"format": 2, "format": 2}', "the name 'format' twice"),
    "a playbook": (b"- hosts: all\n", "it is not JSON"),
    "other JSON": (b'{"version": 4, "resources": []}', "must be a mapping with format 2"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_of_something_else(tmp_path: Path, name: str) -> None:
    content, reason = FOREIGN[name]
    file = tmp_path / "state"
    file.write_bytes(content)
    cloud = Cloud(tmp_path)
    with pytest.raises(SeedError) as caught:
        StateFile(file).load(cloud.world)
    assert reason in str(caught.value)
    assert file.read_bytes() == content
    assert not (tmp_path / "made").exists()


def test_it_does_not_start_with_a_file_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("my diary")
    code, text = refused_start("--out", str(tmp_path / "out"), "--state", str(tmp_path / "state"))
    assert (code, "is left as it is" in text) == (2, True), text
    assert (tmp_path / "state").read_text() == "my diary"


def test_the_folder_is_tried_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "nowhere" / "state", tmp_path / "file" / "state"):
        code, text = refused_start("--out", str(tmp_path / "out"), "--state", str(place))
        assert (code, text.startswith(f"emulator: cannot write {place.parent}/")) == (1, True), text
        assert not (tmp_path / "out" / "env.sh").exists()


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    """A pipe would never end."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "folder").mkdir()
    cloud = Cloud(tmp_path)
    for name, reason in (("pipe", "is not a file"), ("folder", "is not a file"), ("link", "is a symbolic link")):
        with pytest.raises(SeedError, match=reason):
            StateFile(tmp_path / name).load(cloud.world)


def test_one_emulator_at_a_time_has_a_file(tmp_path: Path) -> None:
    first = StateFile(tmp_path / "state")
    with pytest.raises(FolderInUse, match=f"{tmp_path}/state is in use by another emulator"):
        StateFile(tmp_path / "state")
    assert first
    assert StateFile(tmp_path / "other")


def test_a_link_in_its_place_is_replaced(tmp_path: Path) -> None:
    """One that was put there after the start."""
    (tmp_path / "target").write_text("precious")
    state = StateFile(tmp_path / "state")
    (tmp_path / "state").symlink_to(tmp_path / "target")
    (tmp_path / "state.new").symlink_to(tmp_path / "target")
    state.save(Cloud(tmp_path).world)
    assert (tmp_path / "target").read_text() == "precious"
    assert not (tmp_path / "state").is_symlink()


def test_a_validated_template_leaves_nothing(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path)
    cloud.send("POST", f"{DEPLOYMENT}/validate", body(), version=VERSION)
    assert json.loads(saved(cloud)[1].read_text())["store"]["deployments"] == {}
