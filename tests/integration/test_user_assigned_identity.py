# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_assigned_identity and its info module: an identity's life, what is sent for it, and bad input."""

from __future__ import annotations

import pytest

from tests.integration.estate import (
    OTHER_SUBSCRIPTION,
    SUBSCRIPTION,
    TENANT,
    identity,
    identity_id,
    identity_info,
    vm_id,
)
from tests.integration.test_bad_input import check_line, check_refused

NEW = "id-new"


def sent(emulator) -> list:
    """What was sent about identities and groups: the method and the last part of the path, or the body of a write."""
    entries = emulator.log("^/subscriptions/")
    paths = [(entry, entry["path"].partition("?")[0].rsplit("/", 1)[1]) for entry in entries]
    return [(entry["method"], name, *([entry["body"]] if entry["body"] else [])) for entry, name in paths]


@pytest.mark.oldest
def test_life(both) -> None:
    tags = {"team": "web", "note": ""}
    run = both(
        [
            identity("absent already", NEW, state="absent", diff=True),
            identity("check", NEW, tags=tags, check_mode=True, diff=True),
            identity("create", NEW, tags=tags, diff=True),
            identity("again", NEW, tags=tags, location="West Europe", isolation_scope="none"),
            identity("as it is", identity_id(NEW).upper()),
            identity("check one more", NEW, tags={"TEAM": "app", "x": 1}, check_mode=True, diff=True),
            identity("one more", NEW, tags={"TEAM": "app", "x": 1}, isolation_scope="regional", diff=True),
            identity("still there", NEW, tags={"note": ""}),
            identity("exactly", NEW, tags={"X": "1"}, append_tags=False),
            identity("none", NEW, tags={}, append_tags=False),
            identity("none again", NEW, tags={}, append_tags=False),
            identity("check absent", NEW, state="absent", check_mode=True, diff=True),
            identity("delete", NEW, state="absent", diff=True),
            identity("deleted already", NEW, state="absent"),
        ]
    )
    changed = [line["task"] for line in run.results if line["result"]["changed"]]
    expected = ["check", "create", "check one more", "one more", "exactly", "none", "check absent", "delete"]
    assert changed == expected

    made = run.result("create")["user_assigned_identity"]
    assert made == {
        "id": identity_id(NEW).replace("/resourceGroups/", "/resourcegroups/"),
        "name": NEW,
        "resource_group": "rg-web",
        "subscription_id": SUBSCRIPTION,
        "location": "westeurope",
        "tags": tags,
        "isolation_scope": "none",
        "principal_id": made["principal_id"],
        "client_id": made["client_id"],
        "tenant_id": TENANT,
    }
    assert made["principal_id"]
    assert made["client_id"]
    unknown = {"id": identity_id(NEW), "principal_id": None, "client_id": None, "tenant_id": None}
    assert run.result("check")["user_assigned_identity"] == {**made, **unknown}
    assert run.result("create")["diff"] == {"before": None, "after": made}
    assert run.result("check")["diff"] == {"before": None, "after": {**made, **unknown}}
    assert run.result("again")["user_assigned_identity"] == run.result("as it is")["user_assigned_identity"] == made
    # A tag that is there keeps the spelling of its name, and one that is not named stays.
    more = {**made, "tags": {**tags, "team": "app", "x": "1"}}
    assert run.result("check one more")["user_assigned_identity"] == more
    regional = {**more, "isolation_scope": "regional"}
    assert run.result("one more")["diff"] == {"before": made, "after": regional}
    assert run.result("exactly")["user_assigned_identity"] == {**regional, "tags": {"x": "1"}}
    gone = {"before": {**regional, "tags": {}, "users": []}, "after": None}
    assert run.result("check absent")["diff"] == run.result("delete")["diff"] == gone
    for name in ("check absent", "delete"):
        said = run.result(name)
        assert (said["user_assigned_identity"], said["users"], said["detached"]) == (None, [], [])
    assert run.result("deleted already")["users"] is None

    read, who = ("GET", NEW), [("GET", "virtualMachines"), ("GET", "virtualMachineScaleSets")]
    who.append(("POST", "listAssociatedResources"))
    group = ("GET", "rg-web")
    merged = {"team": "app", "note": "", "x": "1"}
    assert sent(both.emulator) == [
        *[read, read, group],
        *[read, group, ("PUT", NEW, {"location": "westeurope", "tags": tags})],
        *[read, ("GET", NEW.upper()), read],
        *[read, ("PATCH", NEW, {"tags": merged, "properties": {"isolationScope": "Regional"}})],
        *[read, read, ("PATCH", NEW, {"tags": {"x": "1"}})],
        *[read, ("PATCH", NEW, {"tags": {}}), read],
        *[read, *who, read, *who, ("DELETE", NEW), read],
    ]


