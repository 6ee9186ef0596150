# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conformance: what Azure answered, the emulator answers, over whole recorded sequences."""

from __future__ import annotations

import dataclasses
import re
import typing as t
from pathlib import Path

import pytest

from emulator import access_errors, errors, identity_errors
from emulator.answers import error_answer
from emulator.errors import ArmError
from emulator.model import Vm
from emulator.path import parse
from tests.emulator import recordings
from tests.emulator.cloud import Cloud
from tests.emulator.recordings import Exchange, Mapping

pytestmark = pytest.mark.skipif(
    not (recordings.FOLDER / "errors.jsonl").is_file(),
    reason=f"no recordings at {recordings.FOLDER} (set MANAGED_IDENTITY_RECORDINGS)",
)
SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
ANNOUNCING = ("azure-asyncoperation", "azure-asyncnotification", "location", "etag")
SERVED = re.compile(
    r"^/subscriptions/[^/]+(/resourcegroups/[^/?]+(/providers/Microsoft\.(Compute/virtualMachines|ManagedIdentity/"
    r"userAssignedIdentities)/[^/?]+(/listAssociatedResources|/federatedIdentityCredentials(/[^/?]+)?)?|"
    r"/providers/Microsoft.ManagedIdentity/userAssignedIdentities|/providers/Microsoft.Authorization/locks.*)?|"
    r"/providers/Microsoft\.Compute/locations/[^/]+/operations/[^/?]+)(\?|$)"
    # The words of the roles' descriptions are those since 2021.
    r"|/providers/Microsoft\.Authorization/(roleAssignments/[^/?]+\?|roleDefinitions\?.*api-version=2022)",
    re.IGNORECASE,
)


@dataclasses.dataclass
class Replay:
    """A cloud that is led through a recording."""

    cloud: Cloud
    mapping: Mapping = dataclasses.field(default_factory=Mapping)
    operations: dict[str, str] = dataclasses.field(default_factory=dict)

    def step(self, exchange: Exchange, body: t.Any = None) -> None:
        """Send a recorded request and compare the answers."""
        path = self._operation(exchange.path)
        if parse(path.partition("?")[0]).template == "group|microsoft.compute/virtualmachines/*":
            self._know_vm(exchange)
        ours = self.cloud.send(exchange.method, path, self.mapping.translate(exchange.body if body is None else body))
        where = f"{exchange.number} {exchange.method} {exchange.path[:200]}"
        assert ours.status == exchange.status, where
        for name in ANNOUNCING:
            assert (name in ours.headers) == (name in exchange.headers), f"{where}: {name}"
        if exchange.answer:
            expected_type = exchange.headers["content-type"].replace(" ", "")
            assert ours.headers["content-type"].replace(" ", "") == expected_type, where
            self.mapping.compare(shown(exchange.json), shown(ours.json))
            # Compute indents by two with CRLF, the others write one line.
            assert ours.text.startswith("{\r\n  ") == exchange.answer.startswith("{\r\n  "), where
        if "azure-asyncoperation" in exchange.headers:
            theirs, mine = exchange.headers["azure-asyncoperation"], ours.headers["azure-asyncoperation"]
            assert parse(ours_path(mine)).template == parse(ours_path(theirs)).template
            self.operations[parse(ours_path(theirs)).name] = mine

    def _operation(self, path: str) -> str:
        known = self.operations.get(parse(path.partition("?")[0]).name)
        return known or path

    def _know_vm(self, exchange: Exchange) -> None:
        """Make a VM, which a template made there, as its first answer shows it."""
        vm_id = exchange.path.partition("?")[0]
        if vm_id.lower() in self.cloud.world.store.vms or exchange.method != "GET":
            return
        body = self.mapping.translate(shown(exchange.json))
        rest = {key: body[key] for key in body if key not in ("id", "name", "type", "location", "identity", "etag")}
        rest["properties"].pop("provisioningState", None)
        group = vm_id.split("/")[4]
        vm = Vm(body["id"], body["name"], group, body["location"], rest, body.get("identity"))
        self.cloud.world.store.vms[vm_id.lower()] = vm
        group_id = vm_id.partition("/providers/")[0]
        if group_id.lower() not in self.cloud.world.store.groups:
            path = f"{group_id}?api-version=2022-09-01"
            self.cloud.send("PUT", path, {"location": body["location"]})


