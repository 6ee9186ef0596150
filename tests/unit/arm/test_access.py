# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who signs in, for every source and every shape of its input."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._access import Access
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._layers import CREDENTIAL_NAMES
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve

SP = {"client_id": "app", "tenant": "tid", "secret": "s3cret"}
ENV_SP = {"AZURE_CLIENT_ID": "env-app", "AZURE_TENANT": "env-tid", "AZURE_SECRET": "env-s3cret"}
# What AWX's credential "Microsoft Azure Resource Manager" sets, by what its user has filled in.
AWX_PRINCIPAL = {**ENV_SP, "AZURE_SUBSCRIPTION_ID": "sub-1"}
AWX_USER = {"AZURE_SUBSCRIPTION_ID": "sub-1", "AZURE_AD_USER": "user@contoso.com", "AZURE_PASSWORD": "pa55word"}
AWX_BARE = {"AZURE_SUBSCRIPTION_ID": "sub-1", "AZURE_AD_USER": "", "AZURE_PASSWORD": ""}
AWX_NO_SECRET = {**AWX_PRINCIPAL, "AZURE_SECRET": ""}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home directory, and the token and certificate files that the tests name."""
    (tmp_path / ".azure").mkdir()
    (tmp_path / "token").write_text("file-t0ken\n")
    (tmp_path / "app.pem").write_text("-----BEGIN")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fields(access: Access) -> dict[str, str]:
    return {name: getattr(access, name) for name in CREDENTIAL_NAMES if getattr(access, name) is not None}


@pytest.mark.parametrize(
    ("params", "environ", "kind", "expected"),
    [
        pytest.param(SP, {}, "secret", SP, id="secret by parameters"),
        pytest.param(SP, ENV_SP, "secret", SP, id="parameters come before the environment"),
        pytest.param(
            {"client_id": "app", "tenant": "tid", "oidc_token": "t0ken"},
            ENV_SP,
            "oidc_token",
            {"client_id": "app", "tenant": "tid", "oidc_token": "t0ken"},
            id="a token",
        ),
        pytest.param(
            {"client_id": "app", "tenant": "tid", "oidc_token_file_path": "token"},
            {},
            "oidc_token_file",
            {"client_id": "app", "tenant": "tid", "oidc_token_file_path": "token"},
            id="a token file",
        ),
        pytest.param(
            {"client_id": "app", "tenant": "tid", "x509_certificate_path": "app.pem"},
            {},
            "certificate",
            {"client_id": "app", "tenant": "tid", "x509_certificate_path": "app.pem"},
            id="a certificate without thumbprint",
        ),
        pytest.param(
            {
                "client_id": "app",
                "tenant": "tid",
                "x509_certificate_path": "app.pem",
                "x509_certificate_password": "pw",
                "thumbprint": "AB",
            },
            {},
            "certificate",
            {
                "client_id": "app",
                "tenant": "tid",
                "x509_certificate_path": "app.pem",
                "x509_certificate_password": "pw",
                "thumbprint": "AB",
            },
            id="a certificate with password and thumbprint",
        ),
        pytest.param(
            {"ad_user": "u", "password": "p"}, ENV_SP, "password", {"ad_user": "u", "password": "p"}, id="a user"
        ),
        pytest.param(
            {"ad_user": "u", "password": "p", "client_id": "app", "tenant": "tid"},
            {},
            "password",
            {"ad_user": "u", "password": "p", "client_id": "app", "tenant": "tid"},
            id="a user by an application",
        ),
        pytest.param(
            {**SP, "x509_certificate_path": "app.pem", "oidc_token_file_path": "token", "oidc_token": "t0ken"},
            {},
            "oidc_token",
            {"client_id": "app", "tenant": "tid", "oidc_token": "t0ken"},
            id="order: token",
        ),
        pytest.param(
            {**SP, "x509_certificate_path": "app.pem", "oidc_token_file_path": "token"},
            {},
            "oidc_token_file",
            {"client_id": "app", "tenant": "tid", "oidc_token_file_path": "token"},
            id="order: token file",
        ),
        pytest.param(
            {**SP, "x509_certificate_path": "app.pem", "ad_user": "u", "password": "p"},
            {},
            "secret",
            SP,
            id="order: secret",
        ),
        pytest.param(
            {**SP, "secret": "", "x509_certificate_path": "app.pem"},
            {},
            "certificate",
            {"client_id": "app", "tenant": "tid", "x509_certificate_path": "app.pem"},
            id="an empty secret does not hide a certificate",
        ),
        pytest.param(
            {"client_id": "", "secret": None, "tenant": "  "},
            ENV_SP,
            "secret",
            {"client_id": "env-app", "tenant": "env-tid", "secret": "env-s3cret"},
            id="empty parameters are unset",
        ),
        pytest.param(
            {},
            {"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_SECRET": "s"},
            "secret",
            {"client_id": "a", "tenant": "t", "secret": "s"},
            id="the SDK's names",
        ),
        pytest.param(
            {},
            {**ENV_SP, "AZURE_SECRET": "", "AZURE_TENANT": "", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_SECRET": "s"},
            "secret",
            {"client_id": "env-app", "tenant": "t", "secret": "s"},
            id="an empty name does not hide the SDK's",
        ),
        pytest.param(
            {},
            {
                "AZURE_CLIENT_ID": "a",
                "AZURE_TENANT": "t",
                "AZURE_CLIENT_CERTIFICATE_PATH": "app.pem",
                "AZURE_CLIENT_CERTIFICATE_PASSWORD": "pw",
            },
            "certificate",
            {"client_id": "a", "tenant": "t", "x509_certificate_path": "app.pem", "x509_certificate_password": "pw"},
            id="certificate by the SDK's names",
        ),
        pytest.param(
            {},
            {"AZURE_CLIENT_ID": "a", "AZURE_TENANT": "t", "AZURE_FEDERATED_TOKEN": "tok"},
            "oidc_token",
            {"client_id": "a", "tenant": "t", "oidc_token": "tok"},
            id="token by the environment",
        ),
        pytest.param(
            {},
            {"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t", "AZURE_FEDERATED_TOKEN_FILE": "token"},
            "oidc_token_file",
            {"client_id": "a", "tenant": "t", "oidc_token_file_path": "token"},
            id="as Kubernetes sets it for a pod",
        ),
        pytest.param(
            {},
            {"AZURE_USERNAME": "u", "AZURE_PASSWORD": "p"},
            "password",
            {"ad_user": "u", "password": "p"},
            id="user by the SDK's names",
        ),
        pytest.param(
            {},
            AWX_PRINCIPAL,
            "secret",
            {"client_id": "env-app", "tenant": "env-tid", "secret": "env-s3cret"},
            id="AWX: application",
        ),
        pytest.param({}, AWX_USER, "password", {"ad_user": "user@contoso.com", "password": "pa55word"}, id="AWX: user"),
        pytest.param({}, AWX_BARE, "auto", {}, id="AWX: subscription only"),
        pytest.param(
            {},
            {**AWX_NO_SECRET, "AZURE_X509_CERTIFICATE_PATH": "app.pem", "AZURE_THUMBPRINT": ""},
            "certificate",
            {"client_id": "env-app", "tenant": "env-tid", "x509_certificate_path": "app.pem"},
            id="AWX: blank secret beside a certificate",
        ),
        pytest.param({}, {}, "auto", {}, id="nothing"),
        pytest.param({}, {"AZURE_CLIENT_ID": "uai"}, "auto", {"client_id": "uai"}, id="a client ID alone is for msi"),
        pytest.param({}, AWX_NO_SECRET, "auto", {"client_id": "env-app"}, id="AWX: blank secret and nothing else"),
        pytest.param({"auth_source": "msi"}, {}, "msi", {}, id="msi, system-assigned"),
        pytest.param({"auth_source": "msi"}, ENV_SP, "msi", {"client_id": "env-app"}, id="msi by the environment"),
        pytest.param({"auth_source": "msi", "client_id": "u"}, ENV_SP, "msi", {"client_id": "u"}, id="msi by option"),
        pytest.param({"auth_source": "cli"}, ENV_SP, "cli", {}, id="cli"),
        pytest.param({}, {**ENV_SP, "ANSIBLE_AZURE_AUTH_SOURCE": "msi"}, "msi", {"client_id": "env-app"}, id="by env"),
        pytest.param({}, {**ENV_SP, "AZURE_AUTH_SOURCE": "msi"}, "msi", {"client_id": "env-app"}, id="AWX: msi"),
        pytest.param(
            {"auth_source": ""},
            {**ENV_SP, "ANSIBLE_AZURE_AUTH_SOURCE": ""},
            "secret",
            {"client_id": "env-app", "tenant": "env-tid", "secret": "env-s3cret"},
            id="an empty auth_source is auto",
        ),
        pytest.param(
            {"auth_source": "env"},
            ENV_SP,
            "secret",
            {"client_id": "env-app", "tenant": "env-tid", "secret": "env-s3cret"},
            id="env",
        ),
    ],
)
def test_finds_the_credential(home, params, environ, kind, expected):
    access = resolve(params, {"HOME": str(home), **environ})
    assert (access.kind, fields(access)) == (kind, expected)


@pytest.mark.parametrize(
    ("params", "environ", "expected"),
    [
        pytest.param({}, {}, (None, "AzureCloud", None, False, True), id="defaults"),
        pytest.param(
            {
                "subscription_id": "p-sub",
                "cloud_environment": "AzureChinaCloud",
                "adfs_authority_url": "https://adfs.p/adfs/",
                "disable_instance_discovery": False,
                "cert_validation_mode": "validate",
            },
            {
                "AZURE_SUBSCRIPTION_ID": "e-sub",
                "AZURE_CLOUD_ENVIRONMENT": "AzureUSGovernment",
                "AZURE_ADFS_AUTHORITY_URL": "https://adfs.e",
                "AZURE_DISABLE_INSTANCE_DISCOVERY": "true",
                "AZURE_CERT_VALIDATION_MODE": "ignore",
            },
            ("p-sub", "AzureChinaCloud", "https://adfs.p/adfs", False, True),
            id="parameters come first, false included",
        ),
        pytest.param(
            SP,
            {
                "AZURE_SUBSCRIPTION_ID": "e-sub",
                "AZURE_CLOUD_ENVIRONMENT": "AzureUSGovernment",
                "AZURE_ADFS_AUTHORITY_URL": "https://adfs.e",
                "AZURE_DISABLE_INSTANCE_DISCOVERY": "Yes",
                "AZURE_CERT_VALIDATION_MODE": "ignore",
            },
            ("e-sub", "AzureUSGovernment", "https://adfs.e", True, False),
            id="from the environment, though the credential is not",
        ),
        pytest.param(
            {"cloud_environment": "", "cert_validation_mode": "", "subscription_id": ""},
            {
                "AZURE_SUBSCRIPTION_ID": "",
                "AZURE_CLOUD_ENVIRONMENT": "",
                "AZURE_CERT_VALIDATION_MODE": "",
                "AZURE_DISABLE_INSTANCE_DISCOVERY": "",
            },
            (None, "AzureCloud", None, False, True),
            id="all empty",
        ),
    ],
)
def test_settings(home, params, environ, expected):
    access = resolve(params, {"HOME": str(home), **environ})
    assert (
        access.subscription_id,
        access.cloud_environment,
        access.adfs_authority_url,
        access.disable_instance_discovery,
        access.verify_tls,
    ) == expected


def test_auto_lists_what_each_source_lacked(home):
    access = resolve({}, {"HOME": str(home), "AZURE_CLIENT_ID": "uai", "AZURE_TENANT": "t"})
    assert access.lacks == (
        "parameters: neither client_id nor ad_user is set.",
        "environment variables: AZURE_CLIENT_ID is set, but none of AZURE_SECRET, AZURE_X509_CERTIFICATE_PATH, "
        "AZURE_FEDERATED_TOKEN, AZURE_FEDERATED_TOKEN_FILE is set.",
        f"credentials file: {home}/.azure/credentials does not exist.",
        "Azure CLI: az is not on PATH.",
    )


def test_auto_leaves_the_azure_cli_to_the_credential_if_it_is_there(home):
    (home / "az").touch(mode=0o755)
    access = resolve({}, {"HOME": str(home), "PATH": str(home)})
    assert not any("az is not on PATH" in lack for lack in access.lacks)


@pytest.mark.parametrize(
    ("params", "environ", "source"),
    [
        (SP, {}, "client secret of application app, from parameters"),
        ({}, ENV_SP, "client secret of application env-app, from environment variables"),
        ({"ad_user": "u", "password": "p"}, {}, "password of user u, from parameters"),
        ({"auth_source": "msi"}, {}, "managed identity of this machine"),
        ({"auth_source": "msi", "client_id": "uai"}, {}, "managed identity uai of this machine"),
        ({"auth_source": "cli"}, {}, "account of the Azure CLI"),
    ],
)
def test_the_source_in_words(home, params, environ, source):
    assert resolve(params, {"HOME": str(home), **environ}).source == source


def test_equal_input_gives_one_cache_key_and_other_input_another(home):
    environ = {"HOME": str(home)}
    assert len({resolve(SP, environ), resolve(dict(SP), dict(environ))}) == 1
    assert resolve(SP, environ) != resolve({**SP, "secret": "other"}, environ)
    host = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": "https://127.0.0.1:1"}
    assert resolve({"auth_source": "msi"}, environ) != resolve({"auth_source": "msi"}, {**environ, **host})


def test_repr_has_no_secret(home):
    words = {"secret": "S-1", "password": "S-2", "x509_certificate_password": "S-3", "oidc_token": "S-4"}
    shown = repr(Access("secret", "x", **words, surroundings=(("IDENTITY_HEADER", "S-5"),)))
    assert "S-" not in shown


def test_an_identifier_is_no_secret(home):
    assert resolve(SP, {"HOME": str(home)}).secrets == ("s3cret",)
