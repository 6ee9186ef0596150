# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deployments of templates: what they make, what they say while they do, and whose they are."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from emulator.base.log import cleaned
from tests.emulator.cloud import GROUP, SUBSCRIPTION, A, Cloud, uai
from tests.emulator.templates import (
    DEPLOYMENT,
    MACHINE,
    NETWORK,
    PASSWORD,
    VERSION,
    body,
    deploy,
    get,
    machine,
    outcome,
    resource,
)

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
ASSIGNMENT = str(uuid.UUID(int=7))
GROUPS = "Microsoft.Network/networkSecurityGroups"


def test_a_machine_with_its_identities(cloud: Cloud) -> None:
    identity = {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {A: {}}}
    role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    principal = f"[reference('{MACHINE}', '2019-07-01', 'Full').identity.principalId]"
    granted = resource(
        "Microsoft.Authorization/roleAssignments",
        ASSIGNMENT,
        "Microsoft.Compute/virtualMachines/new",
        properties={"roleDefinitionId": role, "principalId": principal, "scope": GROUP},
    )
    answer = deploy(cloud, granted, *machine(identity=identity), **PASSWORD)
    assert answer.status == 201
    properties = answer.json["properties"]
    assert (properties["provisioningState"], properties["mode"]) == ("Accepted", "Incremental")
    assert properties["parameters"] == {"password": {"type": "SecureString"}}
    assert "Not-a-secret-1" not in answer.text
    assert cloud.send("GET", answer.headers["Azure-AsyncOperation"]).json == {"status": "Succeeded"}
    made = get(cloud, MACHINE, "2024-07-01")
    assert (made["identity"]["type"], list(made["identity"]["userAssignedIdentities"])) == (
        "SystemAssigned, UserAssigned",
        [A],
    )
    assert made["properties"]["storageProfile"]["osDisk"]["createOption"] == "FromImage"
    (given,) = [item for item in cloud.world.store.assignments if item.name == ASSIGNMENT]
    assert given.principal == made["identity"]["principalId"]


def test_what_a_deployment_shows(cloud: Cloud) -> None:
    properties = outcome(cloud, *machine(), **PASSWORD)
    assert properties["provisioningState"] == "Succeeded"
    nic = {
        "id": f"{NETWORK}/networkInterfaces/nic",
        "resourceType": "Microsoft.Network/networkInterfaces",
        "resourceName": "nic",
    }
    (first, second) = properties["dependencies"]
    assert (first["resourceName"], first["dependsOn"]) == ("new", [nic])
    assert {**second, "dependsOn": []} == {**nic, "dependsOn": []}
    assert properties["providers"][1] == {
        "namespace": "Microsoft.Network",
        "resourceTypes": [
            {"resourceType": "networkInterfaces", "locations": ["westeurope"]},
            {"resourceType": "virtualNetworks", "locations": ["westeurope"]},
        ],
    }
    ids = [item["id"] for item in properties["outputResources"]]
    assert ids == [MACHINE, nic["id"], f"{NETWORK}/virtualNetworks/net"]
    found = get(cloud, f"{DEPLOYMENT}/operations")["value"]
    targets = [item["properties"].get("targetResource", {}).get("resourceName") for item in found]
    assert targets == ["net", "nic", "new", None]
    assert {item["properties"]["provisioningState"] for item in found} == {"Succeeded"}
    assert [item["name"] for item in get(cloud, f"{GROUP}/providers/Microsoft.Resources/deployments")["value"]] == [
        "made"
    ]
    assert cloud.send("HEAD", DEPLOYMENT, version=VERSION).status == 204
    assert cloud.send("DELETE", DEPLOYMENT, version=VERSION).status == 202
    assert cloud.send("GET", DEPLOYMENT, version=VERSION).code == "DeploymentNotFound"
    assert cloud.send("GET", MACHINE).status == 200


def test_the_same_again_changes_nothing_and_a_name_is_used_again(cloud: Cloud) -> None:
    outcome(cloud, *machine(), **PASSWORD)
    before = get(cloud, MACHINE, "2024-07-01")
    assert deploy(cloud, *machine(), **PASSWORD).status == 200
    after = get(cloud, MACHINE, "2024-07-01")
    assert {**after, "etag": ""} == {**before, "etag": ""}