def ours_path(url: str) -> str:
    """Return the path of a URL."""
    return "/" + url.partition("://")[2].partition("/")[2].partition("?")[0]


def shown(body: t.Any) -> t.Any:
    """Return a body without what only the running machine can tell."""
    if not isinstance(body, dict) or "properties" not in body:
        return body
    return {**body, "properties": {key: value for key, value in body["properties"].items() if key != "instanceView"}}


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    """A cloud with nothing but the recordings' subscription."""
    return make(tmp_path, "54826b22-38d6-4fb2-bad9-b7b93a3e9c5a")


def make(tmp_path: Path, tenant: str) -> Replay:
    """Return a cloud with nothing but the recordings' subscription, in the given tenant."""
    seed = {
        "tenants": [{"id": tenant}],
        "subscriptions": [{"id": SUBSCRIPTION}],
        "callers": [{"name": "main", "secret": "s"}],
    }
    return Replay(Cloud(tmp_path, seed))


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("test_identity_management.yaml", 4),
        ("test_vm_explicit_msi@d8d2c2eef.yaml", 30),
        ("test_vm_msi@813da51a0.yaml", 19),
        ("test_federated_identity_credential.yaml", 11),
    ],
)
def test_cassette(replay: Replay, name: str, least: int) -> None:
    exchanges = [item for item in recordings.cassette(name) if SERVED.search(item.path)]
    assert len(exchanges) >= least
    for exchange in exchanges:
        if (
            exchange.method == "GET"
            and "/resourcegroups/" in exchange.path.lower()
            and "/providers/" not in exchange.path
        ):
            know_group(replay, exchange)
        replay.step(exchange)


def know_group(replay: Replay, exchange: Exchange) -> None:
    """Make a group that was there before the recording began."""
    group = exchange.path.partition("?")[0]
    if group.lower() not in replay.cloud.world.store.groups:
        body = exchange.json
        replay.cloud.send(
            "PUT", f"{group}?api-version=2022-09-01", {"location": body["location"], "tags": body["tags"]}
        )


def test_locks(replay: Replay) -> None:
    exchanges = recordings.cassette("test_readonly_resource_group_lock.yaml")
    group = exchanges[0].path.partition("/providers/")[0]
    replay.cloud.send("PUT", f"{group}?api-version=2022-09-01", {"location": "westus"})
    # The subscription of the recording has locks of other people.
    steps = [item for item in exchanges if "/resourcegroups/" in item.path.lower() and SERVED.search(item.path)]
    assert len(steps) >= 5
    for exchange in steps:
        replay.step(exchange)


def test_role_assignments(replay: Replay) -> None:
    exchanges = recordings.cassette("test_role_assignment_create_update.yaml")
    group = exchanges[0].path.partition("/providers/")[0]
    replay.cloud.send("PUT", f"{group}?api-version=2022-09-01", {"location": "westus"})
    for exchange in exchanges:
        if not exchange.path.partition("?")[0].endswith("/roleAssignments"):
            replay.step(exchange)
            continue
        # The subscription of the recording has assignments of other people, all above the group.
        ours = replay.cloud.send("GET", exchange.path)
        theirs = [item for item in exchange.json["value"] if item["id"].startswith(group)]
        assert (ours.status, len(theirs), set(ours.json)) == (200, 1, set(exchange.json))
        replay.mapping.compare(theirs, ours.json["value"])
    assert [item.method for item in exchanges].count("PUT") == 4


def test_session(tmp_path: Path) -> None:
    """The requests' bodies are not recorded: they are those of the client's source. Its tenant is hidden, too."""
    replay = make(tmp_path, SUBSCRIPTION)
    exchanges = recordings.session("canUpdateVirtualMachineWithEMSIAndLMSI.json")
    first, second = (item.json["id"] for item in exchanges if item.method == "PUT" and "userAssigned" in item.path)
    bodies: list[dict[str, t.Any]] = [
        {"type": "UserAssigned", "userAssignedIdentities": {first: {}}},
        {"type": "UserAssigned", "userAssignedIdentities": {first: None, second: {}}},
        {"type": "SystemAssigned, UserAssigned"},
        {"type": "UserAssigned"},
        {"type": "None"},
    ]
    know_group(replay, exchanges[0])
    seen = 0
    for exchange in exchanges:
        if "userAssignedIdentities/" in exchange.path and exchange.method == "PUT":
            replay.step(exchange, {"location": exchange.json["location"], "tags": exchange.json["tags"]})
        elif exchange.method == "PATCH":
            replay.step(exchange, {"identity": bodies.pop(0)})
        elif "/virtualMachines/" in exchange.path and exchange.method == "GET":
            replay.step(exchange)
        else:
            continue
        seen += 1
    assert (seen, bodies) == (13, [])


