# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure SDK for Python, unchanged and asynchronous, over TLS: what programs do from creation to deletion."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import pytest
import pytest_asyncio

from tests.integration.estate import SUBSCRIPTION, identity_id
from tests.support.emulator import Emulator

pytest.importorskip("azure.mgmt.compute", reason="azure-mgmt-compute is not installed; bin/test clients runs this")
pytest.importorskip("azure.mgmt.authorization")
pytest.importorskip("azure.mgmt.msi")

QUICK: dict[str, Any] = {"polling_interval": 0.1}
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-westeurope/subnets/default"
READER = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
READER = f"{READER}/acdd72a7-3385-48ef-bd42-f606fba81ae7"

# As emulator/README.md has it, with nothing but env.sh; a process of its own, as aiohttp reads SSL_CERT_FILE only once.
PROGRAM = """
import asyncio, os
from azure.identity.aio import EnvironmentCredential
from azure.mgmt.compute.aio import ComputeManagementClient

async def main():
    async with EnvironmentCredential(disable_instance_discovery=True) as credential, ComputeManagementClient(
        credential,
        os.environ["AZURE_SUBSCRIPTION_ID"],
        base_url=os.environ["AZURE_CLOUD_ENVIRONMENT"],
        credential_scopes=["https://management.azure.com/.default"],
    ) as compute:
        print([vm.name async for vm in compute.virtual_machines.list("rg-data")])

asyncio.run(main())
"""


class Sdk(NamedTuple):
    """The three clients, of the caller in env.sh."""

    compute: Any
    msi: Any
    authorization: Any


@pytest_asyncio.fixture
async def sdk(emulator: Emulator) -> AsyncIterator[Sdk]:
    from azure.identity.aio import ClientSecretCredential
    from azure.mgmt.authorization.aio import AuthorizationManagementClient
    from azure.mgmt.compute.aio import ComputeManagementClient
    from azure.mgmt.msi.aio import ManagedServiceIdentityClient

    who = [emulator.env[name] for name in ("AZURE_TENANT", "AZURE_CLIENT_ID", "AZURE_SECRET")]
    tls: dict[str, Any] = {"connection_verify": emulator.env["SSL_CERT_FILE"]}
    where = {"base_url": emulator.url, "credential_scopes": ["https://management.azure.com/.default"], **tls}
    async with (
        ClientSecretCredential(*who, authority=emulator.url, disable_instance_discovery=True, **tls) as credential,
        ComputeManagementClient(credential, SUBSCRIPTION, **where) as compute,
        ManagedServiceIdentityClient(credential, SUBSCRIPTION, **where) as msi,
        AuthorizationManagementClient(credential, SUBSCRIPTION, **where) as authorization,
    ):
        yield Sdk(compute, msi, authorization)


async def names(items: Any) -> list[str]:
    """The names in all pages of a listing."""
    return [item.name async for item in items]


def test_with_nothing_but_env_sh(emulator: Emulator) -> None:
    env = {"PATH": os.environ["PATH"], **emulator.env}
    command = [sys.executable, "-c", PROGRAM]
    run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert run.stdout == "['vm-batch-01', 'vm-db-01', 'vm-db-02']\n", run.stderr