def test_another_name_of_its_administrator(cloud: Cloud) -> None:
    """What the Azure CLI's users get who create a VM whose name is taken."""
    outcome(cloud, *machine(), **PASSWORD)
    wanted = machine()
    wanted[0]["properties"]["osProfile"]["computerName"] = "other"
    assert deploy(cloud, *wanted, **PASSWORD).status == 200
    failed = get(cloud, DEPLOYMENT)["properties"]
    assert failed["provisioningState"] == "Failed"
    assert failed["error"]["code"] == "DeploymentFailed"
    assert failed["error"]["details"] == [
        {
            "code": "PropertyChangeNotAllowed",
            "message": "Changing property 'computerName' is not allowed.",
            "target": "computerName",
        }
    ]


def test_it_takes_as_long_as_its_machines(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, operation_seconds=5)
    answer = deploy(cloud, *machine(), **PASSWORD)
    assert cloud.send("GET", answer.headers["Azure-AsyncOperation"]).json == {"status": "Running"}
    assert deploy(cloud, *machine(), **PASSWORD).code == "DeploymentActive"
    cloud.now += 6
    assert cloud.send("GET", answer.headers["Azure-AsyncOperation"]).json == {"status": "Succeeded"}
    assert get(cloud, DEPLOYMENT)["properties"]["duration"] == "PT5.0000000S"


def test_a_machine_that_cannot_be_made(cloud: Cloud) -> None:
    """The rest is made; the deployment has failed, and says why in each place."""
    missing = uai("missing")
    identity = {"type": "UserAssigned", "userAssignedIdentities": {missing: {}}}
    answer = deploy(cloud, *machine(identity=identity), **PASSWORD)
    state = cloud.send("GET", answer.headers["Azure-AsyncOperation"]).json
    assert state["status"] == "Failed"
    (detail,) = state["error"]["details"]
    assert detail["code"] == "FailedIdentityOperation"
    assert missing.lower() in detail["message"].lower()
    assert cloud.send("GET", MACHINE).status == 404
    assert cloud.send("GET", f"{NETWORK}/networkInterfaces/nic", version="2022-01-01").status == 200
    (failed,) = [
        item["properties"]
        for item in get(cloud, f"{DEPLOYMENT}/operations")["value"]
        if item["properties"]["provisioningState"] == "Failed"
    ]
    assert failed["statusMessage"] == {"error": detail}


def test_an_operation_that_fails(cloud: Cloud) -> None:
    answer = deploy(cloud, *machine(), **PASSWORD, status="Failed", code="AllocationFailed", message="No room.")
    state = cloud.send("GET", answer.headers["Azure-AsyncOperation"]).json
    assert state["error"]["details"] == [{"code": "AllocationFailed", "message": "No room."}]


def test_who_may_not_write_what_a_template_has(cloud: Cloud) -> None:
    public = resource("Microsoft.Network/publicIPAddresses", "ip", properties={})
    two = (public, resource("Microsoft.Network/networkSecurityGroups", "nsg"))
    for resources, start in (
        (two[:1], "The template deployment failed with error: '"),
        (two, "Deployment failed with"),
    ):
        refused = deploy(cloud, *resources, caller="limited")
        assert (refused.status, refused.code) == (400, "InvalidTemplateDeployment")
        assert refused.message.startswith(start)
        action = "permission to perform action 'Microsoft.Network/publicIPAddresses/write' at scope"
        assert f"{action} '{NETWORK}/publicIPAddresses/ip'." in refused.message
    assert cloud.send("GET", f"{NETWORK}/publicIPAddresses/ip", version="2022-01-01").status == 404


def test_copies_conditions_and_outputs(cloud: Cloud) -> None:
    group = resource(
        "Microsoft.Network/networkSecurityGroups",
        "[concat(variables('base'), copyIndex(1))]",
        copy={"name": "groups", "count": "[parameters('count')]"},
    )
    left_out = resource("Microsoft.Network/networkSecurityGroups", "never", condition="[equals(1, 2)]")
    last = resource("Microsoft.Network/publicIPAddresses", "ip", "groups", "never", properties={})
    outputs = {
        "name": {"type": "string", "value": "[reference('ip').publicIPAllocationMethod]"},
        "id": {"type": "string", "value": "[resourceId('Microsoft.Network/publicIPAddresses', 'ip')]"},
        "place": {"type": "string", "value": "[resourceGroup().location]"},
    }
    properties = outcome(
        cloud,
        group,
        left_out,
        last,
        parameters={"count": {"type": "int", "defaultValue": 2}},
        variables={"base": "[toLower('NSG-')]"},
        outputs=outputs,
    )
    assert [item["id"].rpartition("/")[2] for item in properties["outputResources"]] == ["nsg-1", "nsg-2", "ip"]
    assert {name: item["value"] for name, item in properties["outputs"].items()} == {
        "name": "Static",
        "id": f"{NETWORK}/publicIPAddresses/ip",
        "place": "westeurope",
    }