def test_where_an_identity_is_made(one) -> None:
    run = one(
        [
            identity("elsewhere", NEW, location="North Europe"),
            identity("moved", NEW, location="westeurope", ignore_errors=True),
            identity("moved in check mode", NEW, location="westeurope", check_mode=True, ignore_errors=True),
            identity("no group", NEW, resource_group="rg-none", ignore_errors=True),
            identity("no group for a location", NEW, resource_group="rg-none", location="eastus", ignore_errors=True),
            identity("no group, absent", NEW, resource_group="rg-none", state="absent"),
            identity("by its ID", identity_id(NEW, "rg-shared", OTHER_SUBSCRIPTION)),
        ]
    )
    assert run.result("elsewhere")["user_assigned_identity"]["location"] == "northeurope"
    for name in ("moved", "moved in check mode"):
        check_line(
            run.result(name), "The identity is in northeurope, and the location of an identity cannot be changed"
        )
    for name in ("no group", "no group for a location"):
        check_line(run.result(name), "Check resource_group and the subscription.")
        assert run.result(name)["error"]["code"] == "ResourceGroupNotFound"
    assert run.result("no group, absent")["changed"] is False
    assert run.result("by its ID")["user_assigned_identity"]["subscription_id"] == OTHER_SUBSCRIPTION
    assert len(one.emulator.writes()) == 3


def older(version: str) -> dict:
    """A cloud that knows nothing newer."""
    said = f"No registered resource provider found. The supported api-versions are '2018-11-30, {version}'."
    action = {"status": 400, "code": "NoRegisteredProviderFound", "message": said}
    return {"match": {"path": "userAssignedIdentities/.*api-version=2024-11-30"}, "action": action}


def test_a_cloud_that_does_not_know_isolation_scopes(one) -> None:
    one.faults(older("2023-01-31"))
    run = one(
        [
            identity("create", NEW, isolation_scope="regional", ignore_errors=True),
            identity("check", NEW, isolation_scope="none", ignore_errors=True, check_mode=True),
            identity("change", "id-web", isolation_scope="regional", tags={"a": "b"}, ignore_errors=True),
            identity("without", NEW),
        ]
    )
    for name in ("create", "check", "change"):
        check_line(run.result(name), "This cloud's API does not know isolation scopes of identities. Leave isolation_s")
    assert run.result("without")["user_assigned_identity"]["isolation_scope"] is None
    assert [entry["method"] for entry in one.emulator.writes()] == ["PUT"]
    assert one.emulator.identity("id-web")["tags"] == {}


def test_writes_that_may_or_may_not_have_been_made(one) -> None:
    put = {"match": {"method": "PUT", "path": "id-new"}, "nth": 1}
    patch = {"match": {"method": "PATCH", "path": "id-new"}, "nth": 1}
    delete = {"match": {"method": "DELETE", "path": "id-new"}, "nth": 1}
    one.faults(
        {**put, "action": {"reset": "after"}},
        {**patch, "action": {"status": 503, "code": "ServiceUnavailable", "message": "later"}},
        {**delete, "action": {"reset": "after"}},
    )
    run = one(
        [
            identity("create", NEW, tags={"a": "b"}),
            identity("change", NEW, tags={"a": "c"}),
            identity("delete", NEW, state="absent"),
        ]
    )
    assert [line["result"]["changed"] for line in run.results] == [True] * 3
    assert run.result("change")["user_assigned_identity"]["tags"] == {"a": "c"}
    assert [entry["method"] for entry in one.emulator.writes() if "listA" not in entry["path"]] == [
        "PUT",
        *["PATCH", "PATCH"],
        "DELETE",
    ]


