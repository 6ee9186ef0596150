# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is refused in which words, to the letter: the message, its remedy, and what it is about."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ManagedIdentityError
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._user_assigned import (
    ISOLATION_SCOPES,
    UserAssigned,
    Wish,
    plan_user_assigned,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._role import WantedRole
from ansible_collections.managed_identity.azure.plugins.module_utils.core.survey._answers import KINDS
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._image import image_reference
from tests.unit.core.build import uai

GRANT = "It has role and scopes; as text it is the role, a blank, and one scope."
ROLE = "Expected its name, its GUID, or the full ID of its definition."
HERE = UserAssigned(uai("a"), "westeurope", {}, None)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("tags", "=x", "The tag '=x' has no name. Write NAME=VALUE."),
        (
            "vms",
            [{"id": "x", "foo": 1, "bar": 2}],
            "The virtual machine {'id': 'x', 'foo': 1, 'bar': 2} has bar, foo. "
            "It can have id, name, resource_group, subscription_id.",
        ),
        (
            "vms",
            "x",
            "The virtual machine {'name': 'x'} lacks its resource group. "
            "Name it by its full ID, by GROUP/NAME, or by id, or resource_group and name.",
        ),
        ("grants", "Reader", f"The grant {{'scopes': 'Reader'}} lacks its role. {GRANT}"),
        ("grants", [{"condition": "c"}], f"The grant {{'condition': 'c'}} lacks its role and scopes. {GRANT}"),
        ("grants", [{"role": "/nowhere", "scopes": "/"}], f"'/nowhere' is not a role. {ROLE}"),
        ("credentials", "one two", "The credential 'one two' is not of three words. Write NAME ISSUER SUBJECT."),
        ("credentials", [{"issuer": "i"}], "The credential {'issuer': 'i'} lacks its name. Give it a name."),
        (
            "credentials",
            [{"foo": 1}],
            "The credential {'foo': 1} has foo. It can have name, issuer, subject, audiences, github, kubernetes.",
        ),
    ],
)
def test_answers_of_surveys(kind: str, value: Any, said: str) -> None:
    with pytest.raises(ManagedIdentityError) as caught:
        KINDS[kind](value)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/providers/x/../y", f"'/providers/x/../y' is not a role: it has the segment '..'. {ROLE}"),
        ("/x%20", f"'/x%20' is not a role: it holds '%' (U+0025). {ROLE}"),
        ("", f"'' is not a role. {ROLE}"),
        ("/subscriptions/x", f"'/subscriptions/x' is not a role. {ROLE}"),
    ],
)
def test_roles(text: str, said: str) -> None:
    with pytest.raises(ManagedIdentityError) as caught:
        WantedRole.parse(text)
    assert str(caught.value) == said


@pytest.mark.parametrize("name", ["a", "x" * 512])
def test_the_shortest_and_the_longest_name_of_a_role(name: str) -> None:
    assert WantedRole.parse(name) == WantedRole(name)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("/subscriptions/x/../y", "'/subscriptions/x/../y' is not the ID of an image: it has the segment '..'."),
        ("/subscriptions/x", "image is '/subscriptions/x', which is not the ID of an image."),
    ],
)
def test_images_by_their_ids(image: str, said: str) -> None:
    with pytest.raises(ManagedIdentityError) as caught:
        image_reference(image)
    assert caught.value.message == said
    assert caught.value.remedy.startswith("Expected")


def test_an_isolation_scope_that_the_cloud_does_not_know() -> None:
    with pytest.raises(ManagedIdentityError) as caught:
        plan_user_assigned(None, uai("a"), Wish("westeurope", isolation_scope="Regional"), isolation=False)
    assert (caught.value.message, caught.value.remedy, caught.value.target) == (
        "This cloud's API does not know isolation scopes of identities.",
        "Leave isolation_scope out.",
        str(uai("a")),
    )


def test_another_location() -> None:
    with pytest.raises(ManagedIdentityError) as caught:
        plan_user_assigned(HERE, uai("a"), Wish("North Europe"))
    assert (caught.value.message, caught.value.remedy, caught.value.target) == (
        "The identity is in westeurope, and the location of an identity cannot be changed.",
        "Leave location out, or delete the identity and create it again in North Europe: "
        "it then has another principal, and no role.",
        str(uai("a")),
    )
    assert plan_user_assigned(HERE, uai("a"), Wish("West Europe")).method is None


@pytest.mark.parametrize("isolation", [True, False])
def test_a_new_identity_has_what_its_cloud_gives(isolation: bool) -> None:
    after = plan_user_assigned(None, uai("a"), Wish("westeurope"), isolation=isolation).after
    assert after == UserAssigned(uai("a"), "westeurope", {}, ISOLATION_SCOPES["none"] if isolation else None)
