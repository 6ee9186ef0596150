# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files and URLs that users name: keys in the place of paths, files that never end, hosts that cannot be."""

from __future__ import annotations

import os
import socket

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._file import read_regular
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    InvalidInput,
    ManagedIdentityError,
)
from tests.unit.core.secret_corpus import JWT, PEM

APP = {"client_id": "app", "tenant": "tid"}
CERTIFICATE, TOKEN = "x509_certificate_path", "oidc_token_file_path"
PASSWORD = "s3" + "same"


@pytest.mark.parametrize("option", [CERTIFICATE, TOKEN])
@pytest.mark.parametrize(
    ("value", "kind"),
    [(PEM, "a key"), (JWT, "a token"), (PEM[28:300], "text of several lines"), (PEM.replace("\n", "\\n"), "a key")],
)
def test_a_secret_in_the_place_of_a_path(option, value, kind):
    with pytest.raises(InvalidInput) as caught:
        resolve({**APP, option: value}, {})
    assert caught.value.message == f"{option}, from parameters, holds {kind} itself, not a path."
    assert caught.value.remedy.startswith("Write it to a file")
    assert value[40:60] not in str(caught.value)


def test_a_secret_in_the_place_of_a_path_elsewhere(tmp_path):
    environ = {"AZURE_CLIENT_ID": "a", "AZURE_TENANT": "t", "AZURE_CLIENT_CERTIFICATE_PATH": PEM}
    with pytest.raises(InvalidInput, match=r"^AZURE_CLIENT_CERTIFICATE_PATH, from environment variables, holds a key"):
        resolve({}, environ)
    (tmp_path / ".azure").mkdir()
    (tmp_path / ".azure" / "credentials").write_text(f"[default]\nclient_id=a\ntenant=t\noidc_token_file_path={JWT}\n")
    with pytest.raises(InvalidInput, match=r"^oidc_token_file_path, from profile default of .*, holds a token itself"):
        resolve({}, {"HOME": str(tmp_path)})


@pytest.mark.parametrize("option", [CERTIFICATE, TOKEN])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("/etc/a\0b", "is no path"),
        ("~a\0b/x", "is no path"),
        ("/etc/\ud800", "is no path"),
        ("/" + "x" * 100_000, "is no path"),
        ("/" + "x" * 300, "cannot be read: File name too long."),
        ("~nobody-of-this-name/app.pem", "cannot be read: No such file or directory. There is no user of the name"),
        ("/nonexistent", "cannot be read: No such file or directory. Give the path of a file that the user"),
        ("/etc/passwd/x", "cannot be read: Not a directory."),
        ("/", "cannot be read: Is a directory."),
        ("/dev/zero", "cannot be read: it is a device, a pipe or a socket, not a file."),
    ],
)
def test_what_is_no_file(option, value, message):
    with pytest.raises(ManagedIdentityError) as caught:
        resolve({**APP, option: value}, {})
    assert message in str(caught.value)
    assert caught.value.remedy
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("option", [CERTIFICATE, TOKEN])
def test_what_never_ends(tmp_path, option):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "large").write_bytes(b"x" * (1024 * 1024 + 1))
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "socket"))
    (tmp_path / "link").symlink_to(tmp_path / "link")
    for name in ("fifo", "large", "socket", "link"):
        with pytest.raises(ManagedIdentityError, match="cannot be read: ") as caught:
            resolve({**APP, option: str(tmp_path / name)}, {})
        assert caught.value.remedy
    listening.close()


def test_files_of_settings_never_wait(tmp_path):
    folder = tmp_path / ".azure"
    folder.mkdir()
    for name in ("config", "clouds.config", "credentials"):
        os.mkfifo(folder / name)
    assert resolve({"auth_source": "cli"}, {"HOME": str(tmp_path)}).cloud_environment == "AzureCloud"
    with pytest.raises(ManagedIdentityError, match=r"credentials file .* cannot be read: it is a device, a pipe"):
        resolve({}, {"HOME": str(tmp_path)})


def test_a_regular_file_is_read_up_to_the_bound(tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "full").write_bytes(b"x" * 1024 * 1024)
    assert read_regular(str(tmp_path / "empty")) == b""
    assert len(read_regular(str(tmp_path / "full"))) == 1024 * 1024


@pytest.mark.parametrize("option", ["cloud_environment", "adfs_authority_url"])
@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://[::1", "is not a URL"),
        ("https://host:99999", "is not a URL"),
        ("https://host:x", "is not a URL"),
        ("https://a..b", "is not a URL"),
        ("https://" + "a" * 64 + ".corp", "is not a URL"),
        ("https://a b", "has a character that no URL has"),
        ("https://host\\@evil", "has a character that no URL has"),
        ("https://host/\0", "has a character that no URL has"),
        ("https://host/\ud800", "has a character that no URL has"),
        (f"https://joe:{PASSWORD}@host", "has user information"),
        (f"https://joe:{PASSWORD} x@host", "has a character that no URL has"),
        ("http://host", "not an https URL"),
        ("https://", "not an https URL"),
    ],
)
def test_urls_that_no_credential_goes_to(option, url, message):
    with pytest.raises(InvalidInput, match=f"^{option} .*{message}") as caught:
        resolve({"auth_source": "msi", option: url}, {})
    assert caught.value.remedy
    assert PASSWORD not in caught.value.message


@pytest.mark.parametrize("url", ["https://[::1]:8443", "https://adfs.corp/adfs", "https://bücher.example:443/x/"])
def test_urls_that_will_do(url):
    assert resolve({"auth_source": "msi", "adfs_authority_url": url}, {}).adfs_authority_url == url.rstrip("/")


def test_an_authority_has_no_query():
    with pytest.raises(InvalidInput, match="adfs_authority_url has a query or a fragment"):
        resolve({"auth_source": "msi", "adfs_authority_url": "https://adfs.corp/?x=y"}, {})
