# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session: the subscription that is meant where nothing names one; and what is missing is named."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from ansible_collections.managed_identity.azure.plugins.module_utils.arm._session import Session, open_session
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._sign_in import SignIn
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._answer import ArmAnswer
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    AccessError,
    ManagedIdentityError,
    WaitTimedOut,
)
from tests.support.scripted import hang, scripted_server
from tests.tools.link_collection import link_collection

SP = {"client_id": "app", "tenant": "t", "secret": "s3cret", "cloud_environment": "https://localhost:1"}
CLOUD = {"client_id": "app", "tenant": "t", "secret": "s3cret"}


def session(*subscriptions: str) -> tuple[Session, list[str]]:
    asked: list[str] = []

    async def list_them(_method: str, _target: str, _deadline: Deadline, **_details: Any) -> ArmAnswer:
        asked.append("list")
        return ArmAnswer({"value": [{"subscriptionId": one} for one in subscriptions]}, {})

    access = resolve(CLOUD, {"HOME": "/nonexistent"})
    client: Any = SimpleNamespace(request=list_them, journal=None)
    unused: Any = None
    return Session(client, access, unused, SignIn(access, object), unused, unused), asked


async def test_the_only_subscription_that_is_seen_is_meant_and_asked_for_once() -> None:
    one, asked = session("sub-1")
    assert [await one.subscription_id(Deadline(9)) for _time in range(2)] == ["sub-1"] * 2
    assert asked == ["list"]


@pytest.mark.parametrize(("seen", "says"), [((), "sees 0: none"), (("b", "a"), "sees 2: a, b")])
async def test_none_or_several_are_told(seen: tuple[str, ...], says: str) -> None:
    one, _asked = session(*seen)
    with pytest.raises(AccessError) as caught:
        await one.subscription_id(Deadline(9))
    assert says in str(caught.value)
    assert "AZURE_SUBSCRIPTION_ID" in caught.value.remedy


async def test_a_session_that_cannot_be_opened_leaves_no_connection(recwarn: pytest.WarningsRecorder) -> None:
    with pytest.raises(ManagedIdentityError):
        await open_session(resolve(SP, {"HOME": "/nonexistent"}), print, Deadline(9))
    assert not [warning for warning in recwarn if "Unclosed" in str(warning.message)]


async def test_a_cloud_that_does_not_answer_is_not_waited_for_longer_than_the_operation(tmp_path: Path) -> None:
    async with scripted_server() as server:
        server.answers = [hang]
        server.authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        environ = {"HOME": "/nonexistent", "REQUESTS_CA_BUNDLE": str(tmp_path / "ca.pem")}
        begun = time.monotonic()
        with pytest.raises(WaitTimedOut) as caught:
            await open_session(resolve({**SP, "cloud_environment": server.url}, environ), print, Deadline(0.4))
    assert time.monotonic() - begun < 3
    url = f"{server.url}/metadata/endpoints"
    assert caught.value.message == ("wait_timeout of 0.4 s passed while waiting for the description of the cloud.")
    assert (caught.value.call, caught.value.target) == ("GET", url)


async def test_a_known_cloud_is_opened_without_any_call() -> None:
    notes: list[str] = []
    opened = await open_session(resolve(CLOUD, {"HOME": "/nonexistent"}), notes.append, Deadline(9))
    await opened.close()
    assert notes == ["client secret of application app, from parameters"]


@pytest.mark.parametrize(
    ("hidden", "package"), [("azure.core", "azure-core"), ("aiohttp", "aiohttp"), ("azure.identity", "azure-identity")]
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(hidden: str, package: str) -> None:
    program = f"""
import sys
sys.path.insert(0, {str(link_collection())!r})
sys.modules[{hidden!r}] = None
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline import _client, _retry
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net import _transport
from ansible_collections.managed_identity.azure.plugins.module_utils.arm._session import load_sdk
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import MissingPackage
try:
    load_sdk()
except MissingPackage as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert f"The Python package {package} " in said
    assert f"Install it with: {sys.executable} -m pip install azure-identity" in said
