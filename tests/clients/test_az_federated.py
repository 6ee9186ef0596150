# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure CLI and federated_credential: each sees what the other made; the preflight foretells az's refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.clients.azure_cli import AzureCli
from tests.integration.estate import federated, identity_id, rights, vm_id

ON = ("--resource-group", "rg-web", "--identity-name", "id-web")
OPERATOR = ("7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c31", "emulator-only-operator")
AUDIENCE = "api://AzureADTokenExchange"
GITHUB = {"name": "gh-main", "github": {"repository": "contoso/shop", "branch": "main"}}
POD = {
    "name": "pod",
    "kubernetes": {"issuer": "https://oidc.example.com/c/", "namespace": "shop", "service_account": "app"},
}


def same(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The credentials of a result, as az shows them."""
    return [
        {key: item[key] for key in ("id", "name", "issuer", "subject", "audiences")}
        for item in result["federated_credentials"]
    ]


def seen(az: AzureCli) -> list[dict[str, Any]]:
    """What az lists, without what the module does not tell."""
    items = az("identity", "federated-credential", "list", *ON)
    keys = ("id", "name", "issuer", "subject", "audiences")
    return sorted(({key: item[key] for key in keys} for item in items), key=lambda item: item["name"])


def test_az_sees_what_the_playbook_made(emulator, az, play) -> None:
    run = play([federated("create", "id-web", GITHUB, POD)])
    assert run.result("create")["created"] == ["gh-main", "pod"]
    assert seen(az) == same(run.result("create"))
    assert [item["subject"] for item in seen(az)] == [
        "repo:contoso/shop:ref:refs/heads/main",
        "system:serviceaccount:shop:app",
    ]
    play([federated("remove", "id-web", {"name": "pod"}, state="absent")])
    assert [item["name"] for item in seen(az)] == ["gh-main"]


def test_the_playbook_leaves_what_az_made(emulator, az, play) -> None:
    for name, issuer, subject in (
        ("gh-main", "https://token.actions.githubusercontent.com", "repo:contoso/shop:ref:refs/heads/main"),
        ("pod", "https://oidc.example.com/c/", "system:serviceaccount:shop:app"),
    ):
        what = ("--name", name, "--issuer", issuer, "--subject", subject, "--audiences", AUDIENCE)
        az("identity", "federated-credential", "create", *ON, *what)
    before = seen(az)
    run = play([federated("same", "id-web", GITHUB, POD), federated("again", "id-web", {**POD, "name": "POD"})])
    assert [run.result(task)["changed"] for task in ("same", "again")] == [False, False]
    assert same(run.result("same")) == before == seen(az)
    az("identity", "federated-credential", "update", *ON, "--name", "pod", "--subject", "other")
    assert play([federated("mend", "id-web", POD)]).result("mend")["updated"] == ["pod"]
    assert seen(az) == before


def test_the_preflight_foretells_what_az_is_refused(emulator, installed, play, tmp_path: Path) -> None:
    operator = AzureCli.signed_in(emulator, tmp_path, *OPERATOR)
    refusal = operator.refused(
        "vm",
        "identity",
        "assign",
        "--resource-group",
        "rg-web",
        "--name",
        "vm-web-01",
        "--identities",
        identity_id("id-web"),
    )
    env = {**emulator.env, "AZURE_CLIENT_ID": OPERATOR[0], "AZURE_SECRET": OPERATOR[1]}
    result = play(
        [rights("ask", "assign", vms=[vm_id("vm-web-01")], identities=[identity_id("id-web")])], env=env
    ).result("ask")
    (missing,) = [item for item in result["permissions"] if item["state"] == "missing"]
    assert missing["action"] in refusal
    assert missing["scope"] in refusal
    assert [item["state"] for item in result["permissions"]] == ["granted", "granted", "missing"]
