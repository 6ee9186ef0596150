# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft's clients over our own: what they make is sent as we send, and what they cannot have meant is not sent."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from azure.core.rest import HttpRequest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline import _typed_packages
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._client import ArmClient
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._typed import TypedOperation
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ArmError,
    ManagedIdentityError,
    MissingPackage,
    UnexpectedAnswer,
    WaitTimedOut,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import IDENTITY, ResourceId
from tests.tools.link_collection import link_collection
from tests.unit.arm.gateway_calls import CALLS
from tests.unit.arm.given_answers import DEADLINE, ENDPOINT, Given, gateways, result_of
from tests.unit.core import true_answers as true
from tests.unit.core.build import SUB, uai
from tests.unit.core.machines import VM

UAI = uai("b")
TYPED = {
    "azure.mgmt.msi": {
        f"UserAssignedIdentities.{name}"
        for name in ("read", "put", "patch", "delete", "list_all", "credentials", "put_credential", "delete_credential")
    },
    "azure.mgmt.compute": {"Vms.create", "Vms.delete", "MachineIdentities.upgrade"},
}


class Noting(Given):
    """As Given, with the requests themselves."""

    def __init__(self, *answers: tuple[Any, ...]) -> None:
        super().__init__(*answers)
        self.requests: list[HttpRequest] = []

    async def run(self, request: Any, **options: Any) -> Any:
        self.requests.append(request)
        return await super().run(request, **options)


def test_a_body_is_sent_as_it_is() -> None:
    body = {"location": "westeurope", "tags": None, "properties": {"isolationScope": "Regional", "later": [None, 1.50]}}
    given = Noting((201, true.IDENTITY), (200, true.VM_BODY), (204, None))
    on = gateways(given)
    result_of(on.UserAssignedIdentities.put(UAI, body, DEADLINE))
    result_of(on.Vms.create(VM, body, DEADLINE))
    result_of(on.Vms.delete(VM, DEADLINE))
    assert [json.loads(request.content) for request in given.requests[:2]] == [body, body]
    assert {request.headers["Content-Type"] for request in given.requests[:2]} == {"application/json"}
    assert {request.headers["Accept"] for request in given.requests} == {"application/json"}


