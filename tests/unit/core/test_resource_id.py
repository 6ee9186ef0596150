# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ARM resource IDs: parsed, built, compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    IDENTITY,
    SCALE_SET,
    VIRTUAL_MACHINE,
    ResourceId,
)

SUB = "11111111-2222-3333-4444-555555555555"
VM = f"/subscriptions/{SUB}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm1"
UAI = f"/subscriptions/{SUB}/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1"


def test_parse_gives_the_parts_as_spelt() -> None:
    parsed = ResourceId.parse(f"  {UAI} ", IDENTITY)
    assert (parsed.subscription_id, parsed.resource_group, parsed.name) == (SUB, "rg", "id1")
    assert parsed.type == "Microsoft.ManagedIdentity/userAssignedIdentities"
    assert str(parsed) == UAI
    assert parsed.key == UAI.lower()


@pytest.mark.parametrize("kind", [VIRTUAL_MACHINE, SCALE_SET, IDENTITY])
def test_build_and_parse_agree(kind) -> None:
    built = ResourceId.build(SUB, "my.group_(1)-x", kind, "name-1")
    assert str(built) == f"/subscriptions/{SUB}/resourceGroups/my.group_(1)-x/providers/{kind.type}/name-1"
    assert ResourceId.parse(str(built), kind) == built


def test_without_a_kind_any_type_is_taken() -> None:
    assert ResourceId.parse(VM.replace("virtualMachines", "disks")).type == "Microsoft.Compute/disks"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("vm1", "'vm1' is not a resource ID. "),
        ("", "'' is not a resource ID: it is empty. "),
        (VM + "/", "is not a resource ID: one of its segments is empty. "),
        (VM + "/extensions/x", "is not a resource ID. "),
        (VM[1:], "is not a resource ID. "),
        (VM.replace(SUB, "production"), "names a subscription that is not a GUID: 'production'. "),
        (VM.replace("/rg/", "/r g/"), "names an impossible resource group: 'r g'. "),
        (VM.replace("/rg/", "/rg./"), "names an impossible resource group: 'rg.'. "),
        (UAI, "is the ID of a Microsoft.ManagedIdentity/userAssignedIdentities, not of a virtual machine. "),
        (VM + "-", "'vm1-' is not the name of a virtual machine: 1 to 64 characters"),
    ],
)
def test_what_is_no_vm_id_says_so(text: str, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        ResourceId.parse(text, VIRTUAL_MACHINE)
    assert says in f"{caught.value} "


def test_the_error_shows_the_expected_shape() -> None:
    with pytest.raises(InvalidInput) as caught:
        ResourceId.parse("app", IDENTITY)
    assert caught.value.remedy == (
        "Expected /subscriptions/{GUID}/resourceGroups/{group}/providers/"
        "Microsoft.ManagedIdentity/userAssignedIdentities/{name}."
    )
    with pytest.raises(InvalidInput) as caught:
        ResourceId.parse("app")
    assert "/providers/{namespace}/{type}/{name}." in caught.value.remedy


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            VIRTUAL_MACHINE,
            ["a", "web-01", "a.b", "ä1", "a" * 64, "0", "a_b", "a_"],
            ["", "-"[:0], "a" * 65, "_a", ".a", "a.", "a-", "a b", "a/b", "a'b", "a#b", "a?b", "a%b", "a:b", "a*"],
        ),
        (IDENTITY, ["abc", "a-_", "0ab", "a" * 128], ["ab", "-abc", "_abc", "a" * 129, "a.b", "a b c", "äbc", "abc\n"]),
    ],
)
def test_names(kind, good: list[str], bad: list[str]) -> None:
    for name in good:
        assert kind.check_name(name) == name
    for name in bad:
        with pytest.raises(InvalidInput) as caught:
            kind.check_name(name)
        assert str(caught.value) == f"{name!r} is not the name of a {kind.label}: {kind.name_rule}. Correct the name."


@pytest.mark.parametrize(
    ("subscription", "group", "says"),
    [
        ("nope", "rg", "'nope' is not a subscription ID. Expected a GUID."),
        (
            SUB,
            "",
            "'' is not the name of a resource group: 1 to 90 letters, digits, -, _, ., ( or ), not ending with a dot.",
        ),
        (SUB, "a" * 91, "is not the name of a resource group"),
        (SUB, "a/b", "is not the name of a resource group"),
    ],
)
def test_build_refuses_impossible_parts(subscription: str, group: str, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        ResourceId.build(subscription, group, VIRTUAL_MACHINE, "vm1")
    assert says in str(caught.value)


def test_a_group_of_90_letters_is_one() -> None:
    assert ResourceId.build(SUB, "a" * 90, VIRTUAL_MACHINE, "vm1").resource_group == "a" * 90


@given(st.lists(st.booleans(), min_size=len(UAI), max_size=len(UAI)))
def test_every_spelling_is_one_id(upper: list[bool]) -> None:
    spelt = "".join(char.upper() if up else char for char, up in zip(UAI, upper, strict=True))
    other = ResourceId.parse(spelt, IDENTITY)
    assert other == ResourceId.parse(UAI)
    assert hash(other) == hash(ResourceId.parse(UAI))
    assert str(other) == spelt


def test_ids_that_differ_in_more_than_case_differ() -> None:
    assert ResourceId.parse(UAI) != ResourceId.parse(UAI.replace("id1", "id2"))
    sharp, double = (VM.replace("/rg/", f"/{group}/") for group in ("straße", "strasse"))
    assert ResourceId.parse(sharp) != ResourceId.parse(double)
