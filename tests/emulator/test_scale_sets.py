# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scale sets: identity as on VMs, models and instances, upgrades, flexible ones."""

from __future__ import annotations

import copy
import typing as t
from pathlib import Path

import pytest

from emulator.base.fields import SeedError
from tests.emulator.cloud import GROUP, SEED, SUBSCRIPTION, A, B, Cloud

SET = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss"
ENABLE = {"type": "SystemAssigned"}
USERS = {"type": "UserAssigned", "userAssignedIdentities": {A: {}}}


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    """A cloud with a uniform scale set of two."""
    return Cloud(tmp_path, {**copy.deepcopy(SEED), "scale_sets": [{"name": "vmss", "group": "rg"}]})


def applied(cloud: Cloud) -> list[bool]:
    """Return which instances have the latest model."""
    value = cloud.send("GET", f"{SET}/virtualMachines").json["value"]
    return [item["properties"]["latestModelApplied"] for item in value]


def poll(cloud: Cloud, reply: t.Any) -> str:
    """Return the status of a write's operation."""
    return t.cast("str", cloud.send("GET", reply.headers["Azure-AsyncOperation"]).json["status"])


def test_get_and_list(cloud: Cloud) -> None:
    found = cloud.send("GET", SET)
    assert (found.status, found.headers["ETag"]) == (200, '"1"')
    assert found.json["sku"] == {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 2}
    assert found.json["properties"]["upgradePolicy"] == {"mode": "Manual"}
    for scope in (GROUP, f"/subscriptions/{SUBSCRIPTION}"):
        value = cloud.send("GET", f"{scope}/providers/{SET.split('/providers/')[1].rpartition('/')[0]}").json["value"]
        assert [item["id"] for item in value] == [SET]
    missing = cloud.send("GET", f"{SET}x")
    assert (missing.status, missing.code) == (404, "ResourceNotFound")
    assert "'Microsoft.Compute/virtualMachineScaleSets/vmssx'" in missing.message


def test_a_patch_of_the_identity_is_as_on_a_vm(cloud: Cloud) -> None:
    reply = cloud.patch(USERS, SET)
    assert (reply.status, "Location" in reply.headers, reply.headers["ETag"]) == (200, False, '"2"')
    assert reply.json["identity"]["userAssignedIdentities"] == {A: {}}
    assert poll(cloud, reply) == "Succeeded"
    both = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {B: {}, A.upper(): None}}
    cloud.patch(both, SET)
    identity = cloud.identity(SET) or {}
    assert identity["type"] == "SystemAssigned, UserAssigned"
    assert list(identity["userAssignedIdentities"]) == [B]
    assert identity["userAssignedIdentities"][B]["principalId"]
    cloud.patch({"type": "None"}, SET)
    assert cloud.identity(SET) is None


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ({"type": "UserAssigned", "userAssignedIdentities": {}}, "MissingIdentityIds"),
        ({"type": "UserAssigned", "userAssignedIdentities": {A: {"x": 1}}}, "InvalidIdentityValues"),
        ({"type": "UserAssigned", "userAssignedIdentities": {f"{A}x": {}}}, "FailedIdentityOperation"),
    ],
)
def test_refusals(cloud: Cloud, identity: dict[str, t.Any], code: str) -> None:
    reply = cloud.patch(identity, SET)
    assert (reply.status, reply.code) == (400, code)


def test_etag_and_conflict(cloud: Cloud) -> None:
    refused = cloud.patch(ENABLE, SET, headers={"If-Match": '"7"'})
    assert (refused.status, refused.code) == (412, "PreconditionFailed")
    assert refused.message == 'Etag provided in if-match header "7" does not match etag "1" of resource.'
    cloud.world.settings = cloud.world.settings.updated({"operation_seconds": 6})
    cloud.patch(ENABLE, SET)
    refused = cloud.patch(ENABLE, SET)
    assert (refused.status, refused.code) == (409, "Conflict")


def test_linked_access_names_the_scale_set(cloud: Cloud) -> None:
    refused = cloud.patch(USERS, SET, caller="limited")
    assert (refused.status, refused.code) == (403, "LinkedAuthorizationFailed")
    assert "'Microsoft.Compute/virtualMachineScaleSets/write' on scope" in refused.message


