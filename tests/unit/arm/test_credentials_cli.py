# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Azure CLI as a source: an `az` of our own on PATH answers as the real one, and keeps how it was called."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth import _az_process
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._by_cli import Remembering
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._credential import find_subscription
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._sign_in import SignIn
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError

pytest.importorskip("azure.core")
pytest.importorskip("azure.identity")

SCOPE = "https://management.test/.default"
LOGGED_OUT = "ERROR: Please run 'az login' to setup account."


@pytest.fixture
def az(tmp_path, monkeypatch):
    """A function that puts an `az` on PATH: it prints, fails, or both. Its calls are in the file `calls`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def install(token=None, account=None, error=""):
        (tmp_path / "token.json").write_text(token or "")
        (tmp_path / "account.json").write_text(account or "")
        script = f"""#!/bin/sh
echo "$@" >> {tmp_path}/calls
{f'echo "{error}" >&2; exit 1' if error else ""}
case "$2" in
  get-access-token) /bin/cat {tmp_path}/token.json ;;
  show) /bin/cat {tmp_path}/account.json ;;
esac
"""
        (folder / "az").write_text(script)
        (folder / "az").chmod(0o755)

    install.calls = lambda: (tmp_path / "calls").read_text().splitlines()
    install.environ = {"PATH": str(folder)}
    return install


def token(seconds=3600):
    return json.dumps({"accessToken": "az-token", "expires_on": int(time.time()) + seconds, "tokenType": "Bearer"})


@pytest.mark.parametrize("call", ["get_token", "get_token_info"])
async def test_a_token_is_asked_for_once(az, make, call):
    az(token())
    credential, _access, notes = make({"auth_source": "cli"}, az.environ)
    for _turn in range(3):
        assert (await getattr(credential, call)(SCOPE)).token == "az-token"
    assert az.calls() == ["account get-access-token --output json --resource https://management.test"]
    assert notes == ["account of the Azure CLI"]
    await credential.close()


async def test_the_token_is_that_of_the_subscriptions_tenant(az, make):
    az(token())
    credential, access, _notes = make({"auth_source": "cli", "subscription_id": "sub-1"}, az.environ)
    await credential.get_token(SCOPE)
    assert az.calls()[0].endswith("--subscription sub-1")
    assert await find_subscription(access, None, SignIn(access, lambda: credential), Deadline(9)) == "sub-1"
    assert len(az.calls()) == 1


async def test_a_token_that_ends_soon_is_renewed(az, make):
    az(token(200))
    credential, _access, _notes = make({"auth_source": "cli"}, az.environ)
    await credential.get_token(SCOPE)
    await credential.get_token(SCOPE)
    assert len(az.calls()) == 2


async def test_a_token_for_claims_is_not_remembered():
    asked = []

    class Credential:
        async def get_token_info(self, *scopes, options=None):
            asked.append(options)
            return type("T", (), {"token": "t", "expires_on": time.time() + 3600})

    credential = Remembering(Credential())
    await credential.get_token(SCOPE)
    await credential.get_token(SCOPE, claims="c")
    await credential.get_token_info(SCOPE, options={"tenant_id": "t"})
    await credential.get_token(SCOPE, enable_cae=True)
    assert asked == [{}, {"claims": "c"}, {"tenant_id": "t"}]


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (LOGGED_OUT, "Run `az login` first."),
        ("ERROR: AADSTS700082: The refresh token has expired.", "The Azure CLI's login has expired"),
        ("ERROR: The subscription of 'x' doesn't exist in cloud 'AzureCloud'.", "Run `az account list --refresh`"),
    ],
)
async def test_a_refusal_is_explained(az, make, error, remedy):
    az(error=error)
    credential, _access, _notes = make({"auth_source": "cli"}, az.environ)
    with pytest.raises(AccessError) as caught:
        await credential.get_token(SCOPE)
    assert caught.value.message.startswith("`az account get-access-token` failed: ")
    assert caught.value.remedy.startswith(remedy)


async def test_without_az(make, monkeypatch):
    monkeypatch.setenv("PATH", "")
    credential, access, _notes = make({"auth_source": "cli"})
    with pytest.raises(AccessError) as caught:
        await credential.get_token(SCOPE)
    assert caught.value.remedy == "Install the Azure CLI, or set another auth_source."
    with pytest.raises(AccessError, match="not on PATH"):
        await find_subscription(access, None, SignIn(access, lambda: credential), Deadline(9))


async def test_the_current_subscription(az, make):
    az(token(), json.dumps({"id": "current", "name": "x"}))
    credential, access, _notes = make({"auth_source": "cli"}, az.environ)
    assert await find_subscription(access, None, SignIn(access, lambda: credential), Deadline(9)) == "current"
    assert az.calls() == ["account show --output json --only-show-errors"]


@pytest.mark.parametrize(
    ("account", "error", "message", "remedy"),
    [
        (None, LOGGED_OUT, "`az account show` failed: ERROR: Please run", "Run `az login` first."),
        (None, "ERROR: odd", "`az account show` failed: ERROR: odd", "Set subscription_id"),
        ("no JSON", "", "did not answer with a subscription", "Set subscription_id"),
        ("[]", "", "did not answer with a subscription", "Set subscription_id"),
        ("{}", "", "did not answer with a subscription", "Set subscription_id"),
    ],
)
async def test_no_current_subscription(az, make, account, error, message, remedy):
    az(account=account, error=error)
    credential, access, _notes = make({"auth_source": "cli"}, az.environ)
    with pytest.raises(AccessError) as caught:
        await find_subscription(access, None, SignIn(access, lambda: credential), Deadline(9))
    assert message in caught.value.message
    assert caught.value.remedy.startswith(remedy)


@pytest.mark.parametrize("patience", [None, 0.2])
async def test_an_az_that_hangs_is_ended_with_all_that_it_has_started(az, monkeypatch, tmp_path, patience):
    az()
    (tmp_path / "bin" / "az").write_text(f"#!/bin/sh\n/bin/sleep 60 &\necho $! > {tmp_path}/started\nwait\n")
    monkeypatch.setattr(_az_process, "AZ_SECONDS", 60 if patience else 0.2)
    with pytest.raises(AccessError, match=r"did not answer within 0\.2 s"):
        await _az_process.current_subscription(patience)
    assert_ended(tmp_path / "started")


async def test_an_az_for_which_nobody_waits_any_more_is_ended(az, make, tmp_path):
    az()
    (tmp_path / "bin" / "az").write_text(f"#!/bin/sh\n/bin/sleep 60 &\necho $! > {tmp_path}/started\nwait\n")
    credential, _access, _notes = make({"auth_source": "cli"}, az.environ)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(credential.get_token(SCOPE), 0.3)
    assert_ended(tmp_path / "started")


def assert_ended(file):
    """The process whose ID is in a file has ended, or is ending: on a busy machine soon after it was killed."""
    status = Path("/proc", file.read_text().strip(), "stat")
    end = time.monotonic() + 10
    while (state := _state(status)) not in ("", "Z", "X"):
        assert time.monotonic() < end, state
        time.sleep(0.02)


def _state(status):
    try:
        return status.read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("exec /usr/bin/yes", r"did not answer within 0\.5 s"),
        ("exec /usr/bin/yes >&2", r"did not answer within 0\.5 s"),
        ("/usr/bin/head -c 2000000 /dev/zero", "more than 1024 KiB"),
        ("/usr/bin/yes | /usr/bin/head -c 2000000 >&2; exit 1", r"failed: (y ){300}\.\.\."),
    ],
)
async def test_an_az_that_talks_too_much(az, make, monkeypatch, tmp_path, command, message):
    az()
    (tmp_path / "bin" / "az").write_text(f"#!/bin/sh\n{command}\n")
    monkeypatch.setattr(_az_process, "AZ_SECONDS", 0.5)
    credential, _access, _notes = make({"auth_source": "cli"}, az.environ)
    with pytest.raises(AccessError, match=message):
        await credential.get_token(SCOPE)


async def test_an_az_that_cannot_be_run(az, make, tmp_path):
    az()
    (tmp_path / "bin" / "az").write_bytes(b"\x7fELF")
    credential, _access, _notes = make({"auth_source": "cli"}, az.environ)
    with pytest.raises(AccessError, match="`az account get-access-token` cannot be run: Exec format error"):
        await credential.get_token(SCOPE)


async def test_what_az_says_is_shown_without_secrets(az, make):
    az(error="ERROR: cannot use client_secret=s3same-open")
    credential, _access, _notes = make({"auth_source": "cli"}, az.environ)
    with pytest.raises(AccessError) as caught:
        await credential.get_token(SCOPE)
    assert caught.value.message == "`az account get-access-token` failed: ERROR: cannot use client_secret=********."


@pytest.mark.parametrize(
    "said",
    [
        *("", "no JSON", "[]", "null", "{}", "[" * 100_000, '{"accessToken": "t"}'),
        '{"accessToken": "t", "expires_on": "soon"}',
        '{"accessToken": "t", "expires_on": 1e999}',
        '{"accessToken": "t", "expiresOn": 1}',
    ],
)
async def test_an_answer_of_az_that_is_no_token(az, make, said):
    az(said)
    credential, _access, _notes = make({"auth_source": "cli"}, az.environ)
    with pytest.raises(AccessError, match="did not answer with a token"):
        await credential.get_token(SCOPE)


async def test_local_time_of_an_older_az(az, make):
    az(json.dumps({"accessToken": "az-token", "expiresOn": "2099-01-02 03:04:05.000000"}))
    credential, _access, _notes = make({"auth_source": "cli"}, az.environ)
    token = await credential.get_token(SCOPE)
    assert (token.token, token.expires_on // 10**6) == ("az-token", 4071)


async def test_a_scope_that_would_be_an_option_of_az(az, make):
    az(token())
    credential, _access, _notes = make({"auth_source": "cli"}, az.environ)
    with pytest.raises(AccessError, match="no URL"):
        await credential.get_token("--query/.default")
    with pytest.raises(AccessError, match="which the Azure CLI cannot do"):
        await credential.get_token(SCOPE, claims="{}")


class TestAuto:
    async def test_takes_the_azure_cli_before_the_managed_identity(self, az, make, service, cloud, monkeypatch):
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.url)
        az(token(), json.dumps({"id": "current"}))
        credential, access, notes = make({}, az.environ)
        assert notes == []
        assert await find_subscription(access, cloud, SignIn(access, lambda: credential), Deadline(9)) == "current"
        assert (await credential.get_token(SCOPE)).token == "az-token"
        assert (notes, service.asked) == (["account of the Azure CLI"], [])

    async def test_takes_the_managed_identity_if_nobody_is_logged_in(self, az, make, service, cloud, monkeypatch):
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.url)
        az(error=LOGGED_OUT)
        credential, access, notes = make({}, {**az.environ, "AZURE_CLIENT_ID": "uai"})
        assert await find_subscription(access, cloud, SignIn(access, lambda: credential), Deadline(9)) is None
        assert (await credential.get_token(SCOPE)).token == "token-1"
        assert notes == ["managed identity uai of this machine"]
        assert service.asked[0]["client_id"] == "uai"

    async def test_tells_about_all_sources(self, az, make, service, monkeypatch):
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.url)
        service.refusal = "Identity not found"
        az(error=LOGGED_OUT)
        credential, _access, _notes = make({}, az.environ)
        with pytest.raises(AccessError) as caught:
            await credential.get_token(SCOPE)
        for words in (
            "(1) parameters: neither client_id nor ad_user is set.",
            "(2) environment variables: neither AZURE_CLIENT_ID nor AZURE_AD_USER is set.",
            "(3) credentials file: /nonexistent/.azure/credentials does not exist.",
            "(4) account of the Azure CLI: `az account get-access-token` failed: ERROR: Please run 'az login' to setup",
            "(5) managed identity of this machine: ManagedIdentityCredential authentication unavailable.",
        ):
            assert words in caught.value.message
