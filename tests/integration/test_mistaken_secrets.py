# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key, a token or a password where none belongs is shown nowhere, through either front; nor is a proxy's password."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.integration.estate import TENANT, system
from tests.unit.core.secret_corpus import JWT, PEM

pytestmark = pytest.mark.oldest

APP = {"client_id": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c01", "tenant": TENANT}
PASSWORD = "s3same-of-the-proxy"
SECRET = "abc8Q" + "~" + "Defgh.ijk-LMNOP_qrstuvwxyz0123456"
HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def refused(name: str, **arguments: Any) -> dict[str, Any]:
    return {**system(name, "vm-web-01", **arguments), "ignore_errors": True}


TASKS = [
    refused("key for a path", **APP, x509_certificate_path="{{ key }}"),
    refused("token for a path", **APP, oidc_token_file_path="{{ token }}"),
    refused("token for a profile", profile="{{ token }}"),
    refused("secret for a tenant", client_id="x", tenant="{{ secret }}", secret="{{ secret }}x"),
    refused("password in a cloud", auth_source="msi", cloud_environment="https://joe:{{ password }}@host"),
    refused("password in an authority", auth_source="msi", adfs_authority_url="https://joe:{{ password }}@host"),
    refused("key for an unknown option", thumb="{{ key }}", state="{{ token }}"),
    refused("key for a choice", state="{{ key }}"),
    refused("characters of no path", **APP, x509_certificate_path="/etc/\0/x"),
    refused("a file that never ends", **APP, oidc_token_file_path="/dev/zero"),
]


def pieces(text: str) -> list[str]:
    """What of a secret must not be seen: each 32 characters, without what a name of its kind may hold too."""
    body = text[40:-40].replace("\n", " ")
    return [piece for start in range(0, len(body) - 32, 32) for piece in [body[start : start + 32]]]


def assert_hidden(said: str) -> None:
    """What was said by both fronts: Ansible's log has what is shown too.

    Line breaks are folded: Ansible shows a text of several lines in many ways.
    """
    folded = " ".join(said.replace("\\\\n", " ").replace("\\n", " ").split())
    shown = [piece for secret in (PEM, JWT) for piece in pieces(secret) if piece in folded]
    assert shown == []
    assert PASSWORD not in said
    assert SECRET not in said


def test_a_secret_in_the_wrong_option(both, tmp_path: Path) -> None:
    log = tmp_path / "ansible.log"
    (tmp_path / ".azure").mkdir()
    (tmp_path / ".azure" / "credentials").write_text("[default]\n", encoding="utf-8")
    run = both(
        TASKS,
        arguments=("-vvv",),
        env={"ANSIBLE_LOG_PATH": str(log), "HOME": str(tmp_path)},
        variables={"key": PEM, "token": JWT, "password": PASSWORD, "secret": SECRET},
    )
    assert_hidden(run.output + log.read_text(encoding="utf-8") + repr(run.results))
    key = run.result("key for a path")
    assert key["error"]["message"] == "x509_certificate_path, from parameters, holds a key itself, not a path."
    assert key["error"]["remedy"]
    assert key["invocation"]["module_args"]["x509_certificate_path"] in (HIDDEN, "********\n")
    assert run.result("token for a path")["msg"].startswith("oidc_token_file_path, from parameters, holds a token")
    assert "********" in run.result("token for a profile")["msg"]
    assert "cloud_environment has user information" in run.result("password in a cloud")["msg"]
    assert "it is a device" in run.result("a file that never ends")["msg"]


class Refusing(BaseHTTPRequestHandler):
    """A proxy that lets nobody through."""

    def do_CONNECT(self) -> None:
        self.send_error(407)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def refusing_proxy() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("there", [False, True])
def test_the_password_of_a_proxy(both, tmp_path: Path, refusing_proxy: int, there: bool) -> None:
    log = tmp_path / "ansible.log"
    proxy = f"http://joe:{PASSWORD}@127.0.0.1:{refusing_proxy if there else 1}"
    environment = {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "", "no_proxy": ""}
    run = both([refused("look")], arguments=("-vvv",), env={"ANSIBLE_LOG_PATH": str(log), **environment})
    assert ("407" in run.result("look")["msg"]) is there
    assert_hidden(run.output + log.read_text(encoding="utf-8") + repr(run.results))
