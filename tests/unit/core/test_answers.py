# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of roles, in the forms in which people, playbooks and surveys give them."""

from __future__ import annotations

import re

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from ansible_collections.managed_identity.azure.plugins.module_utils.core.survey._answers import KINDS
from tests.unit.core.build import SUB

OTHER = "22222222-3333-4444-8555-666666666666"
GROUP = f"/subscriptions/{SUB}/resourceGroups/rg"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm1"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-1"
PARTS = {"resource_group": "rg", "name": "vm1", "subscription_id": SUB}
ISSUER = "https://issuer.example.com/a"
READER = {"role": "Reader", "scopes": [GROUP]}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", None, None),
        ("text", " ", None),
        ("text", " a b ", "a b"),
        ("text", 7, "7"),
        ("flag", None, None),
        ("flag", "", None),
        ("flag", True, True),
        ("flag", "Yes", True),
        ("flag", "1", True),
        ("flag", " on ", True),
        ("flag", False, False),
        ("flag", "FALSE", False),
        ("flag", "no", False),
        ("flag", 0, False),
        ("number", "", None),
        ("number", " 12 ", 12),
        ("number", 0, 0),
        ("list", None, []),
        ("list", "\n \n", []),
        ("list", "a\n\n  b c \r\nd", ["a", "b c", "d"]),
        ("list", ["a", "", None, "b\nc", ["d"]], ["a", "b", "c", "d"]),
        ("list", ("a",), ["a"]),
        ("list", {"a": 1}, [{"a": 1}]),
        ("list", {}, []),
        ("list", 5, ["5"]),
        ("tags", "", None),
        ("tags", None, None),
        ("tags", {}, {}),
        ("tags", {"a": None, "b": 2}, {"a": "", "b": "2"}),
        ("tags", "a = b\nc=d=e\nf=", {"a": "b", "c": "d=e", "f": ""}),
        ("scopes", "", []),
        ("scopes", f"{SUB}\n{GROUP}", [f"/subscriptions/{SUB}", GROUP]),
        ("scopes", "/", ["/"]),
        ("vms", "", []),
        ("vms", {"name": "", "resource_group": None}, []),
        ("vms", VM, [PARTS]),
        ("vms", {"id": VM, "name": "another", "resource_group": "another"}, [PARTS]),
        ("vms", "rg/vm1\nrg2/vm1", [{"resource_group": "rg", "name": "vm1"}, {"resource_group": "rg2", "name": "vm1"}]),
        (
            "vms",
            [{"name": " vm1 ", "resource_group": "rg", "subscription_id": ""}, "RG/VM1"],
            [{"name": "vm1", "resource_group": "rg"}],
        ),
        ("vms", {**PARTS}, [PARTS]),
        ("identities", IDENTITY, [{"resource_group": "rg", "name": "id-1", "subscription_id": SUB}]),
        ("grants", "", []),
        (
            "grants",
            f"Reader {GROUP}\n Storage Blob Data Reader   {VM} ",
            [READER, {"role": "Storage Blob Data Reader", "scopes": [VM]}],
        ),
        ("grants", {"role": "Reader", "scope": GROUP, "description": ""}, [READER]),
        (
            "grants",
            [{"role": "Reader", "scopes": f"{GROUP}\n{OTHER}", "condition": "x", "condition_version": "2.0"}],
            [
                {
                    "role": "Reader",
                    "scopes": [GROUP, f"/subscriptions/{OTHER}"],
                    "condition": "x",
                    "condition_version": "2.0",
                }
            ],
        ),
        ("credentials", "", []),
        ("credentials", f"one {ISSUER} repo:a b", [{"name": "one", "issuer": ISSUER, "subject": "repo:a b"}]),
        (
            "credentials",
            {"name": "one", "issuer": ISSUER, "subject": "a", "audiences": "x"},
            [{"name": "one", "issuer": ISSUER, "subject": "a", "audiences": "x"}],
        ),
        (
            "credentials",
            {"name": "one", "github": {"repository": "a/b", "branch": "main", "tag": ""}, "subject": None},
            [{"name": "one", "github": {"repository": "a/b", "branch": "main"}}],
        ),
    ],
)
def test_values(kind: str, value: object, expected: object):
    assert KINDS[kind](value) == expected


def test_bare_names_are_in_the_group_that_is_given():
    assert KINDS["vms"](["vm1", "other/vm1", VM], " rg ") == [
        {"resource_group": "rg", "name": "vm1"},
        {"resource_group": "other", "name": "vm1"},
        PARTS,
    ]
    assert KINDS["identities"]("id-1", resource_group="rg") == [{"resource_group": "rg", "name": "id-1"}]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("flag", "perhaps", "'perhaps' is neither true nor false"),
        ("number", "-1", "'-1' is not a whole number"),
        ("number", True, "'True' is not|True is not a whole number"),
        ("list", True, "True is no item of a list"),
        ("tags", "novalue", "The tag 'novalue' has no name.*NAME=VALUE"),
        ("tags", "=b", "The tag '=b' has no name"),
        ("scopes", "here", "'/subscriptions/here' is not a scope|'here' is not a subscription ID"),
        ("vms", "vm1", "The virtual machine {'name': 'vm1'} lacks its resource group.*GROUP/NAME"),
        ("vms", {"resource_group": "rg"}, "The virtual machine .* lacks its name"),
        ("vms", {"name": "vm1", "group": "rg"}, "The virtual machine .* has group.*resource_group"),
        ("vms", [["vm1", {"x": 1}]], "resource group|has x"),
        ("vms", "rg/vm*", "not the name of a virtual machine"),
        ("vms", "r*/vm1", "not the name of a resource group"),
        ("vms", {**PARTS, "subscription_id": "mine"}, "'mine' is not a subscription ID"),
        ("vms", IDENTITY, "not of a virtual machine"),
        ("identities", VM, "not of a user-assigned identity"),
        ("grants", "Reader", "The grant .* lacks its role"),
        ("grants", {"role": "Reader", "scopes": []}, "The grant .* lacks its scopes"),
        ("grants", {"scopes": GROUP}, "The grant .* lacks its role.*a blank"),
        ("grants", {"rol": "Reader", "scopes": GROUP}, "The grant .* has rol\\..*role, scope, scopes"),
        ("grants", "Reader everywhere", "is not a"),
        ("credentials", "one two", "The credential 'one two' is not of three words.*NAME ISSUER SUBJECT"),
        ("credentials", {"issuer": ISSUER}, "lacks its name"),
        ("credentials", {"name": "one", "github": "a/b"}, "github of the credential one is 'a/b'.*repository, branch"),
        ("credentials", {"name": "one", "github": {"repo": "a/b"}}, "github of the credential one .* has repo"),
        ("credentials", {"name": "one", "github": {"branch": "main"}}, "repository '' is not"),
        ("credentials", {"name": "one", "kubernetes": {"issuer": ISSUER, "namespace": "a"}}, "service account"),
        ("credentials", f"a1 {ISSUER} x\nb2 {ISSUER} x", "name of a federated|same issuer and subject"),
        ("credentials", "\n".join(f"cred-{number} {ISSUER} {number}" for number in range(21)), "Azure allows 20"),
    ],
)
def test_refusals(kind: str, value: object, words: str):
    with pytest.raises(InvalidInput) as caught:
        KINDS[kind](value)

    assert re.search(words, str(caught.value))