async def test_a_vm_from_nothing_to_nothing(emulator: Emulator, sdk: Sdk) -> None:
    from azure.core.exceptions import ResourceNotFoundError

    emulator.settings(operation_seconds=0.3, page_size=4)
    vms = sdk.compute.virtual_machines
    interface = {
        "name": "n",
        "properties": {"ipConfigurations": [{"name": "i", "properties": {"subnet": {"id": SUBNET}}}]},
    }
    network = {"networkApiVersion": "2022-11-01", "networkInterfaceConfigurations": [interface]}
    model: Any = {
        "location": "westeurope",
        "identity": {"type": "SystemAssigned"},
        "properties": {"hardwareProfile": {"vmSize": "Standard_D2s_v5"}, "networkProfile": network},
    }
    made = await (await vms.begin_create_or_update("rg-web", "vm-new", model, **QUICK)).result()
    assert (made.provisioning_state, made.identity.type) == ("Succeeded", "SystemAssigned")
    users: Any = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {identity_id("id-web"): {}}}
    poller = await vms.begin_update("rg-web", "vm-new", {"identity": users}, **QUICK)
    assert not poller.done()
    changed = await poller.result()
    assert changed.identity.principal_id == made.identity.principal_id
    assert list(changed.identity.user_assigned_identities) == [identity_id("id-web")]
    await (await vms.begin_deallocate("rg-web", "vm-new", **QUICK)).result()
    shown = await vms.get("rg-web", "vm-new", expand="instanceView")
    assert shown.instance_view.statuses[1].code == "PowerState/deallocated"
    assert "vm-new" in await names(vms.list("rg-web"))
    listed = await names(vms.list_all())
    assert len(set(listed)) == len(listed) == 12
    await (await vms.begin_delete("rg-web", "vm-new", **QUICK)).result()
    with pytest.raises(ResourceNotFoundError):
        await vms.get("rg-web", "vm-new")


async def test_a_poller_goes_on_from_its_token(emulator: Emulator, sdk: Sdk) -> None:
    emulator.settings(operation_seconds=0.5)
    body: Any = {"identity": {"type": "SystemAssigned"}}
    vms = sdk.compute.virtual_machines
    first = await vms.begin_update("rg-web", "vm-web-01", body, **QUICK)
    token = first.continuation_token()
    again = await vms.begin_update("rg-web", "vm-web-01", body, continuation_token=token, **QUICK)
    assert (await again.result()).identity.principal_id == emulator.vm("vm-web-01")["identity"]["principalId"]
    assert len(emulator.log(method="PATCH")) == 1


async def test_many_at_once(emulator: Emulator, sdk: Sdk) -> None:
    from azure.core.exceptions import HttpResponseError

    emulator.settings(operation_seconds=0.5)
    body: Any = {
        "identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {identity_id("id-web"): {}}}
    }
    vms = [vm for vm in emulator.state()["vms"] if vm["resource_group"] == "rg-web" and "old" not in vm["name"]]

    async def change(name: str) -> str:
        poller = await sdk.compute.virtual_machines.begin_update("rg-web", name, body, **QUICK)
        return (await poller.result()).identity.type

    done = await asyncio.gather(*(change(vm["name"]) for vm in vms))
    assert done == ["SystemAssigned, UserAssigned"] * 6
    two = await asyncio.gather(change("vm-web-01"), change("vm-web-01"), return_exceptions=True)
    (refused,) = [item for item in two if isinstance(item, HttpResponseError)]
    assert refused.status_code == 409


async def test_scale_sets(emulator: Emulator, sdk: Sdk) -> None:
    emulator.settings(operation_seconds=0.2, page_size=2)
    sets, instances = sdk.compute.virtual_machine_scale_sets, sdk.compute.virtual_machine_scale_set_vms
    model: Any = {
        "location": "westeurope",
        "sku": {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 3},
        "properties": {"upgradePolicy": {"mode": "Manual"}, "virtualMachineProfile": {}},
    }
    made = await (await sets.begin_create_or_update("rg-web", "vmss-new", model, **QUICK)).result()
    assert made.identity is None
    body: Any = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {identity_id("id-web"): {}}}}
    changed = await (await sets.begin_update("rg-web", "vmss-new", body, **QUICK)).result()
    assert (await sets.get("rg-web", "vmss-new")).identity.type == changed.identity.type == "UserAssigned"
    assert await names(sets.list("rg-web")) == ["vmss-new", "vmss-web"]
    found = [item async for item in instances.list("rg-web", "vmss-new")]
    assert [item.latest_model_applied for item in found] == [False] * 3
    await (await sets.begin_update_instances("rg-web", "vmss-new", {"instanceIds": ["0", "2"]}, **QUICK)).result()
    found = [item async for item in instances.list("rg-web", "vmss-new")]
    assert [item.latest_model_applied for item in found] == [True, False, True]
    assert (await instances.get("rg-web", "vmss-new", "2")).identity.type == "UserAssigned"
    await (await sets.begin_delete("rg-web", "vmss-new", **QUICK)).result()
    assert await names(sets.list("rg-web")) == ["vmss-web"]


