# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the variables of roles may be: answers of a survey, which are texts; and what they must not be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.estate import SUBSCRIPTION
from tests.integration.machines import KEY, NEW_VM, SUBNET, requests
from tests.integration.machines import NEW as WHOLE
from tests.integration.role_plays import changes, facts, group, nothing_written, play_of
from tests.integration.user_role import ASSIGN, DELETE, FEDERATE, GRANT, MAKE, NEW, REMOVE, UNGRANT, who_has

ROLES = Path(__file__).resolve().parents[2] / "roles"


def test_survey_of_system_identity(one) -> None:
    answers = {
        "system_identity_state": "",
        "system_identity_vms": "  vm-web-01 \n\nrg-data/vm-batch-01\n",
        "system_identity_resource_group": "rg-web",
        "system_identity_grants": f"Reader {group('rg-data')}\n Virtual Machine Contributor {SUBSCRIPTION}\n",
        "system_identity_preflight": "",
        "system_identity_replication_timeout": "",
    }
    run = one(play_of("system_identity"), variables=answers)
    assert len(facts(run, "system_identity_role_assignments")) == 4
    answers |= {"system_identity_state": "absent", "system_identity_preflight": "no"}
    run = one(play_of("system_identity"), variables=answers)
    assert changes(run) == [GRANT, "Disable the system-assigned identity"]
    assert not one.emulator.log("/Microsoft.Authorization/permissions", since=0)[4:]


def test_survey_of_user_identity(one) -> None:
    issuer = "https://token.actions.githubusercontent.com"
    answers = {
        "state": "",
        "name": " id-shop ",
        "resource_group": "rg-identities",
        "create": "yes",
        "location": "",
        "tags": "app=shop\nnote=",
        "append_tags": "",
        "isolation_scope": "",
        "credentials": f"main {issuer} repo:contoso/shop:ref:refs/heads/main\n",
        "grants": f"Reader {group('rg-data')}\nReader {group('rg-web')}",
        "vms": "rg-web/vm-web-01\n\nrg-web/vm-web-02\n",
        "vm_resource_group": "",
        "purge": "",
        "purge_keep": "",
        "retire_scopes": "",
        "max_changes": "",
        "preflight": "",
        "replication_timeout": "",
    }
    variables = {f"user_identity_{name}": value for name, value in answers.items()}
    assert changes(one(play_of("user_identity"), variables=variables)) == [MAKE, FEDERATE, GRANT, ASSIGN]
    assert one.emulator.identity(NEW)["tags"] == {"app": "shop", "note": ""}
    assert who_has(one.emulator) == ["vm-web-01", "vm-web-02"]
    run = one(play_of("user_identity"), variables={**variables, "user_identity_state": "retired"})
    assert changes(run) == [UNGRANT, REMOVE, DELETE]


def test_survey_of_vm_with_identity(one) -> None:
    """Each is a text; the secrets begin as YAML and JSON do, and arrive as they are."""
    names = yaml.safe_load((ROLES / "vm_with_identity" / "defaults" / "main.yml").read_text())
    answers = dict.fromkeys(names, "") | {
        f"vm_with_identity_{name}": value
        for name, value in {
            "vm": f" {NEW_VM} ",
            "resource_group": "rg-web",
            "identity": "id-shop",
            "identity_resource_group": "rg-identities",
            "identity_tags": "app=shop\n",
            "identity_grants": f"Reader {group('rg-data')}\n",
            "system_assigned": "yes",
            "system_grants": f"Reader {group('rg-web')}\nReader {group('rg-data')}",
            "image": WHOLE["image"],
            "size": WHOLE["size"],
            "admin_username": "ada",
            "admin_password": '["Pa55word!"]',
            "ssh_public_keys": f"{KEY}\n\n{KEY} two\n",
            "custom_data": '{"ignition": [1, true]}\n',
            "os_disk": "size_gb=64 type=Premium_LRS",
            "data_disks": "size_gb=8\nsize_gb=16 delete_with_vm=no\n",
            "zone": "2",
            "tags": "team=shop",
            "security_type": "TrustedLaunch",
            "secure_boot": "no",
            "subnet_id": SUBNET,
            "public_ip": "true",
        }.items()
    }
    run = one(play_of("vm_with_identity"), variables=answers)
    assert len(facts(run, "vm_with_identity_result")["role_assignments"]) == 3
    made = next(body for method, body in requests(one.emulator) if method == "PUT")
    assert (made["zones"], made["tags"]) == (["2"], {"team": "shop"})
    properties = made["properties"]
    assert [disk["diskSizeGB"] for disk in properties["storageProfile"]["dataDisks"]] == [8, 16]
    assert properties["storageProfile"]["osDisk"]["diskSizeGB"] == 64
    assert properties["securityProfile"]["uefiSettings"]["secureBootEnabled"] is False
    assert "Pa55word" not in run.output
    assert "ignition" not in run.output
    answers |= {"vm_with_identity_state": "absent", "vm_with_identity_preflight": "no"}
    assert len(changes(one(play_of("vm_with_identity"), variables=answers))) == 2
    assert changes(one(play_of("vm_with_identity"), variables=answers)) == []


