# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which authorities are trusted: asserted by TLS connections, in memory."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys

import pytest
import trustme

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._tls import (
    ssl_context,
    trusted_certificates,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from tests.tools.link_collection import link_collection

HOST = "management.private"


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def files(tmp_path, authority):
    """private.pem holds the server's authority, other.pem another one, hashed/ the first as OpenSSL looks it up."""
    authority.cert_pem.write_to_path(tmp_path / "private.pem")
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    if not shutil.which("openssl"):
        pytest.skip("the name of a file in a directory of authorities comes from the openssl command")
    command = ["openssl", "x509", "-hash", "-noout", "-in", str(tmp_path / "private.pem")]
    digest = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    (tmp_path / "hashed").mkdir()
    authority.cert_pem.write_to_path(tmp_path / "hashed" / f"{digest}.0")
    (tmp_path / "broken.pem").write_text("no certificate")
    (tmp_path / "empty").mkdir()
    return tmp_path


def trusts(context: ssl.SSLContext, authority: trustme.CA, host: str = HOST) -> bool:
    """Whether a client with this context finishes a handshake with a server that the authority vouches for."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(serving)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(to_client, to_server, server_hostname=host)
    server = serving.wrap_bio(to_server, to_client, server_side=True)
    for _turn in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return True


def context_for(environ, params=None) -> ssl.SSLContext:
    access = resolve({"auth_source": "msi", **(params or {})}, {"HOME": "/nonexistent", **environ})
    return ssl_context(verify=access.verify_tls, authorities=access.ca_bundle)


@pytest.mark.parametrize(
    ("environ", "trusted"),
    [
        ({}, False),
        ({"REQUESTS_CA_BUNDLE": "private.pem"}, True),
        ({"REQUESTS_CA_BUNDLE": "hashed"}, True),
        ({"REQUESTS_CA_BUNDLE": "other.pem"}, False),
        ({"REQUESTS_CA_BUNDLE": "empty"}, False),
        ({"CURL_CA_BUNDLE": "private.pem"}, True),
        ({"SSL_CERT_FILE": "private.pem"}, True),
        ({"SSL_CERT_DIR": "hashed"}, True),
        ({"SSL_CERT_FILE": "other.pem", "SSL_CERT_DIR": "hashed"}, True),
        ({"SSL_CERT_FILE": "other.pem"}, False),
        ({"REQUESTS_CA_BUNDLE": "other.pem", "SSL_CERT_FILE": "private.pem"}, False),
        ({"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": " ", "SSL_CERT_FILE": "private.pem"}, True),
    ],
)
def test_trust(files, monkeypatch, authority, environ, trusted):
    monkeypatch.chdir(files)
    assert trusts(context_for(environ), authority) is trusted


def test_the_hosts_name_is_checked(files, authority):
    assert not trusts(context_for({"REQUESTS_CA_BUNDLE": str(files / "private.pem")}), authority, "other.private")


def test_ignore_trusts_everybody(authority):
    assert trusts(context_for({}, {"cert_validation_mode": "ignore"}), authority, "other.private")


def test_ignore_does_not_look_for_authorities():
    context = context_for({"REQUESTS_CA_BUNDLE": "/nonexistent"}, {"cert_validation_mode": "ignore"})
    assert (context.verify_mode, context.get_ca_certs()) == (ssl.CERT_NONE, [])


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_path_to_nothing_is_told_by_its_variable(name):
    with pytest.raises(InvalidInput) as caught:
        trusted_certificates({name: "/nonexistent/ca.pem"})
    assert caught.value.message == f"{name} names /nonexistent/ca.pem, which does not exist."


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("fifo", "is neither a file nor a directory"),
        ("/dev/zero", "is neither a file nor a directory"),
        ("a\0b", "cannot be read: embedded null byte"),
        ("~nobody-at-all/ca.pem", "cannot be read: Could not determine home directory."),
        ("x" * 300, "cannot be read: File name too long"),
        ("file/below", "cannot be read: Not a directory"),
        ("file", "is empty"),
        ("/proc/self/status", "is empty"),
        ("certificates", "has 0a1b2c3d.0, which is neither a file nor a directory"),
        ("revocations", "has 0a1b2c3d.r1, which is empty"),
    ],
)
def test_what_never_ends_or_cannot_be_is_not_read(tmp_path, monkeypatch, path, wrong):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("fifo")
    (tmp_path / "file").touch()
    (tmp_path / "certificates").mkdir()
    os.mkfifo("certificates/0a1b2c3d.0")
    (tmp_path / "revocations").mkdir()
    (tmp_path / "revocations" / "0a1b2c3d.r1").touch()
    with pytest.raises(InvalidInput) as caught:
        trusted_certificates({"REQUESTS_CA_BUNDLE": path})
    assert f"which {wrong}" in caught.value.message
    assert "in PEM" in caught.value.remedy


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "ca.pem").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(InvalidInput, match="too large"):
        context_for({"REQUESTS_CA_BUNDLE": str(tmp_path / "ca.pem")})


def test_what_is_beside_hashed_certificates_is_nobodys_business(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert trusted_certificates({"SSL_CERT_DIR": str(tmp_path)}) == (str(tmp_path),)


def test_a_file_without_certificates_is_told(files):
    with pytest.raises(InvalidInput, match=r"broken\.pem cannot be used"):
        context_for({"REQUESTS_CA_BUNDLE": str(files / "broken.pem")})


def test_the_authorities_are_part_of_the_cache_key(files):
    one, other = ({"HOME": "/nonexistent", "SSL_CERT_FILE": str(files / f)} for f in ("private.pem", "other.pem"))
    assert resolve({}, one) != resolve({}, other)


def test_old_protocols_are_refused(files):
    for environ in ({}, {"REQUESTS_CA_BUNDLE": str(files / "private.pem")}):
        assert context_for(environ).minimum_version >= ssl.TLSVersion.TLSv1_2
    assert ssl_context(verify=True, authorities=()).verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSLKEYLOGFILE"])
def test_a_pipe_in_the_place_of_a_file_does_not_stop_the_import(tmp_path, variable):
    """aiohttp reads what makes a TLS context when it is imported: before anybody could have looked at the path."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = (
        "from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net import _sdk; import os;"
        f"print(_sdk.MISSING, os.environ['{variable}'])"
    )
    environment = {**os.environ, variable: str(pipe), "PYTHONPATH": str(link_collection())}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.stdout.strip() == f"None {pipe}", run.stderr


def test_public_authorities_are_held_to_what_python_holds_them_to():
    ours, pythons = ssl_context(verify=True, authorities=()), ssl.create_default_context()
    assert (ours.verify_flags, ours.verify_mode) == (pythons.verify_flags, pythons.verify_mode)
    assert (ours.check_hostname, ours.options) == (pythons.check_hostname, pythons.options)


def test_no_connections_keys_are_written(tmp_path, monkeypatch):
    for path in (tmp_path, tmp_path / "nowhere" / "keys"):
        monkeypatch.setenv("SSLKEYLOGFILE", str(path))
        assert ssl_context(verify=True, authorities=()).keylog_filename is None