def test_who_may_not(one) -> None:
    auditor = {"AZURE_CLIENT_ID": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c41", "AZURE_SECRET": "emulator-only-auditor"}
    run = one(
        [
            identity("create", NEW, location="westeurope", ignore_errors=True, environment=auditor),
            identity("change", "id-web", tags={"a": "b"}, ignore_errors=True, environment=auditor),
            identity("delete", "id-cache", state="absent", force=True, ignore_errors=True, environment=auditor),
        ]
    )
    for name, action in (("create", "write"), ("change", "write"), ("delete", "delete")):
        expected = f"The caller lacks Microsoft.ManagedIdentity/userAssignedIdentities/{action} on /subscriptions/"
        check_line(run.result(name), expected)
        check_line(run.result(name), "the role Managed Identity Contributor has it")
    assert one.emulator.identity("id-cache")


BAD = {
    "name": (identity("name", "x"), "'x' is not the name of a user-assigned identity: 3 to 128"),
    "group": (identity("group", NEW, resource_group="a/b"), "'a/b' is not the name of a resource group"),
    "type": (
        identity("type", vm_id("vm-web-01")),
        "is the ID of a Microsoft.Compute/virtualMachines, not of a user-as",
    ),
    "both": (identity("both", NEW, identity_id=identity_id(NEW)), "mutually exclusive: identity_id|resource_group"),
    "neither": (identity("neither"), "one of the following is required: identity_id, name"),
    "alone": (identity("alone", NEW, resource_group=None), "required together: resource_group, name"),
    "location": (identity("location", NEW, location="west/europe"), "'west/europe' is not the name of a location"),
    "no location": (identity("no location", NEW, location=" "), "is not the name of a location"),
    "tags": (identity("tags", NEW, tags={"a": {"b": 1}}), "The tag 'a' has a value that is not text: {'b': 1}. Put it"),
    "tag twice": (identity("tag twice", NEW, tags={"a": "1", "A": "2"}), "The tag 'A' is given twice"),
    "tag's name": (identity("tag's name", NEW, tags={"a?": "1"}), "The tag 'a?' has no possible name"),
    "long tag": (identity("long tag", NEW, tags={"a": "x" * 257}), "has a value of more than 256 characters"),
    "many tags": (
        identity("many tags", NEW, tags={f"t{n}": "" for n in range(51)}),
        "at most 50 tags, and these are 51",
    ),
    "exact": (identity("exact", NEW, append_tags=False), "append_tags: false makes tags the exact set; it needs tags"),
    "scope": (identity("scope", NEW, isolation_scope="Global"), "isolation_scope must be one of: none, regional"),
    "force": (identity("force", NEW, force=True), "force is about the end of an identity; it goes with state: absent"),
    "detach": (identity("detach", NEW, detach=True), "detach is about the end of an identity; it goes with state: abs"),
    "time": (identity("time", NEW, wait_timeout=-1), "wait_timeout must be a positive number of seconds"),
    "time, absent": (identity("time, absent", NEW, state="absent", wait_timeout=0), "wait_timeout must be a positive"),
    "info name": (identity_info("info name", name="x", resource_group="rg"), "'x' is not the name of a user-assigned"),
    "info group": (identity_info("info group", resource_group="a/b"), "'a/b' is not the name of a resource group"),
    "info alone": (identity_info("info alone", name=NEW), "missing parameter(s) required by 'name': resource_group"),
    "info ID": (identity_info("info ID", identity_id="/x"), "is not a resource ID. Expected /subscriptions/{GUID}"),
    "info time": (identity_info("info time", wait_timeout=0), "wait_timeout must be a positive number of seconds"),
}


def test_bad_input_is_refused_before_anything_is_sent(one) -> None:
    check_refused(one, BAD)


@pytest.mark.parametrize("pages", [1, 100])
@pytest.mark.oldest
def test_info(both, pages: int) -> None:
    site = {"type": "Microsoft.Web/sites", "name": "shop", "group": "rg-web", "user_identities": ["id-web"]}
    both.add(others=[site])
    both.settings(page_size=pages)
    run = both(
        [
            identity_info("one", name="id-app", resource_group="rg-identities"),
            identity_info("by its ID", identity_id=identity_id("id-shared", "RG-SHARED", OTHER_SUBSCRIPTION)),
            identity_info("none", name=NEW, resource_group="rg-web"),
            identity_info("no group", name=NEW, resource_group="rg-none"),
            identity_info("group", resource_group="rg-web", associated_resources=True),
            identity_info("subscription"),
            identity_info("of no group", resource_group="rg-none", ignore_errors=True),
        ]
    )
    found = {line["task"]: line["result"].get("user_assigned_identities", []) for line in run.results}
    assert not any(line["result"]["changed"] for line in run.results)
    (app,) = found["one"]
    there = both.emulator.identity("id-app")
    assert (app["tags"], app["principal_id"]) == ({"app": "shop"}, there["principal_id"])
    assert [item["name"] for item in found["by its ID"]] == ["id-shared"]
    assert found["none"] == found["no group"] == []
    assert [item["name"] for item in found["group"]] == ["id-cache", "id-web"]
    web = found["group"][1]["associated_resources"]
    assert [item["name"] for item in web] == ["vm-old-02", "vm-web-03", "vm-web-04", "vmss-web", "shop"]
    assert web[-1] == {
        "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Web/sites/shop",
        "name": "shop",
        "type": "microsoft.web/sites",
        "resource_group": "rg-web",
        "subscription_id": SUBSCRIPTION,
    }
    assert {item["type"] for item in web[:-1]} == {
        "Microsoft.Compute/virtualMachines",
        "Microsoft.Compute/virtualMachineScaleSets",
    }
    assert len(found["subscription"]) == 6
    assert app in found["subscription"]
    assert "associated_resources" not in app
    check_line(run.result("of no group"), "Check resource_group and the subscription.")
