# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a change alters what callers of IMDS get who name no identity."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import (
    Identity,
    UserIdentity,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._imds import default_change
from tests.unit.core.build import on_vm, uai

SYSTEM = "the system-assigned identity"
ERROR = "an error, since several user-assigned identities are there and none is named"
A, B = "the user-assigned identity id-a", "the user-assigned identity id-b"


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        (on_vm("a"), on_vm("a", "b"), A, ERROR),
        (on_vm("a"), on_vm("b"), A, B),
        (on_vm("a"), on_vm("a", system=True), A, SYSTEM),
        (on_vm("a", system=True), on_vm("a"), SYSTEM, A),
        (on_vm("a", "b", system=True), on_vm("a", "b"), SYSTEM, ERROR),
        (on_vm(system=True), on_vm("b"), SYSTEM, B),
        (
            Identity.of(None, [UserIdentity(uai("a"))]),
            Identity.of(None, [UserIdentity(uai("a", group="other"))]),
            A,
            A,
        ),
    ],
)
def test_a_flip_is_told(before: Identity, after: Identity, old: str, new: str) -> None:
    assert default_change(before, after) == (
        f"Programs on the machine that ask for a token without naming an identity got {old} until now; "
        f"from now on they get {new}. A program that names its identity by client ID is independent of this."
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (on_vm(), on_vm()),
        (on_vm(), on_vm("a")),
        (on_vm(), on_vm(system=True)),
        (on_vm(), on_vm("a", "b")),
        (on_vm("a", "b"), on_vm("a")),
        (on_vm("a", "b"), on_vm("a", "b", system=True)),
        (on_vm("a", "b"), on_vm("a", "b", "c")),
        (on_vm("a"), on_vm()),
        (on_vm("a"), on_vm("A")),
        (on_vm(system=True), on_vm()),
        (on_vm(system=True), on_vm("a", "b", system=True)),
    ],
)
def test_what_breaks_nobody_is_not_told(before: Identity, after: Identity) -> None:
    assert default_change(before, after) is None
