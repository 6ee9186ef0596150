# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that go into a $filter: whatever is in them stays one literal of it."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._authorization import Authorization
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._assignment import check_principal
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._role import WantedRole
from tests.unit.arm.fake_client import FakeClient, ask

TEXTS = st.lists(st.sampled_from(["'", "''", "%27", "\\'", " or ", "\u02bc", "\uff07", "a"]) | st.text(max_size=2))


def asked_filter(name: str) -> Any:
    client = FakeClient(({"value": []}, {}))
    ask(Authorization(client).roles_named(Scope.parse("/"), name, Deadline(999)))
    return client.asked[0][3]["query"]["$filter"]


@given(TEXTS.map("".join))
@example("x' or roleName eq 'Owner")
@example("' or 1 eq 1 or '")
def test_the_name_of_a_role_is_one_literal(text: str) -> None:
    try:
        wanted = WantedRole.parse(text)
    except InvalidInput:
        return
    if wanted.guid is None:
        literal = re.fullmatch(r"roleName eq '((?:[^']|'')*)'", asked_filter(wanted.text), re.DOTALL)
        assert literal
        assert literal[1].replace("''", "'") == wanted.text == text.strip()


@given(TEXTS.map("".join) | st.from_regex(r"\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}['\n )]?\Z"))
def test_a_principal_is_a_guid(text: str) -> None:
    try:
        principal = check_principal(text)
    except InvalidInput:
        return
    assert re.fullmatch(r"[0-9a-f-]{36}", principal)