async def test_identities_and_their_credentials(emulator: Emulator, sdk: Sdk) -> None:
    from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

    emulator.settings(page_size=2)
    users, credentials = sdk.msi.user_assigned_identities, sdk.msi.federated_identity_credentials
    where: Any = {"location": "westeurope", "tags": {"a": "b"}}
    made = await users.create_or_update("rg-web", "id-new", where)
    assert (await users.get("rg-web", "id-new")).principal_id == made.principal_id
    assert (await users.update("rg-web", "id-new", {"tags": {"c": "d"}})).tags == {"c": "d"}
    assert set(await names(users.list_by_resource_group("rg-web"))) == {"id-web", "id-cache", "id-new"}
    assert len(await names(users.list_by_subscription())) == 7
    for number in range(5):
        body: Any = {"issuer": "https://oidc.example.com", "subject": f"app-{number}", "audiences": ["api://a"]}
        await credentials.create_or_update("rg-web", "id-new", f"fic-{number}", body)
    with pytest.raises(HttpResponseError, match="Issuer and subject combination already exists"):
        await credentials.create_or_update("rg-web", "id-new", "fic-9", body)
    assert await names(credentials.list("rg-web", "id-new")) == [f"fic-{number}" for number in range(5)]
    await credentials.delete("rg-web", "id-new", "fic-0")
    with pytest.raises(ResourceNotFoundError):
        await credentials.get("rg-web", "id-new", "fic-0")
    await users.delete("rg-web", "id-new")
    assert set(await names(users.list_by_resource_group("rg-web"))) == {"id-web", "id-cache"}


async def test_role_assignments(emulator: Emulator, sdk: Sdk) -> None:
    from azure.core.exceptions import HttpResponseError, ResourceExistsError
    from azure.mgmt.authorization.models import RoleAssignmentCreateParameters

    emulator.settings(page_size=1)
    roles, assignments = sdk.authorization.role_definitions, sdk.authorization.role_assignments
    principal = emulator.identity("id-web")["principal_id"]
    (reader,) = [role async for role in roles.list(GROUP, filter="roleName eq 'Reader'")]
    assert (reader.id, reader.role_name) == (READER, "Reader")
    # A model: what a dict looks like is another thing in 5.0 than before.
    body = RoleAssignmentCreateParameters(
        role_definition_id=READER, principal_id=principal, principal_type="ServicePrincipal"
    )
    made = await assignments.create(GROUP, str(uuid.uuid4()), body)
    assert (await assignments.get(GROUP, made.name)).principal_id == principal
    with pytest.raises(ResourceExistsError, match="RoleAssignmentExists"):
        await assignments.create(GROUP, str(uuid.uuid4()), body)
    # Bytes: the model of 4.0 says User where nothing is said.
    unknown = json.dumps({"properties": {"roleDefinitionId": READER, "principalId": str(uuid.uuid4())}}).encode()
    with pytest.raises(HttpResponseError, match="PrincipalNotFound"):
        await assignments.create(GROUP, str(uuid.uuid4()), unknown)
    assert await names(assignments.list_for_scope(GROUP, filter=f"principalId eq '{principal}'")) == [made.name]
    everything = await names(assignments.list_for_subscription())
    assert len(everything) == len(emulator.state()["role_assignments"]) > 1
    await assignments.delete(GROUP, made.name)
    assert made.name not in await names(assignments.list_for_subscription())
