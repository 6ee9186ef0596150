# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpus of hostile IDs against everything that reads an ID: each is refused, in words that can be printed."""

from __future__ import annotations

import time

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    IDENTITY,
    SCALE_SET,
    VIRTUAL_MACHINE,
    ResourceId,
    ResourceKind,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._assignment import Assignment
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._role import WantedRole
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._network import (
    NETWORK_INTERFACE,
    SECURITY_GROUP,
)
from tests.support.hostile_ids import INVISIBLE, NAMES, hostile_ids
from tests.unit.core.build import SUB
from tests.unit.core.test_path import GROUP, GUID, SUBSCRIPTION, VM, refused


@pytest.mark.parametrize("kind", [VIRTUAL_MACHINE, SCALE_SET, IDENTITY, NETWORK_INTERFACE, SECURITY_GROUP])
def test_hostile_resource_ids(kind: ResourceKind) -> None:
    legal = str(ResourceId.build(SUB, "rg-data", kind, "name"))
    others = [VM.replace("virtualMachines", "disks"), GROUP, SUBSCRIPTION, "/", f"{legal}/extensions/x"]
    for text in hostile_ids(legal, *others):
        with pytest.raises(InvalidInput) as caught:
            ResourceId.parse(text, kind)
        refused(caught.value, text)
    for name in NAMES:
        for parts in ((SUB, "rg", name), (SUB, name, "name"), (name, "rg", "name")):
            with pytest.raises(InvalidInput) as caught:
                ResourceId.build(parts[0], parts[1], kind, parts[2])
            refused(caught.value, name)


SCOPES = [
    SUBSCRIPTION,
    GROUP,
    VM,
    f"{GROUP}/providers/Microsoft.Storage/storageAccounts/s/blobServices/default/containers/$web",
    "/providers/Microsoft.Management/managementGroups/mg",
]


@pytest.mark.parametrize("legal", SCOPES)
def test_hostile_scopes(legal: str) -> None:
    assert str(Scope.parse(legal)) == legal
    # Below a resource any type is one.
    for text in hostile_ids(legal, "//", "/providers", "/subscriptions", f"{VM}/a"):
        with pytest.raises(InvalidInput) as caught:
            Scope.parse(text)
        refused(caught.value, text)
        with pytest.raises(InvalidInput):
            Assignment.parse_id(f"{text}/providers/Microsoft.Authorization/roleAssignments/{GUID}")


def test_hostile_assignment_ids() -> None:
    legal = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{GUID}"
    assert Assignment.parse_id(f" {legal} ") == legal
    for text in hostile_ids(legal, GUID, GROUP, legal.replace("Assignments", "Definitions")):
        with pytest.raises(InvalidInput) as caught:
            Assignment.parse_id(text)
        refused(caught.value, text)


def test_hostile_roles() -> None:
    legal = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{GUID}"
    assert WantedRole.parse(legal).guid == GUID
    for text in [*hostile_ids(legal, GROUP, "/"), *INVISIBLE, "", "a" * 513]:
        if not text.startswith("/") and text not in INVISIBLE and 0 < len(text) <= 512:
            continue
        with pytest.raises(InvalidInput) as caught:
            WantedRole.parse(text)
        refused(caught.value, text)
    # Names go into a query: Azure has such.
    for name in ("SignalR/Web PubSub Contributor", "100 % sure?", "O'Brien's #1"):
        assert WantedRole.parse(name) == WantedRole(name)


@pytest.mark.parametrize("legal", [VM, GROUP, f"{VM}/providers/Microsoft.Authorization/roleAssignments/{GUID}"])
def test_no_spelling_of_a_literal_but_in_ascii(legal: str) -> None:
    """To a regular expression without case, a long s is an s; to a URL it is not."""
    for parse in (ResourceId.parse, Scope.parse, Assignment.parse_id):
        with pytest.raises(InvalidInput):
            parse(legal.replace("subscriptions", "\u017fubscriptions").replace("roleA", "\u212aroleA"))


def test_a_long_scope_is_judged_at_once() -> None:
    started = time.process_time()
    for text in (f"{GROUP}{'/providers/a' * 300}", f"{GROUP}{'/providers/a/b/c' * 200}/x", f"{GROUP}{'/a' * 2000}"):
        with pytest.raises(InvalidInput):
            Scope.parse(text)
    assert time.process_time() - started < 1
