# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of Azure for managed identities as resources, and how answers are read."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._user_assigned import (
    UserAssignedIdentities,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ArmError,
    ManagedIdentityError,
    UnexpectedAnswer,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import IDENTITY, ResourceId
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._federated import (
    FederatedCredential,
)
from tests.unit.arm.fake_client import SUB, UAI, UAI_BODY, VM, FakeClient, ask

DEADLINE = Deadline(999)
LIST = f"/subscriptions/{SUB}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities"


def test_an_identity_is_looked_up_once() -> None:
    gone = arm_error("no", status=404, code="ResourceNotFound")
    client = FakeClient((UAI_BODY, {}), gone)
    identities = UserAssignedIdentities(client)
    other = ResourceId.build(SUB, "rg", IDENTITY, "id-b")
    for spelt in (UAI, ResourceId.parse(str(UAI).upper())):
        found = ask(identities.look_up(spelt, DEADLINE))
        assert (found.principal_id, found.client_id) == ("p", "c")
    for _again in range(2):
        assert ask(identities.look_up(other, DEADLINE)) is None
    assert [asked[1] for asked in client.asked] == [str(UAI), str(other)]


def test_a_look_up_that_is_not_allowed_is_an_error() -> None:
    with pytest.raises(ArmError):
        ask(
            UserAssignedIdentities(FakeClient(arm_error("no", status=403, code="AuthorizationFailed"))).look_up(
                UAI, DEADLINE
            )
        )


def test_the_client_id_of_a_system_identity() -> None:
    client = FakeClient(({"properties": {"clientId": "c"}}, {}), ({}, {}))
    identities = UserAssignedIdentities(client)
    assert ask(identities.system_client_id(VM, DEADLINE)) == "c"
    assert client.asked[0][:2] == ("GET", f"{VM}/providers/Microsoft.ManagedIdentity/identities/default")
    with pytest.raises(ManagedIdentityError, match="The answer lacks properties"):
        ask(identities.system_client_id(VM, DEADLINE))


@pytest.mark.parametrize("code", ["ResourceNotFound", "ResourceGroupNotFound"])
def test_an_identity_that_is_not_there(code: str) -> None:
    assert ask(UserAssignedIdentities(FakeClient(arm_error("no", status=404, code=code))).read(UAI, DEADLINE)) is None


def test_a_subscription_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ArmError):
        ask(
            UserAssignedIdentities(FakeClient(arm_error("no", status=404, code="SubscriptionNotFound"))).read(
                UAI, DEADLINE
            )
        )


def test_reads_and_writes_of_one() -> None:
    client = FakeClient(*((UAI_BODY, {}),) * 3)
    identities = UserAssignedIdentities(client)
    body = {"location": "westeurope"}
    for found in (
        ask(identities.read(UAI, DEADLINE)),
        ask(identities.put(UAI, body, DEADLINE)),
        ask(identities.patch(UAI, {"tags": {}}, DEADLINE)),
    ):
        assert (found.id, found.location, found.principal_id, found.client_id) == (UAI, "westeurope", "p", "c")
    assert client.asked == [
        ("GET", str(UAI), "2024-11-30", {}),
        ("PUT", str(UAI), "2024-11-30", {"body": body}),
        ("PATCH", str(UAI), "2024-11-30", {"body": {"tags": {}}}),
    ]


@pytest.mark.parametrize(("status", "was_there"), [(200, True), (204, False)])
def test_deletion_tells_whether_it_was_there(status: int, was_there: bool) -> None:
    assert ask(UserAssignedIdentities(FakeClient((None, {}, status))).delete(UAI, DEADLINE)) is was_there


async def collected(items: Any) -> list[Any]:
    return [item async for item in items]


def test_what_is_gone_already_was_not_deleted() -> None:
    gone = arm_error("no", status=404, code="ResourceNotFound")
    assert ask(UserAssignedIdentities(FakeClient(gone)).delete(UAI, DEADLINE)) is False
    assert ask(UserAssignedIdentities(FakeClient(gone)).delete_credential(UAI, "x", DEADLINE)) is False


def test_an_answer_about_another_identity_is_none() -> None:
    other = {**UAI_BODY, "id": str(UAI) + "x"}
    with pytest.raises(UnexpectedAnswer, match="about another identity"):
        ask(UserAssignedIdentities(FakeClient((other, {}))).read(UAI, DEADLINE))


def test_lists() -> None:
    second = {**UAI_BODY, "id": str(UAI) + "2"}
    client = FakeClient(({"value": [UAI_BODY], "nextLink": "https://arm.test/2"}, {}), ({"value": [second]}, {}))
    found = ask(collected(UserAssignedIdentities(client).list_all(SUB, "rg", DEADLINE)))
    assert [one.id.name for one in found] == ["id-a", "id-a2"]
    assert client.asked == [("GET", LIST, "2024-11-30", {}), ("GET", "https://arm.test/2", None, {})]


def test_the_users_of_one_are_asked_for_by_the_api_version_that_tells_them_page_by_page() -> None:
    rows = [{"id": f"/x/{number}", "type": "microsoft.web/sites"} for number in (1, 2)]
    client = FakeClient(({"value": rows[:1], "nextLink": "https://arm.test/2"}, {}), ({"value": rows[1:]}, {}))
    assert [user.id for user in ask(collected(UserAssignedIdentities(client).users(UAI, DEADLINE)))] == ["/x/1", "/x/2"]
    assert client.asked == [
        ("POST", f"{UAI}/listAssociatedResources", "2022-01-31-preview", {"reads": True}),
        ("POST", "https://arm.test/2", None, {"reads": True}),
    ]


def test_federated_credentials() -> None:
    trusted = {"issuer": "https://i", "subject": "s", "audiences": ["a"]}
    path = f"{UAI}/federatedIdentityCredentials"
    said, other = ({"id": f"{path}/{name}", "name": name, "properties": trusted} for name in "xy")
    elsewhere = {**said, "id": f"{UAI}2/federatedIdentityCredentials/x"}
    client = FakeClient(({"value": [said]}, {}), (said, {}), (other, {}), (elsewhere, {}), (None, {}, 200))
    identities, wanted = UserAssignedIdentities(client), FederatedCredential("x", "https://i", "s", ("a",))
    assert ask(identities.credentials(UAI, DEADLINE)) == [wanted]
    assert ask(identities.put_credential(UAI, wanted, DEADLINE)) == wanted
    with pytest.raises(UnexpectedAnswer, match="about another credential: y"):
        ask(identities.put_credential(UAI, wanted, DEADLINE))
    with pytest.raises(UnexpectedAnswer, match="a credential of id-a"):
        ask(identities.put_credential(UAI, wanted, DEADLINE))
    assert ask(identities.delete_credential(UAI, "x", DEADLINE)) is True
    assert [(asked[0], asked[1], asked[3]) for asked in client.asked] == [
        ("GET", path, {}),
        *[("PUT", f"{path}/x", {"body": {"properties": trusted}})] * 3,
        ("DELETE", f"{path}/x", {}),
    ]


def test_whether_isolation_scopes_are_known() -> None:
    said = "No resource provider found. The supported api-versions are '2018-11-30, 2023-01-31'."
    refused = arm_error(said, status=400, code="NoRegisteredProviderFound")
    identities = UserAssignedIdentities(FakeClient(refused, (UAI_BODY, {})))
    assert identities.knows_isolation
    assert ask(identities.read(UAI, DEADLINE)).id == UAI
    assert not identities.knows_isolation
