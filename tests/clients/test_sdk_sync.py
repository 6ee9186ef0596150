# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure SDK for Python, unchanged and synchronous: what it does by itself, and a program on a VM of the emulator.

What each kind of resource answers to it is in tests/emulator.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.estate import SUBSCRIPTION
from tests.support.emulator import Emulator

pytest.importorskip("azure.mgmt.compute", reason="azure-mgmt-compute is not installed; bin/test clients runs this")
pytest.importorskip("azure.mgmt.authorization")

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web"
ROLES = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
READER = f"{ROLES}/acdd72a7-3385-48ef-bd42-f606fba81ae7"
BODY: Any = {"identity": {"type": "SystemAssigned"}}
QUICK: dict[str, Any] = {"polling_interval": 0.1}


@pytest.fixture(autouse=True)
def surroundings(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """What env.sh says is in force."""
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)


def where(emulator: Emulator) -> dict[str, Any]:
    """What every client of a private cloud is given."""
    return {"base_url": emulator.url, "credential_scopes": ["https://management.azure.com/.default"]}


@pytest.fixture
def credential() -> Iterator[Any]:
    from azure.identity import EnvironmentCredential

    with EnvironmentCredential(disable_instance_discovery=True) as credential:
        yield credential


@pytest.fixture
def vms(emulator: Emulator, credential: Any) -> Iterator[Any]:
    from azure.mgmt.compute import ComputeManagementClient

    with ComputeManagementClient(credential, SUBSCRIPTION, **where(emulator)) as client:
        yield client.virtual_machines


@pytest.fixture
def authorization(emulator: Emulator, credential: Any) -> Iterator[Any]:
    from azure.mgmt.authorization import AuthorizationManagementClient

    with AuthorizationManagementClient(credential, SUBSCRIPTION, **where(emulator)) as client:
        yield client


def test_pages_from_the_middle(emulator: Emulator, vms: Any) -> None:
    emulator.settings(page_size=3)
    pages = vms.list_all().by_page()
    first = [vm.name for vm in next(pages)]
    rest = [vm.name for page in vms.list_all().by_page(pages.continuation_token) for vm in page]
    assert len(first) == 3
    assert sorted([*first, *rest]) == sorted(vm.name for vm in vms.list_all())


def test_throttled_and_cut_off(emulator: Emulator, vms: Any) -> None:
    """The SDK waits as Retry-After says, and tries a read again whose connection broke."""
    slow = {"status": 429, "code": "TooManyRequests", "message": "Slow down.", "headers": {"Retry-After": 1}}
    emulator.faults(
        {"match": {"method": "PATCH"}, "nth": 1, "action": slow},
        {"match": {"method": "GET", "path": "/virtualMachines/vm-web-02"}, "nth": 1, "action": {"reset": "before"}},
    )
    assert vms.begin_update("rg-web", "vm-web-01", BODY, **QUICK).result().identity.principal_id
    assert [entry["status"] for entry in emulator.log(method="PATCH")] == [429, 200]
    assert vms.get("rg-web", "vm-web-02").name == "vm-web-02"


def test_a_poller_goes_on_from_its_token(emulator: Emulator, vms: Any) -> None:
    emulator.settings(operation_seconds=0.5)
    token = vms.begin_update("rg-web", "vm-web-01", BODY, **QUICK).continuation_token()
    again = vms.begin_update("rg-web", "vm-web-01", BODY, continuation_token=token, **QUICK)
    assert again.result().identity.principal_id == emulator.vm("vm-web-01")["identity"]["principalId"]
    assert len(emulator.log(method="PATCH")) == 1


def test_a_role_of_ones_own(emulator: Emulator, authorization: Any) -> None:
    from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

    name = str(uuid.uuid4())
    permissions = [{"actions": ["Microsoft.Compute/virtualMachines/read"], "notActions": []}]
    role = {"roleName": "VM Watcher", "type": "CustomRole", "permissions": permissions, "assignableScopes": [GROUP]}
    roles, assignments = authorization.role_definitions, authorization.role_assignments
    # Bytes, as what a dict looks like is another thing in 5.0 than before.
    made = roles.create_or_update(GROUP, name, json.dumps({"name": name, "properties": role}).encode())
    assert (made.role_name, made.role_type) == ("VM Watcher", "CustomRole")
    principal = emulator.identity("id-web")["principal_id"]
    what = {"roleDefinitionId": made.id, "principalId": principal, "principalType": "ServicePrincipal"}
    given = assignments.create(GROUP, str(uuid.uuid4()), json.dumps({"properties": what}).encode())
    with pytest.raises(HttpResponseError, match="RoleDefinitionHasAssignments"):
        roles.delete(GROUP, name)
    assignments.delete_by_id(given.id)
    roles.delete(GROUP, name)
    with pytest.raises(ResourceNotFoundError):
        roles.get(GROUP, name)


def test_a_program_on_a_vm(emulator: Emulator, vms: Any, authorization: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its VM gets an identity, the identity a role; with its token the program sees what the role covers, no more."""
    from azure.core.exceptions import HttpResponseError
    from azure.identity import CredentialUnavailableError, ManagedIdentityCredential
    from azure.mgmt.compute import ComputeManagementClient

    host = f"{emulator.url}/imds{GROUP.replace('/subscriptions', '').replace('/resourceGroups', '')}/vm-web-01"
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", host)
    with ManagedIdentityCredential() as credential, pytest.raises(CredentialUnavailableError):
        credential.get_token("https://management.azure.com/.default")
    principal = vms.begin_update("rg-web", "vm-web-01", BODY, **QUICK).result().identity.principal_id
    what = {"roleDefinitionId": READER, "principalId": principal, "principalType": "ServicePrincipal"}
    authorization.role_assignments.create(GROUP, str(uuid.uuid4()), json.dumps({"properties": what}).encode())
    with (
        ManagedIdentityCredential() as credential,
        ComputeManagementClient(credential, SUBSCRIPTION, **where(emulator)) as compute,
    ):
        assert len(list(compute.virtual_machines.list("rg-web"))) == 8
        with pytest.raises(HttpResponseError, match="AuthorizationFailed"):
            list(compute.virtual_machines.list("rg-data"))
        with pytest.raises(HttpResponseError, match="AuthorizationFailed"):
            compute.virtual_machines.begin_update("rg-web", "vm-web-01", BODY)
