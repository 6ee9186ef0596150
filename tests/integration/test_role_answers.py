# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the variables of roles may be: answers of a survey, which are texts; and what they must not be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.estate import SUBSCRIPTION
from tests.integration.role_plays import changes, facts, group, nothing_written, play_of
from tests.integration.user_role import ASSIGN, DELETE, FEDERATE, GRANT, MAKE, NEW, REMOVE, UNGRANT, who_has


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
}
GOOD = {
    "system_identity": {"vms": "rg-web/vm-web-01"},
    "user_identity": {"name": "id-web", "resource_group": "rg-web"},
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
