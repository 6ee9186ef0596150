# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a seed about access: what they make, what is refused, and what a reset brings back."""

from __future__ import annotations

import copy
import json
import typing as t
from pathlib import Path

import pytest

from emulator.base.fields import SeedError
from emulator.control import serve_control
from emulator.seeding.seed import build
from tests.emulator.access import CONTRIBUTOR, PERSON, assign, name_of, seeded
from tests.emulator.cloud import GROUP, OTHER_TENANT, SEED, SUBSCRIPTION, TENANT, A, Cloud

GUEST = {"name": "guest", "object_id": PERSON, "secret": "g", "roles": []}
FIC = {"name": "fic", "issuer": "https://i", "subject": "s"}


def state(cloud: Cloud) -> dict[str, t.Any]:
    """Return what the control API says."""
    return t.cast("dict[str, t.Any]", json.loads(serve_control(cloud.world, "GET", "state", {}, b"").body))


def test_what_it_makes(tmp_path: Path) -> None:
    name = name_of("assignment")
    cloud = seeded(
        tmp_path,
        management_groups=[{"name": "Platform"}],
        callers=[*SEED["callers"], GUEST],
        identities=[{"name": "a", "group": "rg", "roles": [{"role": "Reader", "scope": "/"}], "federated": [FIC]}],
        role_definitions=[{"name": "Mine", "actions": ["*/read"]}],
        role_assignments=[
            {"role": "mine", "scope": GROUP, "principal": "guest", "name": name, "condition": "c", "description": "d"},
            {"role": CONTRIBUTOR, "scope": "/", "principal": name_of("group"), "type": "Group"},
        ],
    )
    found = state(cloud)
    by_scope = {(item["scope"], item["principal_type"]): item for item in found["role_assignments"]}
    assert len(by_scope) == 4
    mine = by_scope[GROUP, "ServicePrincipal"]
    assert (mine["name"], mine["principal_id"], mine["condition"], mine["description"]) == (name, PERSON, "c", "d")
    assert by_scope["/", "Group"]["role"] == CONTRIBUTOR
    assert found["role_definitions"] == [
        {"id": mine["role"], "name": "Mine", "actions": ["*/read"], "not_actions": []},
    ]
    (credential,) = found["federated_credentials"]
    assert credential["id"] == f"{A.replace('resourceGroups', 'resourcegroups')}/federatedIdentityCredentials/fic"
    assert credential["audiences"] == ["api://AzureADTokenExchange"]
    assert (tmp_path / "a.jwt").is_file()


def test_a_reset_brings_it_back(tmp_path: Path) -> None:
    cloud = seeded(tmp_path, callers=[*SEED["callers"], GUEST])
    before = state(cloud)
    assert assign(cloud, PERSON).status == 201
    body = {"properties": {"issuer": "https://i", "subject": "s", "audiences": ["a"]}}
    assert cloud.send("PUT", f"{A}/federatedIdentityCredentials/fic", body, version="2023-01-31").status == 201
    assert state(cloud) != before
    cloud.world.reset()
    assert state(cloud) == before


MANAGEMENT: dict[str, t.Any] = {"id": SUBSCRIPTION, "name": "First"}


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"management_groups": [{"name": "x", "parent": "y"}]}, "management_groups[0].parent 'y' is not among"),
        ({"management_groups": [{"name": "x", "tenant": "y"}]}, "management_groups[0].tenant 'y' is not among"),
        (
            {"subscriptions": [{**MANAGEMENT, "management_group": OTHER_TENANT}]},
            f"subscriptions[0].management_group '{OTHER_TENANT}' is not one of",
        ),
        ({"role_definitions": [{"name": "reader"}]}, "role_definitions[0].name 'reader' is the name of another role"),
        ({"role_definitions": [{"name": "x", "id": "y"}]}, "role_definitions[0].id must be a GUID"),
        (
            {"role_assignments": [{"role": "Reader", "scope": "rg", "principal": PERSON}]},
            "role_assignments[0].scope must be an ID that begins with a slash",
        ),
        (
            {"role_assignments": [{"role": "King", "scope": "/", "principal": PERSON}]},
            "role_assignments[0].role 'King' is not a role",
        ),
        (
            {"role_assignments": [{"role": "Reader", "scope": "/", "principal": "main"}]},
            "role_assignments[0].principal 'main' may do everything",
        ),
        (
            {"role_assignments": [{"role": "Reader", "scope": "/", "principal": PERSON, "type": "Robot"}]},
            "role_assignments[0].type must be one of",
        ),
        (
            {"identities": [{"name": "a", "group": "rg", "federated": [{**FIC, "name": "x"}]}]},
            "identities[0].federated[0]: Federated Identity Credential name 'x' is invalid.",
        ),
        (
            {"identities": [{"name": "a", "group": "rg", "federated": [FIC, {**FIC, "name": "two"}]}]},
            "identities[0].federated[1]: Issuer and subject combination already exists",
        ),
    ],
)
def test_errors_name_the_place(parts: dict[str, t.Any], text: str) -> None:
    with pytest.raises(SeedError) as caught:
        build({**copy.deepcopy(SEED), "vms": [], **parts}, {}, lambda name: name)
    assert str(caught.value).startswith(text)


def test_the_root_group_is_the_tenant(cloud: Cloud) -> None:
    assert cloud.world.store.management_groups[TENANT].tenant == TENANT
    assert cloud.world.store.subscriptions[SUBSCRIPTION].management_group == TENANT