def test_manual_upgrade(cloud: Cloud) -> None:
    assert applied(cloud) == [True, True]
    cloud.patch(ENABLE, SET)
    assert applied(cloud) == [False, False]
    assert "identity" not in cloud.send("GET", f"{SET}/virtualMachines/0").json
    reply = cloud.send("POST", f"{SET}/manualupgrade", {"instanceIds": ["0"]})
    assert (reply.status, reply.text) == (202, "")
    assert poll(cloud, reply) == "Succeeded"
    assert applied(cloud) == [True, False]
    principal = (cloud.identity(SET) or {})["principalId"]
    assert cloud.send("GET", f"{SET}/virtualMachines/0").json["identity"]["principalId"] == principal
    cloud.send("POST", f"{SET}/manualupgrade", {"instanceIds": ["*"]})
    assert applied(cloud) == [True, True]


def test_what_changes_nothing_leaves_the_instances_current(cloud: Cloud) -> None:
    cloud.send("PATCH", SET, {"tags": {"a": "b"}})
    cloud.patch({"type": "None"}, SET)
    assert applied(cloud) == [True, True]


def test_upgrades_at_the_same_time(cloud: Cloud) -> None:
    cloud.world.settings = cloud.world.settings.updated({"operation_seconds": 6})
    assert cloud.send("POST", f"{SET}/manualupgrade", {"instanceIds": ["*"]}).status == 202
    refused = cloud.send("POST", f"{SET}/manualupgrade", {"instanceIds": ["*"]})
    assert refused.status == 409
    assert refused.text == (
        '{\r\n  "error": {\r\n    "code": "Conflict",\r\n    "message": "The request failed due to conflict with a '
        "concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the "
        'conflicting requests."\r\n  }\r\n}'
    )
    cloud.now += 6
    assert cloud.send("POST", f"{SET}/manualupgrade", {"instanceIds": ["*"]}).status == 202


@pytest.mark.parametrize("wanted", [["7"], [], None])
def test_upgrades_of_nothing(cloud: Cloud, wanted: object) -> None:
    reply = cloud.send("POST", f"{SET}/manualupgrade", {"instanceIds": wanted})
    assert (reply.status, reply.code) == (400, "InvalidParameter")


@pytest.mark.parametrize("mode", ["Automatic", "Rolling"])
def test_other_policies_upgrade_by_themselves(cloud: Cloud, mode: str) -> None:
    cloud.send("PATCH", SET, {"properties": {"upgradePolicy": {"mode": mode}}})
    cloud.world.settings = cloud.world.settings.updated({"operation_seconds": 6})
    cloud.patch(USERS, SET)
    assert applied(cloud) == [False, False]
    cloud.now += 6
    assert applied(cloud) == [True, True]


def test_a_failed_write_leaves_the_instances_current(cloud: Cloud) -> None:
    reply = cloud.patch(ENABLE, SET, status="Failed", code="Oops", message="no")
    assert poll(cloud, reply) == "Failed"
    assert applied(cloud) == [True, True]


def test_capacity(cloud: Cloud) -> None:
    cloud.patch(USERS, SET)
    cloud.send("PATCH", SET, {"sku": {"capacity": 3}})
    # A new instance is made of the latest model.
    assert applied(cloud) == [False, False, True]
    cloud.send("PATCH", SET, {"sku": {"capacity": 1}})
    assert applied(cloud) == [False]
    refused = cloud.send("PATCH", SET, {"sku": {"capacity": -1}})
    assert (refused.status, refused.code) == (400, "InvalidParameter")


def test_create_and_delete(cloud: Cloud) -> None:
    new = f"{SET}2"
    profile = {"osProfile": {"computerNamePrefix": "web", "adminUsername": "ada", "adminPassword": "Hidden-1"}}
    body = {
        "location": "westeurope",
        "sku": {"name": "Standard_D2s_v5", "capacity": 1},
        "identity": USERS,
        "properties": {"upgradePolicy": {"mode": "Manual"}, "virtualMachineProfile": profile},
    }
    created = cloud.send("PUT", new, body)
    assert (created.status, created.json["properties"]["provisioningState"]) == (201, "Creating")
    assert poll(cloud, created) == "Succeeded"
    assert "Hidden" not in cloud.send("GET", new).text
    (instance,) = cloud.send("GET", f"{new}/virtualMachines").json["value"]
    assert instance["properties"]["osProfile"]["computerName"] == "web000000"
    assert list(instance["identity"]["userAssignedIdentities"]) == [A]
    replaced = cloud.send("PUT", new, {**body, "identity": {**USERS, "userAssignedIdentities": {B: {}}}})
    assert replaced.status == 200
    assert list((cloud.identity(new) or {})["userAssignedIdentities"]) == [B]
    assert cloud.send("DELETE", new).status == 202
    assert cloud.send("GET", new).status == 404
    assert cloud.send("DELETE", new).status == 204


