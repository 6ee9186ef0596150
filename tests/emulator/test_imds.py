# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IMDS: which identity a program on a VM gets, and who does not get any."""

from __future__ import annotations

import typing as t

import jwt
import pytest

from tests.emulator.cloud import SUBSCRIPTION, VM, A, B, Cloud, Reply

PATH = f"/imds/{SUBSCRIPTION}/rg/vm/metadata/identity/oauth2/token"
QUERY = "api-version=2018-02-01&resource=https://management.azure.com/"
SEVERAL = (
    "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token "
    "request"
)


def token(cloud: Cloud, more: str = "", path: str = PATH) -> Reply:
    """Ask for a token as a program on the VM."""
    return cloud.raw("GET", f"{path}?{QUERY}{more}", headers={"Metadata": "true"})


def owner(reply: Reply) -> t.Any:
    """Return the principal that a token is for."""
    assert reply.status == 200, reply.text
    return jwt.decode(reply.json["access_token"], options={"verify_signature": False})["oid"]


def principal(cloud: Cloud, identity: str) -> str:
    """Return the principal of a user-assigned identity."""
    return (cloud.world.store.identity_ids(identity) or {})["principalId"]


def users(*identities: str) -> dict[str, t.Any]:
    """Return a block with user-assigned identities."""
    return {"type": "UserAssigned", "userAssignedIdentities": {identity: {} for identity in identities}}


def refusal(reply: Reply) -> tuple[int, str]:
    """Return status and description."""
    return reply.status, reply.json["error_description"]


def test_no_identity(cloud: Cloud) -> None:
    assert refusal(token(cloud)) == (400, "Identity not found")


def test_the_system_identity_is_the_default(cloud: Cloud) -> None:
    cloud.patch({**users(A), "type": "SystemAssigned, UserAssigned"})
    reply = token(cloud)
    assert owner(reply) == (cloud.identity() or {})["principalId"]
    assert {"access_token", "expires_in", "expires_on", "not_before", "resource", "token_type"} <= set(reply.json)
    assert all(isinstance(value, str) for value in reply.json.values())


def test_a_single_user_is_the_default(cloud: Cloud) -> None:
    cloud.patch(users(A))
    assert owner(token(cloud)) == principal(cloud, A)


def test_a_second_user_leaves_no_default(cloud: Cloud) -> None:
    cloud.patch(users(A, B))
    assert refusal(token(cloud)) == (400, SEVERAL)
    assert token(cloud).json["error"] == "invalid_request"


@pytest.mark.parametrize("name", ["client_id", "object_id", "msi_res_id", "mi_res_id"])
def test_naming_an_identity(cloud: Cloud, name: str) -> None:
    cloud.patch(users(A, B))
    ids = cloud.world.store.identity_ids(B) or {}
    value = {"client_id": ids["clientId"], "object_id": ids["principalId"]}.get(name, B.upper())
    assert owner(token(cloud, f"&{name}={value}")) == principal(cloud, B)


@pytest.mark.parametrize("kind", ["SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"])
@pytest.mark.parametrize("name", ["client_id", "object_id", "msi_res_id", "mi_res_id"])
def test_each_parameter_matches_its_own_only(cloud: Cloud, kind: str, name: str) -> None:
    cloud.patch({**users(A, B), "type": kind} if "User" in kind else {"type": kind})
    block = cloud.identity() or {}
    found: list[tuple[str, str | None]] = []
    if "UserAssigned" in kind:
        ids = cloud.world.store.identity_ids(B) or {}
        found += [("client_id", ids["clientId"]), ("object_id", ids["principalId"]), ("res_id", B)]
    if "SystemAssigned" in kind:
        held = cloud.world.store.holder(VM)
        assert held is not None
        # A system-assigned identity has no resource ID of its own; the machine's is none.
        found += [("client_id", held.system_client_id), ("object_id", block["principalId"]), ("", VM)]
    for own, value in found:
        reply = token(cloud, f"&{name}={value}")
        if own and name.endswith(own):
            assert reply.status == 200, (own, reply.text)
        else:
            assert refusal(reply) == (400, "Identity not found"), (own, value)
            assert reply.json["error"] == "invalid_request"


def test_names_of_two_identities(cloud: Cloud) -> None:
    cloud.patch(users(A, B))
    first, second = (cloud.world.store.identity_ids(identity) or {} for identity in (A, B))
    assert token(cloud, f"&client_id={first['clientId']}&object_id={first['principalId']}").status == 200
    other = token(cloud, f"&client_id={first['clientId']}&object_id={second['principalId']}")
    assert refusal(other) == (400, "Identity not found")


def test_naming_one_that_the_vm_does_not_have(cloud: Cloud) -> None:
    cloud.patch(users(A))
    assert refusal(token(cloud, f"&msi_res_id={B}")) == (400, "Identity not found")


def test_a_deleted_identity_gets_no_token(cloud: Cloud) -> None:
    cloud.patch(users(A))
    cloud.send("DELETE", A, version="2023-01-31")
    assert refusal(token(cloud)) == (400, "Identity not found")


def test_a_change_reaches_the_host_when_its_operation_ends(cloud: Cloud) -> None:
    cloud.world.settings = cloud.world.settings.updated({"operation_seconds": 6})
    cloud.patch({"type": "SystemAssigned"})
    assert refusal(token(cloud)) == (400, "Identity not found")
    cloud.now += 6
    assert token(cloud).status == 200


def test_the_header_is_required(cloud: Cloud) -> None:
    reply = cloud.raw("GET", f"{PATH}?{QUERY}")
    assert (reply.status, reply.json["error"]) == (400, "bad_request_102")
    assert reply.headers["Server"].startswith("IMDS/")


def test_forwarded_requests_are_refused(cloud: Cloud) -> None:
    cloud.patch({"type": "SystemAssigned"})
    reply = cloud.raw("GET", f"{PATH}?{QUERY}", headers={"Metadata": "true", "X-Forwarded-For": "10.0.0.1"})
    assert (reply.status, reply.json["error"]) == (400, "bad_request")


def test_arm_takes_the_token_and_knows_the_roles(cloud: Cloud) -> None:
    cloud.patch({"type": "SystemAssigned"})
    headers = {"Authorization": f"Bearer {token(cloud).json['access_token']}"}
    reply = cloud.raw("GET", f"{VM}?api-version=2024-07-01", headers=headers)
    assert (reply.status, reply.code) == (403, "AuthorizationFailed")


@pytest.mark.parametrize("path", ["/imds/x/y/z/metadata/identity/oauth2/token", "/imds", f"/imds/{SUBSCRIPTION}/rg/vm"])
def test_unknown_places(cloud: Cloud, path: str) -> None:
    assert token(cloud, path=path).status == 404
