# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of Microsoft Graph, by whom, and what its answers come to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from ansible_collections.managed_identity.azure.plugins.module_utils.arm._session import Session, open_session
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._clouds import Cloud
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._directory import Directory
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError
from tests.unit.arm.fake_client import FakeClient, ask

DEADLINE = Deadline(999)
IDS = [f"aaaaaaaa-0000-4000-8000-{number:012}" for number in range(2001)]


def test_each_is_asked_once_and_a_thousand_at_a_time() -> None:
    known = {"value": [{"id": IDS[0].upper()}, {"id": IDS[1]}]}
    client: Any = FakeClient((known, {}), ({"value": []}, {}), ({"value": []}, {}))
    assert ask(Directory(client).known([*IDS, IDS[0].upper()], DEADLINE)) == {IDS[0], IDS[1]}
    assert {asked[:3] for asked in client.asked} == {("POST", "/v1.0/directoryObjects/getByIds", None)}
    bodies = [asked[3]["body"] for asked in client.asked]
    assert [len(body["ids"]) for body in bodies] == [1000, 1000, 1]
    # Whoever is there counts, of whatever kind.
    assert {"user", "group", "servicePrincipal"} <= set(bodies[0]["types"])
    assert ask(Directory(client).known([], DEADLINE)) == set()


def session(cloud: Cloud) -> tuple[Session, list[str]]:
    made: list[str] = []
    access = resolve({"client_id": "app", "tenant": "t", "secret": "s"}, {"HOME": "/nonexistent"})
    unused: Any = SimpleNamespace(journal=None)
    return Session(unused, access, cloud, unused, unused, lambda url: made.append(url) or unused), made  # type: ignore[func-returns-value]


def test_the_directory_is_reached_at_its_first_use() -> None:
    one, made = session(Cloud("Own", "https://arm.own", "https://login.own", "x", graph="https://graph.own"))
    assert made == []
    assert one.directory is one.directory
    assert made == ["https://graph.own"]


def test_a_cloud_without_microsoft_graph() -> None:
    one, _made = session(Cloud("Stack", "https://arm.own", "https://login.own", "x"))
    with pytest.raises(AccessError, match="The cloud Stack names no Microsoft Graph"):
        assert one.directory


async def test_the_token_is_for_microsoft_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    scopes: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._token_policy.TokenPolicy",
        lambda _sign_in, scope, endpoint: scopes.append((scope, endpoint)),
    )
    given = {"client_id": "app", "tenant": "t", "secret": "s", "cloud_environment": "AzureUSGovernment"}
    opened = await open_session(resolve(given, {"HOME": "/nonexistent"}), print, DEADLINE)
    assert opened.directory
    await opened.close()
    assert scopes == [
        ("https://management.core.usgovcloudapi.net/.default", "https://management.usgovcloudapi.net"),
        ("https://graph.microsoft.us/.default", "https://graph.microsoft.us"),
    ]