def test_instances_come_in_pages(cloud: Cloud) -> None:
    cloud.send("PATCH", SET, {"sku": {"capacity": 12}})
    cloud.world.settings = cloud.world.settings.updated({"page_size": 5})
    numbers, link = [], f"{SET}/virtualMachines"
    while link:
        page = cloud.send("GET", link).json
        numbers += [item["instanceId"] for item in page["value"]]
        link = page.get("nextLink", "")
    assert numbers == [str(number) for number in range(12)]


def test_a_flexible_scale_set_has_vms(cloud: Cloud) -> None:
    flexible = f"{SET}-flex"
    body = {
        "location": "westeurope",
        "sku": {"name": "Standard_D2s_v5", "capacity": 2},
        "identity": USERS,
        "properties": {"orchestrationMode": "Flexible"},
    }
    cloud.send("PUT", flexible, body)
    assert cloud.send("GET", flexible).status == 200
    filtered = (
        f"{GROUP}/providers/Microsoft.Compute/virtualMachines?$filter='virtualMachineScaleSet/id' eq '{flexible}'"
    )
    vms = cloud.send("GET", filtered).json["value"]
    assert len(vms) == 2
    assert all(vm["properties"]["virtualMachineScaleSet"]["id"] == flexible for vm in vms)
    assert list(vms[0]["identity"]["userAssignedIdentities"]) == [A]
    # A change of the scale set is none of its VMs, and the other way round.
    cloud.patch({"type": "None"}, flexible)
    assert cloud.identity(vms[0]["id"]) is not None
    cloud.patch(ENABLE, vms[0]["id"])
    assert (cloud.identity(vms[0]["id"]) or {})["type"] == "SystemAssigned"
    assert cloud.identity(flexible) is None
    assert cloud.send("GET", f"{flexible}/virtualMachines").status == 400
    cloud.send("DELETE", flexible)
    assert cloud.send("GET", flexible).status == 404
    assert cloud.send("GET", vms[0]["id"]).status == 404


@pytest.mark.parametrize("kind", ["SystemAssigned", "SystemAssigned, UserAssigned"])
def test_a_flexible_scale_set_has_no_system_identity(cloud: Cloud, kind: str) -> None:
    flexible = f"{SET}-flex"
    identity = {**USERS, "type": kind} if "User" in kind else {"type": kind}
    body = {"location": "westeurope", "properties": {"orchestrationMode": "Flexible"}}
    replies = [cloud.send("PUT", flexible, {**body, "identity": identity})]
    assert cloud.send("GET", flexible).status == 404
    assert cloud.send("PUT", flexible, body).status == 201
    replies.append(cloud.patch(identity, flexible))
    for reply in replies:
        assert (reply.status, reply.code, reply.json["error"]["target"]) == (400, "InvalidParameter", "identity")
        allowed = "Allowed values are: UserAssigned, None."
        assert reply.message == f"The value '{kind}' of parameter 'identity' is not allowed. {allowed}"
    assert cloud.identity(flexible) is None
    assert cloud.patch(USERS, flexible).status == 200


def test_a_seed_cannot_give_it_one(tmp_path: Path) -> None:
    seed = {"name": "vmss", "group": "rg", "orchestration": "Flexible", "system_identity": True}
    with pytest.raises(SeedError, match="a flexible scale set has none"):
        Cloud(tmp_path, {**copy.deepcopy(SEED), "scale_sets": [seed]})


def test_the_seed_and_imds(tmp_path: Path) -> None:
    seed = {"name": "vmss", "group": "rg", "system_identity": True, "user_identities": ["a"], "behind": [1]}
    cloud = Cloud(tmp_path, {**copy.deepcopy(SEED), "scale_sets": [seed]})
    assert applied(cloud) == [True, False]
    query = "api-version=2018-02-01&resource=https://management.azure.com/"
    answers = [
        cloud.raw(
            "GET",
            f"/imds/{SUBSCRIPTION}/rg/vmss/{number}/metadata/identity/oauth2/token?{query}",
            headers={"Metadata": "true"},
        )
        for number in (0, 1, 2)
    ]
    assert [answer.status for answer in answers] == [200, 400, 404]
    assert answers[1].json["error_description"] == "Identity not found"
    assert answers[0].json["client_id"] == cloud.world.store.scale_sets[SET.lower()].system_client_id
