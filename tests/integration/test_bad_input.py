# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user may get wrong: each is one line that says what and how to mend it, and no secret is told."""

from __future__ import annotations

import json
import re

import pytest

from tests.integration.estate import SUBSCRIPTION, TENANT, identity_id, info, system, user, vm_id
from tests.integration.machines import NEW, vm

VM = "vm-web-01"
OPERATOR = {"AZURE_CLIENT_ID": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c31", "AZURE_SECRET": "emulator-only-operator"}
DISK = vm_id("d1").replace("virtualMachines", "disks")

# A task, and what its failure says; nothing may be sent.
REFUSED_AT_ONCE = {
    "name": (system("name", "vm web"), "'vm web' is not the name of a virtual machine: 1 to 64 characters"),
    "group": (system("group", VM, resource_group="rg/web"), "'rg/web' is not the name of a resource group"),
    "subscription": (system("subscription", VM, subscription_id="Contoso Production"), "subscription_id is 'Contoso"),
    "identity's name": (user("identity's name", VM, "x"), "'x' is not the name of a user-assigned identity: 3 to 128"),
    "identity's type": (user("identity's type", VM, DISK), "is the ID of a Microsoft.Compute/disks, not of a user-as"),
    "VM's type": (
        system("VM's type", vm_id=identity_id("id-web")),
        "not of a virtual machine. Expected /subscriptions",
    ),
    "half an ID": (
        system("half an ID", vm_id="/subscriptions/x/vm"),
        "is not a resource ID. Expected /subscriptions/{",
    ),
    "both": (
        system("both", VM, vm_id=vm_id(VM)),
        "parameters are mutually exclusive: vm_id|resource_group, vm_id|name",
    ),
    "neither": (system("neither"), "one of the following is required: vm_id, name"),
    "name alone": (system("name alone", name=VM), "parameters are required together: resource_group, name"),
    "info of a name alone": (
        info("info of a name alone", name=VM),
        "missing parameter(s) required by 'name': resource",
    ),
    "no identities": (
        {"name": "no identities", "managed_identity.azure.vm_user_identity": {"vm_id": vm_id(VM)}},
        "missing required arguments: identities",
    ),
    "purge with absent": (
        user("purge with absent", VM, "id-web", state="absent", purge=True),
        "purge goes with state: present only. To remove all identities, use state: present with purge: true and",
    ),
    "keep without purge": (user("keep without purge", VM, "id-web", purge_keep="id-*"), "it needs purge: true"),
    "unknown option": (
        system("unknown option", VM, stat="absent"),
        "Unsupported parameters for (managed_identity.azure",
    ),
    "azcollection's option": (system("azcollection's option", VM, api_profile="latest"), "Leave api_profile out: this"),
    "state": (system("state", VM, state="there"), "value of state must be one of: present, absent, got: there"),
    "no time": (system("no time", VM, wait_timeout=0), "wait_timeout must be a positive number of seconds"),
    "cloud": (system("cloud", VM, cloud_environment="AzureMoon"), "which is no cloud. Give AzureCloud, AzureUSGov"),
    "http": (system("http", VM, cloud_environment="http://10.0.0.1"), "which is not an https URL: tokens go there"),
    "half a credential": (
        system("half a credential", VM, client_id="x", tenant=TENANT),
        "client_id is set, but none of secret, x509_certificate_path, oidc_token, oidc_token_file_path is set",
    ),
}


def check_line(result: dict, expected: str) -> None:
    assert expected in result["msg"]
    assert "\n" not in result["msg"]
    assert "Traceback" not in json.dumps(result)
    assert result["changed"] is False


def check_refused(fronts, cases: dict) -> None:
    run = fronts([{**task, "ignore_errors": True} for task, _expected in cases.values()])
    for name, (_task, expected) in cases.items():
        check_line(run.result(name), expected)
    for emulator in fronts.each():
        assert emulator.log() == []


def test_bad_input_is_refused_before_anything_is_sent(one) -> None:
    check_refused(one, REFUSED_AT_ONCE)


@pytest.mark.oldest
def test_bad_input_is_refused_in_the_same_words_by_both_fronts(both) -> None:
    # Those that Ansible finds, each kind of check; and some that we do.
    found = ("both", "name alone", "no identities", "azcollection's option", "state", "half a credential", "name")
    check_refused(both, {name: REFUSED_AT_ONCE[name] for name in found})


def test_bad_input_ends_the_play(one) -> None:
    run = one([REFUSED_AT_ONCE["name"][0], system("never reached", VM)], rc=2)
    assert [line["task"] for line in run.results] == ["name"]


def test_what_the_environment_lacks(one) -> None:
    nobody = dict.fromkeys(("AZURE_CLIENT_ID", "AZURE_SECRET", "AZURE_CLIENT_SECRET", "AZURE_TENANT"), "")
    tasks = [
        system("sees two", VM, ignore_errors=True),
        system("sees one", VM, environment=OPERATOR),
        system("by its ID", vm_id=vm_id("vm-web-03")),
        info("no such subscription", subscription_id=SUBSCRIPTION.replace("1", "7"), ignore_errors=True),
        info("other tenant", subscription_id="99999999-aaaa-4bbb-8ccc-dddddddddddd", ignore_errors=True),
        system("nobody", VM, auth_source="env", environment=nobody, ignore_errors=True),
    ]
    run = one(tasks, env={"AZURE_SUBSCRIPTION_ID": ""})
    check_line(run.result("sees two"), "the caller sees 2: 11111111-2222")
    check_line(run.result("sees two"), "Set subscription_id or AZURE_SUBSCRIPTION_ID, or give the full resource ID.")
    assert run.result("sees one")["changed"] is True
    assert run.result("by its ID")["changed"] is True
    check_line(run.result("no such subscription"), "Check the subscription ID, the cloud and the tenant.")
    check_line(run.result("other tenant"), "check that tenant and cloud_environment are those of the subscription")
    check_line(run.result("nobody"), "neither AZURE_CLIENT_ID nor AZURE_AD_USER is set")


@pytest.mark.oldest
def test_wrong_secret_is_told_nowhere(both, tmp_path) -> None:
    secret, password = "not-the-s3cret-of-anyone", "p4ssw0rd-of-nobody"
    log = tmp_path / "ansible.log"
    who = {"client_id": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c01", "tenant": TENANT}
    person = {"ad_user": "ada@contoso.onmicrosoft.com", "tenant": TENANT}
    run = both(
        [
            system("secret", VM, **who, secret="{{ lookup('env', 'AZURE_SECRET') }}", ignore_errors=True),
            system("password", VM, **person, password="{{ lookup('env', 'WRONG') }}", ignore_errors=True),
            system("from the environment", VM, ignore_errors=True),
        ],
        env={"AZURE_SECRET": secret, "WRONG": password, "ANSIBLE_LOG_PATH": str(log)},
        arguments=("-vvvv",),
    )
    check_line(run.result("secret"), "Give the secret's value, not its ID, and check that it belongs to client_id.")
    check_line(run.result("password"), "Check ad_user and password.")
    check_line(run.result("from the environment"), "from environment variables failed: Invalid client secret")
    assert run.result("secret")["error"]["code"] == "AADSTS7000215"
    assert run.result("secret")["invocation"]["module_args"]["secret"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    logged = log.read_text(encoding="utf-8")
    assert logged.count("PLAY RECAP") == 2
    assert not re.search(r" n=(aiohttp|asyncio|azure|msal|urllib3)", logged)
    for value in (secret, password):
        assert value not in run.output + logged + json.dumps(run.results)
    assert not both.emulator.log("^/subscriptions/")


def test_endpoint_that_is_not_there(one) -> None:
    task = system("enable", VM, cloud_environment="{{ cloud }}", ignore_errors=True)
    clouds = {"refused": {"cloud": "https://127.0.0.1:9"}, "no such name": {"cloud": "https://nowhere.invalid"}}
    run = one([task], hosts=clouds)
    told = {
        "refused": ("The connection is refused by 127.0.0.1:9.", "Check cloud_environment, the network and the proxy"),
        "no such name": ("The name of nowhere.invalid:443 cannot be looked up", "Check cloud_environment and DNS"),
    }
    for name, cloud in clouds.items():
        result = run.by_host("enable")[name]
        check_line(result, told[name][1])
        assert f"GET {cloud['cloud']}/metadata/endpoints: {told[name][0]}" in result["msg"]
        assert result["error"]["status"] is None


@pytest.mark.oldest
def test_certificate_that_is_not_trusted(one, tmp_path) -> None:
    nobody = tmp_path / "nobody.pem"
    nobody.write_text("")
    tasks = [
        system("not trusted", VM, ignore_errors=True, environment={"REQUESTS_CA_BUNDLE": "", "SSL_CERT_FILE": ""}),
        system("no bundle", VM, ignore_errors=True, environment={"REQUESTS_CA_BUNDLE": "/nonexistent/ca.pem"}),
        system("empty bundle", VM, ignore_errors=True, environment={"REQUESTS_CA_BUNDLE": str(nobody)}),
        system("not verified", VM, cert_validation_mode="ignore", environment={"REQUESTS_CA_BUNDLE": ""}),
    ]
    run = one(tasks)
    check_line(run.result("not trusted"), "name its file in REQUESTS_CA_BUNDLE")
    assert len(one.emulator.log("/metadata/")) == 1
    check_line(run.result("no bundle"), "REQUESTS_CA_BUNDLE names /nonexistent/ca.pem, which does not exist")
    check_line(run.result("empty bundle"), "which is empty. It must be a file of certificate authorities in PEM")
    assert run.result("not verified")["changed"] is True


MISSING = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if (name + ".").startswith("{hidden}."):
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
"""


@pytest.mark.parametrize(
    ("hidden", "package"), [("azure", "azure-core"), ("azure.identity", "azure-identity"), ("aiohttp", "aiohttp")]
)
@pytest.mark.oldest
def test_missing_package_is_named_by_the_module(play_freely, tmp_path, hidden, package) -> None:
    (tmp_path / "sitecustomize.py").write_text(MISSING.format(hidden=hidden))
    run = play_freely(
        [system("enable", VM, ignore_errors=True)], env={"PYTHONPATH": str(tmp_path)}, arguments=("-vvv",)
    )
    assert run.rc == 0
    result = run.result("enable")
    check_line(result, package)
    assert re.search(r"Install it with: \S+ -m pip install .*" + package, result["msg"])
    assert "runs as a module, because the controller's Python lacks the Azure packages" in run.output


def test_a_missing_package_fails_those_alone_that_need_it(play_freely, tmp_path) -> None:
    (tmp_path / "sitecustomize.py").write_text(MISSING.format(hidden="azure.mgmt"))
    there = {"resource_group": "rg-web", "name": "id-new", "location": "westeurope"}
    identity = {"name": "identity", "managed_identity.azure.user_assigned_identity": there, "ignore_errors": True}
    tasks = [system("enable", VM), identity, vm("foresee", check_mode=True, ignore_errors=True, **NEW)]
    run = play_freely(tasks, env={"PYTHONPATH": str(tmp_path)})
    assert run.result("enable")["changed"]
    for title, package in (("identity", "azure-mgmt-msi"), ("foresee", "azure-mgmt-compute")):
        result = run.result(title)
        check_line(result, package)
        assert f"-m pip install {package}" in result["msg"]
