# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Identities that are not for every resource: isolated in their region, or restricted to providers."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.emulator.access import seeded
from tests.emulator.cloud import GROUP, SEED, VM, A, B, Cloud, Reply

V = "2026-05-31"
ELSEWHERE = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/elsewhere"
SCALE_SET = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/set"
INNER = A.replace("resourceGroups", "resourcegroups")


def give(cloud: Cloud, identity: str = A, version: str = V, **properties: t.Any) -> Reply:
    """PATCH an identity's properties."""
    return cloud.send("PATCH", identity, {"properties": properties}, version=version)


def restrict(cloud: Cloud, *providers: str) -> Reply:
    """Restrict an identity to resource providers."""
    return give(cloud, assignmentRestrictions={"providers": list(providers)})


def users(*identities: str) -> dict[str, t.Any]:
    """Return a block with user-assigned identities."""
    return {"type": "UserAssigned", "userAssignedIdentities": {identity: {} for identity in identities}}


def failed(resource: str, message: str) -> tuple[int, str, str]:
    """Return what there is to say about a refusal; the inner words are ours."""
    inner = f'{{"error":{{"code":"BadRequest","message":"{message}"}}}}'
    return (
        400,
        "FailedIdentityOperation",
        f"Identity operation for resource '{resource}' failed with error 'Failed to perform resource identity "
        f"operation. Status: 'BadRequest'. Response: '{inner}'.'.",
    )


def refused(reply: Reply) -> tuple[int, str, str]:
    """Return what there is to say about an answer."""
    return reply.status, reply.code, reply.message


def not_here(location: str) -> str:
    """Return our words for another region."""
    return (
        f"Identity '{INNER}' in 'westeurope' has the isolation scope 'Regional' and cannot be assigned to a resource "
        f"in '{location}'."
    )


def not_this(kind: str, providers: str) -> str:
    """Return our words for another type."""
    return f"Identity '{INNER}' is restricted to '{providers}' and cannot be assigned to a resource of type '{kind}'."


@pytest.mark.parametrize(("resource", "body"), [(ELSEWHERE, {}), (SCALE_SET, {"sku": {"capacity": 1}})])
def test_an_isolated_identity_stays_in_its_region(cloud: Cloud, resource: str, body: dict[str, t.Any]) -> None:
    assert give(cloud, isolationScope="regional").json["properties"]["isolationScope"] == "Regional"
    assert cloud.patch(users(A)).status == 200
    body = {"location": "North Europe", **body}
    assert refused(cloud.send("PUT", resource, {**body, "identity": users(A)})) == failed(
        resource, not_here("northeurope")
    )
    assert cloud.send("GET", resource).status == 404
    assert cloud.send("PUT", resource, {**body, "identity": users(B)}).status == 201
    assert refused(cloud.patch(users(A), vm=resource)) == failed(resource, not_here("northeurope"))
    assert give(cloud, isolationScope="None").status == 200
    assert cloud.patch(users(A), vm=resource).status == 200


@pytest.mark.parametrize(
    "providers", [[], ["microsoft.compute"], ["Microsoft.Storage", "Microsoft.Compute/VirtualMachines"]]
)
def test_a_restriction_that_has_the_type_or_its_provider(cloud: Cloud, providers: list[str]) -> None:
    shown = restrict(cloud, *providers).json["properties"]["assignmentRestrictions"]
    assert shown == {"providers": providers}
    assert cloud.patch(users(A)).status == 200


@pytest.mark.parametrize(
    ("resource", "kind", "providers"),
    [
        (VM, "Microsoft.Compute/virtualMachines", ["Microsoft.Storage", "Microsoft.Sql"]),
        (VM, "Microsoft.Compute/virtualMachines", ["Microsoft.Compute/virtualMachineScaleSets"]),
        (SCALE_SET, "Microsoft.Compute/virtualMachineScaleSets", ["Microsoft.Compute/virtualMachines"]),
    ],
)
def test_a_restriction_that_has_not(cloud: Cloud, resource: str, kind: str, providers: list[str]) -> None:
    if resource == SCALE_SET:
        cloud.send("PUT", resource, {"location": "westeurope"})
    restrict(cloud, *providers)
    assert refused(cloud.patch(users(A), vm=resource)) == failed(resource, not_this(kind, ",".join(providers)))
    assert "identity" not in cloud.send("GET", resource).json


def test_what_is_assigned_stays_until_it_is_named(cloud: Cloud) -> None:
    cloud.patch(users(A))
    restrict(cloud, "Microsoft.Storage")
    assert cloud.patch(users(B)).status == 200
    assert cloud.patch(users(A)).code == "FailedIdentityOperation"
    assert cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: None}}).status == 200
    assert list((cloud.identity() or {})["userAssignedIdentities"]) == [B]


def test_rights_and_existence_come_first(cloud: Cloud) -> None:
    restrict(cloud, "Microsoft.Storage")
    assert cloud.patch(users(A), caller="limited").code == "LinkedAuthorizationFailed"
    assert "was not found" in cloud.patch(users(A, f"{A}x")).message


@pytest.mark.parametrize("provider", ["Microsoft.Storage/*", "*", "Storage", "", 7, None])
def test_providers_that_cannot_be(cloud: Cloud, provider: t.Any) -> None:
    reply = give(cloud, isolationScope="Regional", assignmentRestrictions={"providers": [provider]})
    assert refused(reply) == (400, "BadRequest", f"The provider '{provider}' of 'assignmentRestrictions' is invalid.")
    assert cloud.send("GET", A, version=V).json["properties"]["isolationScope"] == "None"


def test_scopes_that_cannot_be(cloud: Cloud) -> None:
    message = "The isolation scope 'Global' is invalid. It must be 'None' or 'Regional'."
    assert refused(give(cloud, isolationScope="Global")) == (400, "BadRequest", message)


@pytest.mark.parametrize(
    ("version", "scope", "providers"),
    [
        ("2023-01-31", "None", []),
        ("2024-11-30", "Regional", []),
        ("2026-04-30", "Regional", []),
        ("2025-05-31-preview", "Regional", ["Microsoft.Sql"]),
        ("2026-05-31", "Regional", ["Microsoft.Sql"]),
    ],
)
def test_each_api_version_changes_what_it_knows(cloud: Cloud, version: str, scope: str, providers: list[str]) -> None:
    cloud.send("PATCH", A, {"tags": {"kept": "yes"}}, version=V)
    restrictions = {"providers": ["Microsoft.Sql"]}
    assert give(cloud, version=version, isolationScope="Regional", assignmentRestrictions=restrictions).status == 200
    shown = cloud.send("GET", A, version=V).json
    properties = shown["properties"]
    assert (properties["isolationScope"], properties["assignmentRestrictions"]) == (scope, {"providers": providers})
    assert shown["tags"] == {"kept": "yes"}


def test_a_seed_can_restrict(tmp_path: Path) -> None:
    identities = [
        {
            "name": "a",
            "group": "rg",
            "isolation_scope": "Regional",
            "providers": ["Microsoft.Sql"],
            "location": "uksouth",
        },
        *SEED["identities"][1:],
    ]
    cloud = seeded(tmp_path, identities=identities)
    assert "isolation scope 'Regional'" in cloud.patch(users(A)).message
    assert cloud.send("GET", A, version=V).json["properties"]["assignmentRestrictions"] == {
        "providers": ["Microsoft.Sql"]
    }


def test_one_provider_that_is_no_list(cloud: Cloud) -> None:
    assert give(cloud, assignmentRestrictions={"providers": {"a": 1}}).status == 400
