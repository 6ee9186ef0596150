# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user may get wrong with federated_credential and identity_permissions_info: told before anything is sent."""

from __future__ import annotations

from typing import Any

from tests.integration.estate import SUBSCRIPTION, federated, identity_id, rights, vm_id
from tests.integration.test_bad_input import check_refused

GOOD = {"name": "fic", "issuer": "https://issuer.example.com", "subject": "s"}
GITHUB = {"repository": "a/b", "branch": "main"}
POD = {"issuer": "https://issuer.example.com", "namespace": "shop", "service_account": "app"}


def wrong(name: str, expected: str, *credentials: dict[str, Any], **options: Any) -> tuple[str, Any]:
    return name, (federated(name, options.pop("identity", "id-web"), *credentials, **options), expected)


def github(**changes: Any) -> dict[str, Any]:
    return {"name": "fic", "github": {**GITHUB, **changes}}


def pod(**changes: Any) -> dict[str, Any]:
    return {"name": "fic", "kubernetes": {**POD, **changes}}


CREDENTIALS = dict(
    [
        wrong("identity's name", "'x' is not the name of a user-assigned identity", GOOD, identity="x"),
        wrong("identity's type", "is the ID of a Microsoft.Compute/virtualMachines", GOOD, identity=vm_id("vm-web-01")),
        wrong("half an ID", "is not a resource ID. Expected /subscriptions/", GOOD, identity="/subscriptions/x"),
        wrong("group", "'rg/web' is not the name of a resource group", GOOD, resource_group="rg/web"),
        wrong("no group", "'id-web' is a bare name. Name its resource group", GOOD, resource_group="{{ omit }}"),
        wrong("state", "value of state must be one of: present, absent", GOOD, state="gone"),
        wrong("no time", "wait_timeout must be a positive number", GOOD, wait_timeout=0),
        wrong("no name", "missing required arguments: name found in credentials", {"issuer": "https://a"}),
        wrong("unknown", "Unsupported parameters", {**GOOD, "subjects": "x"}),
        wrong("name", "'a b' is not the name of a federated credential: 3 to 120", {**GOOD, "name": "a b"}),
        wrong("name to remove", "'a' is not the name of a federated cred", {"name": "a"}, state="absent"),
        wrong("twice", "'FIC' is named twice. Azure compares names without case.", GOOD, {**GOOD, "name": "FIC"}),
        wrong("same trust", "have the same issuer and subject", GOOD, {**GOOD, "name": "two"}),
        wrong(
            "too many", "There are 21 credentials", *({**GOOD, "name": f"a-{n}", "subject": f"{n}"} for n in range(21))
        ),
        wrong("nothing", "needs either issuer and subject, or github, or kubernetes", {"name": "fic"}),
        wrong("no subject", "It has issuer.", {"name": "fic", "issuer": "https://a"}),
        wrong("two ways", "It has issuer, subject, github.", {**GOOD, "github": GITHUB}),
        wrong("http", "is not an https URL: 'http://a'", {**GOOD, "issuer": "http://a"}),
        wrong("wildcard", "has a wildcard: 'repo:a/b:*'", {**GOOD, "subject": "repo:a/b:*"}),
        wrong("no subject's text", "The subject of the credential 'fic' is empty.", {**GOOD, "subject": ""}),
        wrong("long", "has 601 characters; Azure allows 600", {**GOOD, "subject": "s" * 601}),
        wrong("audiences", "needs exactly one audience, and has 2", {**GOOD, "audiences": ["a", "b"]}),
        wrong("repository", "repository 'shop' is not of the form owner/name", github(repository="shop")),
        wrong("no repository", "missing required arguments: repository", {"name": "fic", "github": {"branch": "a"}}),
        wrong("branch and tag", "It has branch and tag.", github(tag="v1")),
        wrong("branch", "'refs/heads/main' is not the name of a branch", github(branch="refs/heads/main")),
        wrong("environment", "environment is empty", github(branch="{{ omit }}", environment="")),
        wrong("pull request", "exactly one of branch, tag", github(branch="{{ omit }}", pull_request=False)),
        wrong("enterprise", "is not an https URL", github(issuer="github.contoso.com")),
        wrong("namespace", "'Shop' is not the name of a namespace", pod(namespace="Shop")),
        wrong("service account", "'a:b' is not the name of a service account", pod(service_account="a:b")),
        wrong("cluster", "is not an https URL", pod(issuer="cluster.local")),
    ]
)

RIGHTS = {
    "operation": (rights("operation", "fly"), "value of operations must be one or more of: enable, disable, assign"),
    "no operations": (
        {"name": "no operations", "managed_identity.azure.identity_permissions_info": {}},
        "missing required arguments: operations",
    ),
    "no vms": (rights("no vms", "enable"), "The operation enable needs vms."),
    "no identities": (rights("no identities", "assign", vms=[vm_id("a-vm")]), "The operation assign needs identities."),
    "no scopes": (rights("no scopes", "grant"), "The operation grant needs scopes."),
    "no group": (rights("no group", "create_vm"), "The operation create_vm needs resource_group."),
    "nowhere": (rights("nowhere", "create_identity"), "create_identity needs resource_group, or identities."),
    "bare vm": (rights("bare vm", "enable", vms=["vm-web-01"]), "'vm-web-01' in vms is a bare name. Name its resource"),
    "bare identity": (rights("bare identity", "federate", identities=["id-web"]), "'id-web' in identities is a bare"),
    "vm": (rights("vm", "enable", vms=["a b"], resource_group="rg"), "'a b' is not the name of a virtual machine"),
    "vm's type": (rights("vm's type", "enable", vms=[identity_id("id-web")]), "not of a virtual machine"),
    "identity": (rights("identity", "federate", identities=[vm_id("a-vm")]), "not of a user-assigned identity"),
    "group": (rights("group", "create_vm", resource_group="a/b"), "'a/b' is not the name of a resource group"),
    "scope": (rights("scope", "grant", scopes=["rg-web"]), "'rg-web' is not a scope. Expected /subscriptions/{GUID}"),
    "half a scope": (
        rights("half a scope", "grant", scopes=[f"/subscriptions/{SUBSCRIPTION}/resourceGroups"]),
        "is not a scope",
    ),
    "no time": (rights("no time", "create_vm", resource_group="rg", wait_timeout=0), "wait_timeout must be a positive"),
}


def test_federated_credential(one) -> None:
    check_refused(one, CREDENTIALS)


def test_identity_permissions_info(one) -> None:
    check_refused(one, RIGHTS)
