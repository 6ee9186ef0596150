# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients that nobody here wrote: azure-identity, azure-mgmt-compute and azure-mgmt-msi, unchanged, over TLS."""

from __future__ import annotations

import contextlib
import importlib.util
import typing as t

import pytest

from tests.support.emulator import Emulator

pytestmark = pytest.mark.skipif(
    any(
        importlib.util.find_spec("azure") is None or importlib.util.find_spec(name) is None
        for name in ("azure.mgmt.compute", "azure.mgmt.msi")
    ),
    reason="azure-mgmt-compute and azure-mgmt-msi are not installed",
)
SCOPE = "https://management.azure.com/.default"
CERTIFIED = "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c11"
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
USER = "ada@contoso.onmicrosoft.com"
PIPELINE = "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c21"


@pytest.fixture
def sdk(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The emulator with its variables in force."""
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    return emulator


def options(emulator: Emulator) -> dict[str, t.Any]:
    """Return what every credential of a private cloud needs."""
    return {"authority": emulator.url, "disable_instance_discovery": True}


@pytest.fixture
def credential(sdk: Emulator) -> t.Iterator[t.Any]:
    """The caller of env.sh."""
    from azure.identity import ClientSecretCredential

    env = sdk.env
    with ClientSecretCredential(
        env["AZURE_TENANT"], env["AZURE_CLIENT_ID"], env["AZURE_SECRET"], **options(sdk)
    ) as found:
        yield found


@pytest.fixture
def compute(sdk: Emulator, credential: t.Any) -> t.Iterator[t.Any]:
    """A compute client."""
    from azure.mgmt.compute import ComputeManagementClient

    subscription = sdk.env["AZURE_SUBSCRIPTION_ID"]
    scopes = [SCOPE]
    with ComputeManagementClient(credential, subscription, base_url=sdk.url, credential_scopes=scopes) as client:
        yield client


@pytest.fixture
def msi(sdk: Emulator, credential: t.Any) -> t.Iterator[t.Any]:
    """A client of the identity service."""
    from azure.mgmt.msi import ManagedServiceIdentityClient

    subscription = sdk.env["AZURE_SUBSCRIPTION_ID"]
    scopes = [SCOPE]
    with ManagedServiceIdentityClient(credential, subscription, base_url=sdk.url, credential_scopes=scopes) as client:
        yield client


def test_read_and_list(compute: t.Any) -> None:
    vm = compute.virtual_machines.get("rg-web", "vm-app-02", expand="instanceView")
    assert vm.identity.type == "SystemAssigned, UserAssigned"
    assert len(vm.identity.user_assigned_identities) == 2
    assert vm.instance_view.statuses[1].code == "PowerState/running"
    assert len(list(compute.virtual_machines.list("rg-web"))) == 8
    assert len(list(compute.virtual_machines.list_all())) == 11


def test_pages(sdk: Emulator, compute: t.Any) -> None:
    sdk.settings(page_size=4)
    assert len({vm.id for vm in compute.virtual_machines.list_all()}) == 11
    assert len(sdk.log("/virtualMachines")) == 3


def test_enable_and_disable(sdk: Emulator, compute: t.Any) -> None:
    from azure.core.exceptions import HttpResponseError

    sdk.settings(operation_seconds=0.3)
    body: t.Any = {"identity": {"type": "SystemAssigned"}}
    vm = compute.virtual_machines.begin_update("rg-web", "vm-web-01", body, polling_interval=0.1).result()
    assert vm.identity.principal_id
    assert vm.provisioning_state == "Succeeded"
    with pytest.raises(HttpResponseError) as caught:
        compute.virtual_machines.begin_update("rg-web", "vm-web-01", body, headers={"If-Match": '"1"'})
    assert caught.value.status_code == 412
    assert caught.value.error is not None
    assert caught.value.error.code == "PreconditionFailed"
    body = {"identity": {"type": "None"}}
    vm = compute.virtual_machines.begin_update("rg-web", "vm-web-01", body, polling_interval=0.1).result()
    assert vm.identity is None


def test_a_failed_operation_is_an_exception(sdk: Emulator, compute: t.Any) -> None:
    from azure.core.exceptions import HttpResponseError

    sdk.faults({"match": {"method": "PATCH"}, "action": {"operation": {"outcome": "Failed", "code": "Oops"}}})
    body: t.Any = {"identity": {"type": "SystemAssigned"}}
    with pytest.raises(HttpResponseError, match="Oops"):
        compute.virtual_machines.begin_update("rg-web", "vm-web-01", body, polling_interval=0.1).result()


def test_delete(compute: t.Any) -> None:
    from azure.core.exceptions import ResourceNotFoundError

    compute.virtual_machines.begin_delete("rg-web", "vm-web-01", polling_interval=0.1).result()
    with pytest.raises(ResourceNotFoundError):
        compute.virtual_machines.get("rg-web", "vm-web-01")


def test_identities(sdk: Emulator, msi: t.Any, compute: t.Any) -> None:
    created = msi.user_assigned_identities.create_or_update("rg-web", "id-new", {"location": "westeurope"})
    assert created.principal_id
    assert created.client_id
    users: dict[str, t.Any] = {created.id: {}, sdk.identity("id-web")["id"]: None}
    body: t.Any = {"identity": {"type": "UserAssigned", "userAssignedIdentities": users}}
    vm = compute.virtual_machines.begin_update("rg-web", "vm-web-03", body, polling_interval=0.1).result()
    assert vm.identity.user_assigned_identities[created.id].principal_id == created.principal_id
    assert len(vm.identity.user_assigned_identities) == 1
    assert len(list(msi.user_assigned_identities.list_by_resource_group("rg-web"))) == 3
    assert len(list(msi.user_assigned_identities.list_by_subscription())) == 7
    msi.user_assigned_identities.delete("rg-web", "id-new")
    assert len(list(msi.user_assigned_identities.list_by_resource_group("rg-web"))) == 2
    system = msi.system_assigned_identities.get_by_scope(sdk.vm("vm-web-02")["id"].lstrip("/"))
    assert system.client_id


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_other_credentials(sdk: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    from azure.identity import (
        CertificateCredential,
        ClientAssertionCredential,
        EnvironmentCredential,
        ManagedIdentityCredential,
        UsernamePasswordCredential,
    )

    tenant = sdk.env["AZURE_TENANT"]
    known = options(sdk)
    pem = str(sdk.directory / "certified.pem")
    token = (sdk.directory / "pipeline.jwt").read_text()
    vm = f"{sdk.url}/imds/{sdk.env['AZURE_SUBSCRIPTION_ID']}/rg-web/vm-web-02"
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", vm)
    credentials: list[t.Any] = [
        CertificateCredential(tenant, CERTIFIED, pem, **known),
        CertificateCredential(tenant, CERTIFIED, pem, send_certificate_chain=True, **known),
        ClientAssertionCredential(tenant, PIPELINE, lambda: token, **known),
        EnvironmentCredential(disable_instance_discovery=True),
        ManagedIdentityCredential(),
        # msal looks users up at a URL without the authority's port; for this tenant it does not.
        UsernamePasswordCredential(AZURE_CLI, USER, "emulator-only-password", tenant_id="adfs", **known),
    ]
    for credential in credentials:
        with contextlib.closing(credential):
            assert credential.get_token(SCOPE).token.count(".") == 2
