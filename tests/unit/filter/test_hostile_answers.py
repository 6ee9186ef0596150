# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpus of hostile IDs against every variable of every role that takes one: the filter refuses each, or a module.

A variable that is new has to be put into a table.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.managed_identity.azure.plugins.filter.answer import FilterModule
from tests.support.hostile_ids import NAMES, SEGMENTS, hostile_ids
from tests.tools.link_collection import ROOT
from tests.unit.core.build import SUB
from tests.unit.front.test_hostile_options import TAKES

GROUP = f"/subscriptions/{SUB}/resourceGroups/rg"
KINDS = {
    "vms": f"{GROUP}/providers/Microsoft.Compute/virtualMachines/a",
    "identities": f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-a",
}
ROLES = sorted(folder.name for folder in (ROOT / "roles").iterdir() if folder.is_dir())

# What the filter itself refuses, by the kind of answer that it is made.
JUDGED = {
    **dict.fromkeys(("vm", "vms"), "vms"),
    **dict.fromkeys(("name", "identity"), "identities"),
    **dict.fromkeys(("grants", "identity_grants", "system_grants"), "grants"),
    "retire_scopes": "scopes",
    "credentials": "credentials",
}
# Where bare names are: an argument of the filter.
GROUPS = {"resource_group", "vm_resource_group", "identity_resource_group"}
# What reaches the module vm as it is, which refuses it: its options are in the tests of modules.
PASSED_ON = {"image", "admin_username", "network_interfaces", "subnet_id", "network_security_group_id"}
OTHERS = {
    *("state", "preflight", "replication_timeout", "create", "location", "tags", "append_tags", "isolation_scope"),
    *("purge", "purge_keep", "max_changes", "identity_create", "identity_location", "identity_tags"),
    *("system_assigned", "plan", "size", "admin_password", "ssh_public_keys", "os_type", "computer_name"),
    *("custom_data", "os_disk", "data_disks", "zone", "license_type", "security_type", "secure_boot", "vtpm"),
    "public_ip",
}


def answer(value: Any, kind: str, **more: Any) -> Any:
    return FilterModule().filters()["answer"](value, kind, **more)


def refused(value: Any, kind: str, hostile: str, **more: Any) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        answer(value, kind, **more)
    text = str(caught.value)
    assert text.isprintable(), ascii(value)
    assert len(text) < 1500
    assert repr(hostile.strip())[1:60].rstrip("/'") in text
    # What to do about it is a sentence of its own.
    assert re.search(r"[.:].* (Expected|Correct|Give|Name|Write) ", text)


def in_one_line(texts: list[str]) -> list[str]:
    """Those that a text of lines can hold as one; without those that begin as YAML does."""
    return [text for text in texts if text.strip() and not re.search(r"[\r\n]", text)]


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_is_in_one_of_the_tables(role: str) -> None:
    defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text())
    made = (ROOT / "roles" / role / "vars" / "main.yml").read_text()
    # The role system_identity has a name for a step on the way.
    for name, expression in re.findall(r'^(__\w+_named): "{{ (.*) }}"$', made, re.MULTILINE):
        made = made.replace(f"{{{{ {name} |", f"{{{{ {expression} |")
    names = {name.removeprefix(f"{role}_") for name in defaults}
    assert names <= set(JUDGED) | GROUPS | PASSED_ON | OTHERS
    for name in names & set(JUDGED):
        assert re.search(rf"{role}_{name}\b[^}}]*answer\('{JUDGED[name]}'", made), name
    for name in names & GROUPS:
        assert re.search(rf"(resource_group=|_group: \"{{{{ ){role}_{name}\b", made), name


def test_what_is_passed_on_is_refused_by_the_module() -> None:
    assert set(TAKES) >= PASSED_ON


@pytest.mark.parametrize("kind", KINDS)
def test_resources(kind: str) -> None:
    for text in hostile_ids(KINDS[kind], GROUP):
        refused({"id": text}, kind, text)
        refused([KINDS[kind], {"id": text, "resource_group": "rg"}], kind, text)
    for text in in_one_line(hostile_ids(KINDS[kind], GROUP)):
        # What does not begin with a slash is GROUP/NAME, of which a part is told.
        if text.startswith("/"):
            refused(f"{KINDS[kind]}\n{text}", kind, text)
        else:
            with pytest.raises(AnsibleFilterError):
                answer(text, kind, resource_group="rg")
    good = {"name": "id-a", "resource_group": "rg"}
    for name in NAMES:
        if not name.strip():
            continue
        for part in ("name", "resource_group", "subscription_id"):
            refused({**good, part: name}, kind, name)
        refused("id-a", kind, name, resource_group=name)
    for name in in_one_line(SEGMENTS):
        with pytest.raises(AnsibleFilterError):
            answer(f"{name}/id-a\nrg/{name}", kind)


@pytest.mark.parametrize("form", ["scopes", "grant", "lines", "json"])
def test_scopes(form: str) -> None:
    for text in [*hostile_ids(GROUP), *(f"/{name}" for name in SEGMENTS if name == name.strip())]:
        if form == "scopes" and text in in_one_line([text]):
            refused([GROUP, text], "scopes", text)
        elif form == "grant" and text in in_one_line([text]):
            refused({"role": "Reader", "scope": text}, "grants", text)
            refused([{"role": "Reader", "scopes": [GROUP, text]}], "grants", text)
        elif form == "lines" and not re.search(r"\s", text):
            refused(f"Reader {GROUP}\nOwner {text}", "grants", text)
        elif form == "json" and text in in_one_line([text]):
            refused(json.dumps([{"role": "Reader", "scope": text}]), "grants", text)


def test_roles_of_grants() -> None:
    for role in TAKES["role"]:
        refused({"role": role, "scope": GROUP}, "grants", role)


def test_names_of_credentials() -> None:
    for name in NAMES:
        if name:
            refused({"name": name, "issuer": "https://a.example.com", "subject": "s"}, "credentials", name)


def test_a_line_that_nobody_sees_the_end_of_is_one() -> None:
    for end in "\x0b\x0c\x1c\x85\u2028\u2029":
        refused(f"Reader {GROUP}{end}Owner {GROUP}", "grants", f"Reader {GROUP}"[:20])


def test_a_value_that_is_nested_too_deep() -> None:
    for text in ("[" * 5000, "- " * 5000, '{"a":' * 5000):
        with pytest.raises(AnsibleFilterError):
            answer(text, "list")