BAD: dict[str, dict[str, tuple[Any, str]]] = {
    "system_identity": {
        "state": ("gone", "must be one of"),
        "vms": ("vm-web-01", "lacks its resource group"),
        "grants": ([{"role": "Reader", "scopes": "everywhere"}], "is not a subscription ID"),
        "preflight": ("perhaps", "neither true nor false"),
        "replication_timeout": ("soon", "is not a whole number"),
    },
    "user_identity": {
        "state": ("gone", "must be one of"),
        "name": ("", "Set user_identity_name to the full ID"),
        "resource_group": ("", "lacks its resource group"),
        "create": ("perhaps", "neither true nor false"),
        "tags": ("app", "has no name"),
        "append_tags": ("perhaps", "neither true nor false"),
        "isolation_scope": ("global", "must be one of"),
        "location": ("north/pole", "is not the name of a location"),
        "credentials": ([{"name": "main", "github": "contoso/shop"}], "Expected a mapping of repository"),
        "grants": ("Reader", "lacks its role"),
        "vms": ("rg-web/vm*", "is not the name of a virtual machine"),
        "purge": ("perhaps", "neither true nor false"),
        "retire_scopes": ("everywhere", "is not a subscription ID"),
        "max_changes": ("many", "is not a whole number"),
        "preflight": ("perhaps", "neither true nor false"),
        "replication_timeout": ("soon", "is not a whole number"),
    },
    "vm_with_identity": {
        "state": ("gone", "must be one of"),
        "vm": ("vm-web-01\nvm-web-02", "Set vm_with_identity_vm to one virtual machine"),
        "resource_group": ("", "lacks its resource group"),
        "identity": ("", "Each has grants only if it is set"),
        "identity_resource_group": ("rg/web", "is not the name of a resource group"),
        "identity_create": ("perhaps", "neither true nor false"),
        "identity_location": ("north/pole", "is not the name of a location"),
        "identity_tags": ("app", "has no name"),
        "identity_grants": ("Reader", "lacks its role"),
        "system_assigned": ("perhaps", "neither true nor false"),
        "system_grants": ("Reader", "lacks its role"),
        "purge": ("perhaps", "neither true nor false"),
        "image": ("", "image"),
        "data_disks": ("64", "dict"),
        "zone": ("9", "must be one of"),
        "public_ip": ("perhaps", "neither true nor false"),
        "retire_scopes": ("everywhere", "is not a subscription ID"),
        "max_changes": ("many", "is not a whole number"),
        "preflight": ("perhaps", "neither true nor false"),
        "replication_timeout": ("soon", "is not a whole number"),
    },
}
GOOD = {
    "system_identity": {"vms": "rg-web/vm-web-01"},
    "user_identity": {"name": "id-web", "resource_group": "rg-web"},
    "vm_with_identity": {
        "vm": NEW_VM,
        "resource_group": "rg-web",
        "identity": "id-shop",
        "identity_grants": f"Reader {group('rg-web')}",
        **WHOLE,
    },
}


@pytest.mark.parametrize("role", BAD)
def test_bad_input(one, role: str) -> None:
    """One play for all of them; each must fail."""
    tasks = []
    for name, (value, _words) in BAD[role].items():
        given = {f"{role}_{key}": item for key, item in {**GOOD[role], name: value}.items()}
        include = {
            "name": name,
            "ansible.builtin.include_role": {"name": f"managed_identity.azure.{role}"},
            "vars": given,
        }
        rescue = {"name": f"refused {name}", "ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}
        tasks.append({"name": name, "block": [include], "rescue": [rescue]})
    run = one(tasks)
    for name, (_value, words) in BAD[role].items():
        assert words in run.result(f"refused {name}")["msg"], name
    assert nothing_written(one)


def test_twenty_one_credentials(one) -> None:
    many = [
        {"name": f"cred-{number}", "issuer": "https://a.example.com", "subject": f"{number}"} for number in range(21)
    ]
    run = one(play_of("user_identity", **GOOD["user_identity"], credentials=many), rc=2)
    assert "Azure allows 20" in run.output
    assert nothing_written(one)
