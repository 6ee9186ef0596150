# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths as the front door takes them: a client that sends dot segments hits what is left of the path."""

from __future__ import annotations

import json

import pytest

from emulator.wire.front_path import canonical_path
from tests.emulator.client import Answer, Client
from tests.support.emulator import Emulator

SUBSCRIPTION = "/subscriptions/11111111-2222-4333-8444-555555555555"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-data"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
NAME = "0b1f6471-1bf0-4dda-aec3-111122223333"
GRANT = f"providers/Microsoft.Authorization/roleAssignments/{NAME}?api-version=2022-04-01"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-batch-01"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "/"),
        ("/a/b", "/a/b"),
        ("//a///b/", "/a/b/"),
        ("/a/./b/.", "/a/b/"),
        ("/a/b/../c", "/a/c"),
        ("/a/b/..", "/a/"),
        ("/a/b/../..", "/"),
        ("/../../a", "/a"),
        ("/a/..b/c../...", "/a/..b/c../..."),
    ],
)
def test_canonical_path(path: str, expected: str) -> None:
    assert canonical_path(path) == expected


def grant(emulator: Emulator, scope: str) -> Answer:
    """Grant the identity id-web the role Owner, by exactly the path that is given."""
    client = Client(emulator)
    body = {
        "properties": {
            "roleDefinitionId": f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{OWNER}",
            "principalId": emulator.identity("id-web")["principal_id"],
            "principalType": "ServicePrincipal",
        }
    }
    headers = {"Authorization": f"Bearer {client.token()}", "Content-Type": "application/json"}
    return client.raw("PUT", f"{scope}/{GRANT}", json.dumps(body), headers)


@pytest.mark.parametrize(
    "climb",
    [
        "providers/x/../../../..",
        "providers/x/%2e%2e/%2E%2e/.%2e/%2E.",
        "providers/x/..%2F..%2f../..",
        "providers/x/./..//.././/../%2e/..",
    ],
)
def test_a_grant_at_a_path_that_climbs_lands_where_it_ends(emulator: Emulator, climb: str) -> None:
    answer = grant(emulator, f"{GROUP}/{climb}")
    assert answer.status == 201
    assert answer.json["properties"]["scope"] == SUBSCRIPTION
    assert answer.json["id"].startswith(f"{SUBSCRIPTION}/providers/Microsoft.Authorization/")


def test_a_path_that_climbs_to_another_vm(emulator: Emulator) -> None:
    client = Client(emulator)
    answer = client.send("GET", f"{VM}/../vm-batch-01/../../virtualMachines/vm-batch-01?api-version=2024-07-01")
    assert (answer.status, answer.json["id"].lower()) == (200, VM.lower())


@pytest.mark.parametrize("encoded", ["%5C", "%3F", "%3C", "%3e", "%26"])
def test_what_the_web_server_takes_for_dangerous(emulator: Emulator, encoded: str) -> None:
    answer = grant(emulator, f"{GROUP}/providers/x/{encoded}y")
    assert (answer.status, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert b"A potentially dangerous Request.Path value was detected from the client (" in answer.body
    assert "x-ms-request-id" not in answer.headers


@pytest.mark.parametrize("encoded", ["%00", "%0a", "%09", "%7F", "%C2%85"])
def test_control_characters(emulator: Emulator, encoded: str) -> None:
    answer = grant(emulator, f"{GROUP}/providers/x/{encoded}y")
    assert (answer.status, answer.headers["Content-Type"]) == (400, "text/html; charset=us-ascii")
    assert b"Bad Request - Invalid URL" in answer.body


def test_what_is_encoded_twice(emulator: Emulator) -> None:
    answer = grant(emulator, f"{GROUP}/providers/x/%252e%252e")
    assert (answer.status, answer.json["error"]["code"]) == (400, "InvalidDoubleEncodedRequestUri")
    assert f"{GROUP}/providers/x/%252e%252e/" in answer.json["error"]["message"]
    assert answer.json["error"]["message"].endswith("is not valid, because it contains double encoding sequence '%25'.")


def test_odd_names_that_azure_has_pass(emulator: Emulator) -> None:
    """Such as a DNS record, a certificate, and a protected item; nothing of the kind is served, so nothing is found."""
    for name in ("*", "@", "a:b", "a%23b", "VM;x;y", "(a)%20b!", "%C3%A4", "$web"):
        answer = Client(emulator).send("GET", f"{GROUP}/providers/Nobody.Knows/things/{name}?api-version=2024-07-01")
        assert (answer.status, answer.json["error"]["code"]) == (404, "InvalidResourceNamespace"), name
