# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who signs in: what is refused, and in which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._layers import (
    CREDENTIAL_NAMES,
    ENVIRONMENT,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError, InvalidInput

SP = {"client_id": "app", "tenant": "tid", "secret": "s3cret"}
ENV_SP = {"AZURE_CLIENT_ID": "env-app", "AZURE_TENANT": "env-tid", "AZURE_SECRET": "env-s3cret"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("params", "environ", "lack"),
    [
        ({"client_id": "app"}, ENV_SP, "parameters: client_id is set, but tenant is not set and none of secret, x509"),
        ({"client_id": "app", "secret": "s"}, ENV_SP, "parameters: client_id is set, but tenant is not set."),
        (
            {"client_id": "app", "tenant": "t"},
            ENV_SP,
            "but none of secret, x509_certificate_path, oidc_token, oidc_tok",
        ),
        ({"ad_user": "u"}, {}, "parameters: password is not set."),
        ({"ad_user": "u", "client_id": "app", "tenant": "t"}, {}, "none of secret"),
        ({"client_id": "app", "password": "p"}, {}, "parameters: ad_user is not set."),
        ({"auth_source": "env"}, {}, "environment variables: neither AZURE_CLIENT_ID nor AZURE_AD_USER is set."),
        (
            {"auth_source": "env"},
            {"AZURE_CLIENT_ID": "a"},
            "AZURE_CLIENT_ID is set, but AZURE_TENANT is not set and none of AZURE_SECRET, "
            "AZURE_X509_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN, AZURE_FEDERATED_TOKEN_FILE is set.",
        ),
        ({"auth_source": "env"}, {"AZURE_AD_USER": "a"}, "AZURE_PASSWORD is not set"),
        ({"auth_source": "env"}, {"AZURE_PASSWORD": "a"}, "AZURE_AD_USER is not set"),
    ],
)
def test_a_named_source_that_is_incomplete_is_an_error(home, params, environ, lack):
    with pytest.raises(AccessError) as caught:
        resolve(params, {"HOME": str(home), **environ})
    assert lack in caught.value.message


def test_a_lonely_client_id_is_told_about_msi(home):
    with pytest.raises(AccessError) as caught:
        resolve({"client_id": "app"}, {"HOME": str(home)})
    assert "set auth_source to msi" in caught.value.remedy


@pytest.mark.parametrize(
    ("params", "message"),
    [
        *(
            ({name: "x"}, f"The parameter {name} has no effect without client_id or ad_user.")
            for name in CREDENTIAL_NAMES
            if name not in ("client_id", "ad_user")
        ),
        ({"client_id": "a", "profile": "p"}, "The parameters profile and client_id exclude each other"),
        ({**SP, "thumbprint": "AB"}, "The parameter thumbprint has no effect without x509_certificate_path."),
        ({**SP, "x509_certificate_password": "x"}, "The parameter x509_certificate_password has no effect without"),
        ({"auth_source": "cli", "tenant": "t"}, "With auth_source cli these parameters would have no effect: tenant."),
        ({"auth_source": "cli", "profile": "p"}, "would have no effect: profile."),
        ({"auth_source": "env", **SP}, "would have no effect: client_id, tenant, secret."),
        ({"auth_source": "msi", **SP}, "would have no effect: tenant, secret."),
        ({"auth_source": "credential_file", "client_id": "a"}, "would have no effect: client_id."),
        (
            {"auth_source": "nonsense"},
            "auth_source is 'nonsense', which is none of auto, cli, credential_file, env, msi",
        ),
    ],
)
def test_a_parameter_without_effect_is_refused(home, params, message):
    with pytest.raises(InvalidInput) as caught:
        resolve(params, {"HOME": str(home), **ENV_SP})
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("params", "environ", "message"),
    [
        (
            {},
            {"AZURE_CERT_VALIDATION_MODE": "no"},
            "AZURE_CERT_VALIDATION_MODE is 'no', which is none of validate, ign",
        ),
        ({}, {"AZURE_DISABLE_INSTANCE_DISCOVERY": "perhaps"}, "AZURE_DISABLE_INSTANCE_DISCOVERY is 'perhaps'"),
        (
            {},
            {"AZURE_ADFS_AUTHORITY_URL": "http://adfs"},
            "AZURE_ADFS_AUTHORITY_URL is 'http://adfs', which is not an h",
        ),
        ({"adfs_authority_url": "adfs.example"}, {}, "adfs_authority_url is 'adfs.example'"),
        ({"cloud_environment": "AzureGermanCloud"}, {}, "cloud_environment is 'AzureGermanCloud', which is no cloud."),
        ({"cloud_environment": "http://localhost"}, {}, "which is not an https URL"),
        ({"subscription_id": "My Subscription"}, {}, "subscription_id is 'My Subscription', which is not the ID"),
        ({"subscription_id": "a/../b"}, {}, "which is not the ID of a subscription"),
        ({**SP, "tenant": "a/b"}, {}, "The tenant 'a/b' is not a tenant."),
        (
            {**SP, "secret": "", "x509_certificate_path": "none.pem"},
            {},
            "The certificate none.pem cannot be read: No such",
        ),
        ({"client_id": "a", "tenant": "t", "x509_certificate_path": "empty"}, {}, "The certificate empty is empty."),
    ],
)
def test_a_value_that_cannot_be_right(home, params, environ, message):
    (home / "empty").touch()
    with pytest.raises(InvalidInput) as caught:
        resolve(params, {"HOME": str(home), **environ})
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read: No such file"), (b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "it is not text")],
)
def test_a_token_file_that_has_no_token(home, content, message):
    if content is not None:
        (home / "bad").write_bytes(content)
    with pytest.raises(AccessError) as caught:
        resolve({"client_id": "a", "tenant": "t", "oidc_token_file_path": "bad"}, {"HOME": str(home)})
    assert message in caught.value.message


@given(
    st.dictionaries(st.sampled_from([*ENVIRONMENT, "name"]), st.sampled_from(["", "x", "https://x", "T0PSECRET"])),
    st.dictionaries(
        st.sampled_from([name for names in ENVIRONMENT.values() for name in names]),
        st.sampled_from(["", "x", "true", "T0PSECRET"]),
    ),
)
def test_any_input_gives_an_access_or_an_error_for_the_user(params, environ):
    try:
        access = resolve(params, {"HOME": "/nonexistent", **environ})
    except (AccessError, InvalidInput):
        return
    assert hash(access) == hash(resolve(params, {"HOME": "/nonexistent", **environ}))
    for secret in access.secrets:
        known = (access.client_id, access.tenant, access.ad_user, access.subscription_id)
        assert secret != "T0PSECRET" or secret not in repr(access) or secret in known