def _ids(error: dict[str, t.Any]) -> list[str]:
    return re.findall(r"'([^']*)'", error["body"]["error"]["message"])


def _principal(error: dict[str, t.Any]) -> tuple[str, str]:
    words = error["body"]["error"]["message"].split()
    return words[1], words[words.index("directory") + 1].rstrip(".")


BUILDERS: dict[str, t.Callable[[dict[str, t.Any]], ArmError]] = {
    "MissingIdentityIds": lambda _error: identity_errors.missing_ids(),
    "InvalidIdentityValues": lambda error: identity_errors.invalid_value(_ids(error)[0] + ".more"),
    "LinkedInvalidPropertyId": lambda error: identity_errors.invalid_property_id(_ids(error)[0]),
    "ResourceGroupNotFound": lambda error: errors.group_not_found(_ids(error)[0]),
    "ScopeLocked": lambda error: errors.scope_locked(_ids(error)[0], "delete", [_ids(error)[1]]),
    "AuthorizationFailed": lambda error: errors.authorization_failed(*_ids(error)[:4]),
    "Conflict": lambda _error: errors.compute_conflict(),
    "PrincipalNotFound": lambda error: access_errors.principal_not_found(*_principal(error)),
    "RoleAssignmentExists": lambda _error: access_errors.assignment_exists(),
    "RoleAssignmentUpdateNotPermitted": lambda _error: access_errors.update_not_permitted(),
}


def _special(error: dict[str, t.Any]) -> ArmError | None:
    message, ids = error["body"]["error"]["message"], _ids(error)
    if "was not found." in message and error["code"] == "FailedIdentityOperation":
        return identity_errors.identity_not_found(ids[0], re.findall(r"Resource '([^']*)' was", message)[0])
    if "Removal of all" in message:
        return identity_errors.removal_of_all(ids[0], re.findall(r"with type '([^']*)'", message)[0])
    if "is not authorized to access linked subscription" in message and "assign/action" in message:
        return errors.linked_tenant_mismatch(ids[1], ids[2], ids[3])
    if "Required property 'type'" in message:
        return errors.invalid_content("Required property 'type' not found in JSON. Path 'identity'.")
    if error["code"] == "ResourceNotFound" and "ARMResourceNotFoundFix" in message:
        kind, _slash, name = ids[0].rpartition("/")
        return errors.resource_not_found(kind, name, ids[1]) if len(ids) > 1 else None
    return None


def test_errors_to_the_letter() -> None:
    compared: dict[str, int] = {}
    for error in recordings.errors():
        body = error["body"] if isinstance(error["body"], dict) else _parsed(error["body"])
        if not isinstance(body, dict) or "error" not in body or "message" not in body["error"]:
            continue
        known = {**error, "body": body}
        builder = BUILDERS.get(error["code"])
        ours = _special(known) or (builder(known) if builder else None)
        if ours is None or "ABAC" in body["error"]["message"]:
            continue
        answer = error_answer(ours)
        assert (ours.status, ours.body()) == (error["status"], body)
        gateway = any(key.lower() == "x-ms-failure-cause" for key in error["headers"])
        assert ("x-ms-failure-cause" in answer.headers) == gateway, error["code"]
        compared[error["code"]] = compared.get(error["code"], 0) + 1
    assert set(compared) >= {*BUILDERS, "FailedIdentityOperation", "LinkedAuthorizationFailed", "ResourceNotFound"}
    assert compared["InvalidIdentityValues"] >= 3


def _parsed(text: str) -> t.Any:
    import json

    try:
        return json.loads(text)
    except ValueError:
        return None
