# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_assigned_identity with state: absent: who uses it, taking it away from them, and what goes wrong on the way."""

from __future__ import annotations

from tests.integration.estate import OTHER_SUBSCRIPTION, SUBSCRIPTION, identity, identity_id, user, vm_id
from tests.integration.test_bad_input import check_line

SITE = {"type": "Microsoft.Web/sites", "name": "shop", "group": "rg-web", "user_identities": ["id-web"]}
SCALE_SET = vm_id("vmss-web").replace("virtualMachines", "virtualMachineScaleSets")
USERS = ["vm-old-02", "vm-web-03", "vm-web-04", "vmss-web"]
ON_LISTING = {"path": "listAssociatedResources"}
OPERATOR = {"AZURE_CLIENT_ID": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c31", "AZURE_SECRET": "emulator-only-operator"}


def absent(title: str, which: str = "id-web", **options) -> dict:
    return identity(title, which, state="absent", **options)


def users(result: dict) -> list[str]:
    return [item["name"] for item in result["users"]]


def patches(emulator) -> list[str]:
    return sorted(entry["path"].partition("?")[0].rsplit("/", 1)[1] for entry in emulator.log(method="PATCH"))


def there(emulator, name: str) -> bool:
    return name in [item["name"] for item in emulator.state()["identities"]]


def who_has(emulator, name: str) -> list[str]:
    state = emulator.state()
    return sorted(
        item["name"]
        for item in [*state["vms"], *state["scale_sets"]]
        for key in (item["identity"] or {}).get("userAssignedIdentities") or {}
        if key.rsplit("/", 1)[1].lower() == name
    )


def test_one_in_use_is_not_deleted(one) -> None:
    one.add(others=[SITE])
    run = one(
        [
            absent("refused", diff=True, ignore_errors=True),
            absent("refused in check mode", check_mode=True, ignore_errors=True),
            absent("used elsewhere", identity_id("id-data", "rg-data"), ignore_errors=True),
            absent("not used", identity_id("id-automation", "rg-identities")),
        ]
    )
    for name in ("refused", "refused in check mode"):
        result = run.result(name)
        check_line(result, "The identity is in use by 5 resources: Microsoft.Compute/virtualMachines vm-old-02 in rg-")
        check_line(result, "microsoft.web/sites shop in rg-web")
        check_line(result, "detach: true. force: true deletes it all the same.")
        assert users(result) == ["vm-old-02", "vm-web-03", "vm-web-04", "vmss-web", "shop"]
        assert result["user_assigned_identity"]["name"] == "id-web"
        assert result["detached"] == []
    assert run.result("refused")["diff"]["before"] == run.result("refused")["diff"]["after"]
    # Compute shows this VM's group in upper case.
    check_line(
        run.result("used elsewhere"), "in use by 1 resource: Microsoft.Compute/virtualMachines vm-db-01 in RG-DATA"
    )
    assert [entry["method"] for entry in one.emulator.writes() if "listA" not in entry["path"]] == ["DELETE"]


def test_the_lag_of_azures_list_does_not_mislead(one) -> None:
    shared = identity_id("id-shared", "rg-shared", OTHER_SUBSCRIPTION)
    one.settings(resource_graph_seconds=3600)
    run = one(
        [
            user("take it away", "vm-db-02", shared, resource_group="rg-data", state="absent"),
            absent("taken away a second ago", shared),
            user("give it", "vm-web-01", identity_id("id-logs", "rg-identities")),
            user("take it", "vm-app-02", identity_id("id-logs", "rg-identities"), state="absent"),
            absent("given a second ago", identity_id("id-logs", "rg-identities"), ignore_errors=True),
        ]
    )
    # The VM is in another subscription than the identity: it is read itself.
    assert run.result("taken away a second ago")["users"] == []
    assert not there(one.emulator, "id-shared")
    check_line(
        run.result("given a second ago"), "in use by 1 resource: Microsoft.Compute/virtualMachines vm-web-01 in rg"
    )
    # Those of the identity's own subscription are in its list of VMs: none is read one by one.
    assert [entry["method"] for entry in one.emulator.log("/vm-app-02[?]")] == ["GET", "PATCH"]


def test_a_listed_machine_that_cannot_be_read_counts(one) -> None:
    shared = identity_id("id-shared", "rg-shared", OTHER_SUBSCRIPTION)
    denied = {"status": 403, "code": "AuthorizationFailed", "message": "no"}
    one.faults({"match": {"method": "GET", "path": "/vm-db-02[?]"}, "action": denied})
    run = one([absent("delete", shared, ignore_errors=True), absent("detach", shared, detach=True, ignore_errors=True)])
    for name in ("delete", "detach"):
        check_line(run.result(name), "in use by 1 resource: Microsoft.Compute/virtualMachines vm-db-02 in rg-data (")
        check_line(run.result(name), "403 AuthorizationFailed: no")
        assert users(run.result(name)) == ["vm-db-02"]
    assert there(one.emulator, "id-shared")


def test_what_cannot_be_known_is_not_deleted(one) -> None:
    app = identity_id("id-app", "rg-identities")
    listing = {"match": ON_LISTING, "action": {"status": 500, "code": "InternalServerError", "message": "broken"}}
    throttled = {"status": 429, "code": "TooManyRequests", "message": "slow down", "headers": {"Retry-After": 30}}
    machines = {"match": {"path": "/virtualMachineScaleSets[?]", "caller": "deployer"}, "action": throttled}
    one.faults(listing, machines)
    run = one(
        [
            absent("operator", app, ignore_errors=True, environment=OPERATOR),
            absent("broken", app, ignore_errors=True, wait_timeout=20),
            absent("detach", app, detach=True, ignore_errors=True, wait_timeout=20),
            absent("check", app, detach=True, force=True, check_mode=True, wait_timeout=20),
        ]
    )
    check_line(run.result("operator"), "does not have authorization")
    for name in ("broken", "detach"):
        check_line(run.result(name), "It cannot be known who uses the identity. ")
        check_line(run.result(name), "virtualMachineScaleSets: slow down POST /")
        check_line(run.result(name), "listAssociatedResources: broken")
        check_line(run.result(name), "The identity was not deleted. Azure is throttling; wait, or raise wait_timeout. ")
        check_line(run.result(name), "run the task again in some minutes. force: true deletes it whoever uses it.")
        assert users(run.result(name)) == ["vm-app-01", "vm-app-02"]
        assert run.result(name)["error"]["code"] == "TooManyRequests"
    assert run.result("check")["changed"] is True
    assert there(one.emulator, "id-app")
    assert patches(one.emulator) == []


def test_the_right_that_is_missing_is_named(one) -> None:
    scope = f"/subscriptions/{SUBSCRIPTION}"
    contributor = {
        "name": "owner-of-identities",
        "client_id": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c51",
        "object_id": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c52",
        "secret": "emulator-only-few",
        "roles": [{"role": "Few", "scope": scope}],
    }
    kind = "Microsoft.ManagedIdentity/userAssignedIdentities"
    role = {"name": "Few", "actions": [f"{kind}/read", f"{kind}/delete", "Microsoft.Compute/*/read"], "scopes": [scope]}
    one.add(callers=[contributor], role_definitions=[role])
    who = {"AZURE_CLIENT_ID": contributor["client_id"], "AZURE_SECRET": contributor["secret"]}
    app = identity_id("id-automation", "rg-identities")
    run = one(
        [
            absent("delete", app, ignore_errors=True, environment=who),
            absent("by force", app, force=True, environment=who),
        ]
    )
    expected = f"The caller lacks {kind}/listAssociatedResources/action on {app}"
    check_line(run.result("delete"), expected)
    check_line(run.result("delete"), "the role Contributor has it.")
    check_line(run.result("delete"), "force: true deletes it whoever uses it.")
    assert run.result("by force")["changed"] is True
    assert not there(one.emulator, "id-automation")


def test_force(one) -> None:
    run = one([absent("check", force=True, check_mode=True), absent("delete", force=True), absent("again", force=True)])
    for name in ("check", "delete"):
        result = run.result(name)
        assert (result["changed"], result["users"], result["detached"]) == (True, None, [])
        [warning] = result["warnings"]
        assert "Nobody asked who uses" in warning
    assert run.result("again")["changed"] is False
    assert one.emulator.log("Compute|listAssociated") == []
    assert who_has(one.emulator, "id-web") == USERS


def test_detach(both) -> None:
    """Also where a VM got the identity a second ago, and where it is the last one, or beside a deleted one."""
    both.settings(resource_graph_seconds=3600)
    run = both(
        [
            user("give it", "vm-web-01", "id-web"),
            absent("check", detach=True, check_mode=True, diff=True),
            absent("detach", detach=True, diff=True),
            absent("again", detach=True),
        ]
    )
    detached = [*(vm_id(name) for name in ("vm-old-02", "vm-web-01", "vm-web-03", "vm-web-04")), SCALE_SET]
    for name in ("check", "detach"):
        result = run.result(name)
        assert (result["changed"], result["users"], result["detached"]) == (True, [], detached)
        assert result["user_assigned_identity"] is None
        assert (result["diff"]["before"]["users"], result["diff"]["after"]) == (detached, None)
        [warning] = result["warnings"]
        assert warning.startswith(f"{SCALE_SET}: the upgrade policy of the scale set is Manual.")
    assert run.result("again")["changed"] is False
    assert who_has(both.emulator, "id-web") == []
    assert not there(both.emulator, "id-web")
    state = both.emulator.state()
    (scale_set,) = [item for item in state["scale_sets"] if item["name"] == "vmss-web"]
    assert scale_set["identity"]["type"] == "SystemAssigned"
    assert who_has(both.emulator, "id-cache") == ["vm-web-04"]


def test_what_cannot_be_detached_is_named_and_nothing_is_deleted(one) -> None:
    one.add(others=[SITE], locks=[{"scope": vm_id("vm-web-03"), "name": "frozen", "level": "ReadOnly"}])
    run = one(
        [
            absent("refused", detach=True, diff=True, ignore_errors=True),
            absent("refused again", detach=True, ignore_errors=True),
            absent("by force", detach=True, force=True),
        ]
    )
    refused = run.result("refused")
    assert refused["changed"] is True
    assert "in use by 2 resources: Microsoft.Compute/virtualMachines vm-web-03 in rg-web (PATCH" in refused["msg"]
    assert "A lock on" in refused["msg"]
    assert "microsoft.web/sites shop in rg-web (it is no virtual machine and no scale set)" in refused["msg"]
    done = [vm_id("vm-old-02"), vm_id("vm-web-04"), SCALE_SET]
    assert refused["detached"] == done
    assert refused["msg"].endswith(
        "Done before: " + "; ".join(f"removed the identity from {one}" for one in done) + "."
    )
    assert users(refused) == ["vm-web-03", "shop"]
    assert refused["user_assigned_identity"]["name"] == "id-web"
    assert [key.rsplit("/", 1)[1] for key in refused["diff"]["after"]["users"]] == ["vm-web-03", "shop"]
    assert len(refused["diff"]["before"]["users"]) == 5
    check_line(run.result("refused again"), "in use by 2 resources")
    forced = run.result("by force")
    assert forced["changed"] is True
    assert users(forced) == ["vm-web-03", "shop"]
    assert any("in use by 2 resources" in warning for warning in forced["warnings"])
    assert who_has(one.emulator, "id-web") == ["vm-web-03"]
    assert not there(one.emulator, "id-web")


def test_a_lock_on_the_identity_after_detaching(one) -> None:
    one.add(locks=[{"scope": identity_id("id-cache"), "name": "kept", "level": "CanNotDelete"}])
    run = one([absent("detach", "id-cache", detach=True, ignore_errors=True)])
    result = run.result("detach")
    assert (result["changed"], result["error"]["code"], result["users"]) == (True, "ScopeLocked", [])
    assert f"Done before: removed the identity from {vm_id('vm-web-04')}." in result["msg"]
    assert there(one.emulator, "id-cache")


def test_a_machine_that_is_deleted_meanwhile(one) -> None:
    gone = {"status": 404, "code": "ResourceNotFound", "message": "gone"}
    one.faults({"match": {"method": "GET", "path": "/vm-web-04[?]"}, "action": gone})
    run = one([absent("detach", "id-cache", detach=True)])
    assert (run.result("detach")["users"], run.result("detach")["detached"]) == ([], [])
    assert not there(one.emulator, "id-cache")