def test_what_is_no_number_in_a_header_is_no_error() -> None:
    """Microsoft's client would make a number of it, and fail on the dates that HTTP allows."""
    headers = {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT", "Location": "x", "Azure-AsyncOperation": f"{ENDPOINT}/o"}
    for name, status in (("Vms.create", 201), ("Vms.delete", 202), ("MachineIdentities.upgrade", 202)):
        found = result_of(CALLS[name].call(gateways(Given((status, CALLS[name].answers[0], headers)))))
        assert getattr(found, "reading", found).operation_url == headers["Azure-AsyncOperation"]


@pytest.mark.parametrize("group", ["rg(1)", "a.b-c_d", "straße", "RG"])
def test_groups_of_any_spelling(group: str) -> None:
    identity = ResourceId.build(SUB, group, IDENTITY, "id-b")
    given = Given((200, {**true.IDENTITY, "id": str(identity)}))
    assert result_of(gateways(given).UserAssignedIdentities.read(identity, DEADLINE)).id == identity
    upper = ResourceId.parse(str(UAI).upper())
    assert result_of(gateways(Given((200, true.IDENTITY))).UserAssignedIdentities.read(upper, DEADLINE)).id == UAI


def test_a_cloud_of_older_versions_is_asked_by_one_of_them_whoever_makes_the_request() -> None:
    said = "The api-version is invalid. The supported versions are '2018-11-30,2023-01-31'."
    refusal = (400, {"error": {"code": "InvalidApiVersionParameter", "message": said}})
    given = Noting(refusal, (200, true.IDENTITY))
    identities = gateways(given).UserAssignedIdentities
    result_of(identities.read(UAI, DEADLINE))
    result_of(identities.look_up(UAI, DEADLINE))
    result_of(identities.patch(UAI, {}, DEADLINE))
    versions = [request.url.partition("?api-version=")[2] for request in given.requests]
    assert versions == ["2024-11-30", "2023-01-31", "2023-01-31", "2023-01-31"]
    assert not identities.knows_isolation


def test_a_typed_write_is_in_the_journal() -> None:
    on = gateways(Given((409, {"error": {"code": "ScopeLocked", "message": "no"}})))
    with pytest.raises(ArmError) as caught:
        result_of(on.UserAssignedIdentities.put(UAI, {}, DEADLINE))
    assert (caught.value.code, caught.value.call, caught.value.target) == ("ScopeLocked", "PUT", str(UAI))
    journal = on.client.journal
    assert (journal.call, journal.target, journal.writes) == ("PUT", str(UAI), 0)


async def _never(_request: Any, **_options: Any) -> Any:
    await asyncio.sleep(60)


def test_the_deadline_ends_a_typed_call() -> None:
    on = gateways(SimpleNamespace(run=_never))
    with pytest.raises(WaitTimedOut):
        result_of(on.UserAssignedIdentities.put(UAI, {}, Deadline(0.05)))


class Odd:
    """A client whose operations make other requests than they should."""

    def __init__(self, method: str = "GET", url: str = f"{ENDPOINT}{UAI}?api-version=1", times: int = 1) -> None:
        self.made = [HttpRequest(method, url)] * times

    def client(self, _endpoint: str, _subscription_id: str, pipeline: Any) -> Any:
        async def operation(**options: Any) -> None:
            for request in self.made:
                await pipeline.run(request, **options)

        return SimpleNamespace(operation=operation)

    def call(self, given: Given) -> Any:
        """Let it make what was to be a GET of an identity."""
        pipeline: Any = given
        package: Any = self
        by = TypedOperation(ArmClient(pipeline, ENDPOINT, None), package, "operation", SUB)
        return asyncio.run(by.request("GET", str(UAI), DEADLINE, api_version="2024-11-30"))


@pytest.mark.parametrize(
    "odd",
    [
        {"method": "DELETE"},
        {"url": f"{ENDPOINT}{UAI}"},
        {"url": f"{ENDPOINT}{UAI}?api-version=1&api-version=2"},
        {"url": f"{ENDPOINT}{UAI}x?api-version=1"},
        {"url": f"{ENDPOINT}{UAI}/..?api-version=1"},
        {"url": f"https://management.azure.com{UAI}?api-version=1"},
        {"url": f"{UAI}?api-version=1"},
    ],
)
def test_another_request_than_was_meant_is_not_sent(odd: dict[str, str]) -> None:
    given = Given((200, true.IDENTITY))
    with pytest.raises(ManagedIdentityError) as caught:
        Odd(**odd).call(given)
    assert not isinstance(caught.value, ArmError)
    assert given.asked == []


def test_one_call_is_one_request_with_our_api_version() -> None:
    given = Given((200, true.IDENTITY))
    assert Odd().call(given).body == true.IDENTITY
    assert given.asked == [("GET", f"{ENDPOINT}{UAI}?api-version=2024-11-30")]
    with pytest.raises(ManagedIdentityError):
        Odd(times=2).call(given)
    assert len(given.asked) == 2


def test_an_answer_that_is_none_is_so_for_typed_calls_too() -> None:
    with pytest.raises(UnexpectedAnswer):
        Odd().call(Given((200, b"<html>")))


def test_the_environment_names_no_other_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_CLOUD", "AZURE_SDK_CLOUD_CONF"):
        monkeypatch.setenv(name, "nonsense")
    _typed_packages._client.cache_clear()
    given = Given((200, true.IDENTITY))
    result_of(gateways(given).UserAssignedIdentities.read(UAI, DEADLINE))
    assert given.asked[0][1].startswith(f"{ENDPOINT}/")


# Makes calls in a process of its own, and prints what was imported of Microsoft's clients.
LOADED = """
import sys
sys.path[:0] = {paths!r}
from tests.unit.arm.gateway_calls import CALLS
from tests.unit.arm.given_answers import Given, gateways, result_of
before = {{name for name in sys.modules if name.startswith("azure.mgmt")}}
assert not before, before
for name in {names!r}:
    made = CALLS[name]
    result_of(made.call(gateways(Given((made.fits[0], made.answers[0])))))
print(sorted(name for name in sys.modules if name.startswith("azure.mgmt.") and name.count(".") == 2))
"""


def loaded_by(names: list[str]) -> set[str]:
    paths = [str(link_collection()), *filter(None, sys.path)]
    program = LOADED.format(paths=paths, names=names)
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return set(json.loads(said.replace("'", '"'))) - {"azure.mgmt.core"}


def test_raw_calls_import_no_typed_client() -> None:
    assert loaded_by(sorted(set(CALLS) - TYPED["azure.mgmt.msi"] - TYPED["azure.mgmt.compute"])) == set()


@pytest.mark.parametrize("package", TYPED)
def test_typed_calls_import_their_own_client_and_no_other(package: str) -> None:
    assert loaded_by(sorted(TYPED[package])) == {package}


@pytest.mark.parametrize("package", TYPED)
def test_a_missing_package_is_named_by_the_calls_that_need_it(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setitem(sys.modules, f"{package}.aio", None)
    _typed_packages._client.cache_clear()
    for name in sorted(TYPED[package]):
        given = Given((200, CALLS[name].answers[0]))
        with pytest.raises(MissingPackage) as caught:
            result_of(CALLS[name].call(gateways(given)))
        pip = package.replace(".", "-")
        assert caught.value.message.startswith(f"The Python package {pip} cannot be imported by {sys.executable}: ")
        assert caught.value.remedy == f"Install it with: {sys.executable} -m pip install {pip}"
        assert given.asked == []
    given = Given((200, true.VM_BODY))
    result_of(gateways(given).MachineIdentities.read(VM, DEADLINE))


@pytest.mark.parametrize("hidden", ["azure.mgmt", "azure.mgmt.compute"])
def test_that_a_package_is_missing_is_known_before_it_is_needed(hidden: str, monkeypatch: pytest.MonkeyPatch) -> None:
    on = gateways(Given((200, {})))
    on.Vms.require_package()
    on.MachineIdentities.require_package()

    class Hiding:
        @staticmethod
        def find_spec(name: str, *_more: Any) -> None:
            if name == hidden:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    for name in [name for name in sys.modules if name.startswith("azure.mgmt")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Hiding, *sys.meta_path])
    for require in (on.Vms.require_package, on.MachineIdentities.require_package):
        with pytest.raises(MissingPackage, match="azure-mgmt-compute"):
            require()