def test_an_expression_that_fails_while_it_runs(cloud: Cloud) -> None:
    group = resource(GROUPS, "a", properties={"x": f"[reference('{MACHINE}', '2024-07-01').vmId]"})
    other = resource("Microsoft.Network/publicIPAddresses", "ip", properties={"x": "[reference('b').y]"})
    third = resource("Microsoft.Network/publicIPAddresses", "ip2", properties={"x": "[reference('/x', 'y').y]"})
    details = outcome(cloud, group, other, third)["error"]["details"]
    assert [item["code"] for item in details] == ["ResourceNotFound", "InvalidTemplate", "InvalidTemplate"]
    assert "'b' is not defined in the template" in details[1]["message"]
    outputs = {"x": {"type": "string", "value": "[reference('b', '2022-01-01').y]"}}
    assert deploy(cloud, outputs=outputs).status == 200
    assert get(cloud, DEPLOYMENT)["properties"]["error"]["code"] == "DeploymentOutputEvaluationFailed"


def test_a_name_without_quotes(cloud: Cloud) -> None:
    """The Azure CLI's `deployment group create` sends the file of its user in the middle of JSON."""
    headers = {"Authorization": f"Bearer {cloud.token()}"}
    path = f"{DEPLOYMENT}?api-version={VERSION}"
    text = '{"$schema": "s", "contentVersion": "1", "resources": [%s]}'
    sent = '{"properties": {"mode": "Incremental", template:' + text + "}}"
    assert cloud.raw("PUT", path, (sent % "").encode(), headers).status == 201
    assert cloud.raw("PUT", path, (sent % "other:1").encode(), headers).code == "InvalidRequestContent"


def test_names_of_properties_can_be_expressions(cloud: Cloud) -> None:
    """As in learn.microsoft.com/entra/identity/managed-identities-azure-resources, with templates."""
    key = "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', parameters('identity'))]"
    made = machine(identity={"type": "userAssigned", "userAssignedIdentities": {key: {}}}, tags={"[[plain]": "x"})
    given = {"identity": "a", "password": "Secret-1234"}
    parameters = {"identity": {"type": "string"}, "password": {"type": "securestring"}}
    reply = cloud.send("PUT", DEPLOYMENT, body(*made, parameters=parameters, values=given), version=VERSION)
    assert reply.status == 201, reply.text
    found = cloud.send("GET", MACHINE).json
    assert [name.rpartition("/")[2] for name in found["identity"]["userAssignedIdentities"]] == ["a"]
    assert found["tags"] == {"[plain]": "x"}


@pytest.mark.parametrize("name", ["templateLink", "parametersLink", "onErrorDeployment"])
def test_what_a_deployment_does_not_serve_is_refused(cloud: Cloud, name: str) -> None:
    given = body()
    given["properties"][name] = {"uri": "https://example.org/x.json"}
    reply = cloud.send("PUT", DEPLOYMENT, given, version=VERSION)
    assert (reply.status, reply.code) == (400, "InvalidTemplate")
    assert f"'{name}'" in reply.message


def test_validate_makes_nothing(cloud: Cloud) -> None:
    answer = cloud.send("POST", f"{DEPLOYMENT}/validate", body(*machine(), **PASSWORD), version=VERSION)
    assert answer.status == 200
    ids = {item["id"] for item in answer.json["properties"]["validatedResources"]}
    assert MACHINE in ids
    assert cloud.send("GET", MACHINE).status == cloud.send("GET", DEPLOYMENT, version=VERSION).status == 404


def test_a_group_takes_its_deployments_along(cloud: Cloud) -> None:
    outcome(cloud, *machine(), **PASSWORD)
    cloud.send("DELETE", GROUP, version=VERSION)
    assert not cloud.world.store.deployments


def test_the_log_has_no_secure_parameter() -> None:
    declared = {"key": {"type": "secureString"}, "open": {"type": "string"}, "password": {"type": "string"}}
    given = body(parameters=declared, values={"KEY": "a", "open": "b", "password": {"x": "c"}})
    shown = cleaned(given)["properties"]
    hidden = {"value": "********"}
    assert shown["parameters"] == {"KEY": hidden, "open": {"value": "b"}, "password": hidden}
    assert shown["template"]["parameters"] == declared
