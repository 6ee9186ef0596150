# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who signs in, by the credentials file and the Azure CLI's own files."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError

FILE = """
[default]
subscription_id = file-sub
client_id=file-app
secret=file%s3cret
tenant=file-tid

[gov]
ad_user=user
password=pass
cloud_environment=AzureUSGovernment
cert_validation_mode=ignore
disable_instance_discovery=true
subscription_id=

[half]
client_id=half-app
"""
ENV_SP = {"AZURE_CLIENT_ID": "env-app", "AZURE_TENANT": "env-tid", "AZURE_SECRET": "env-s3cret"}


@pytest.fixture
def home(tmp_path):
    (tmp_path / ".azure").mkdir()
    (tmp_path / ".azure" / "credentials").write_text(FILE)
    return tmp_path


@pytest.mark.parametrize(
    ("params", "environ", "expected"),
    [
        pytest.param({}, {}, ("secret", "file-app", "file-sub"), id="auto: the section default"),
        pytest.param({}, ENV_SP, ("secret", "env-app", None), id="auto: the environment comes first"),
        pytest.param(
            {}, {"AZURE_CLIENT_ID": "uai"}, ("secret", "file-app", "file-sub"), id="an incomplete one does not"
        ),
        pytest.param(
            {"auth_source": "credential_file"}, ENV_SP, ("secret", "file-app", "file-sub"), id="by auth_source"
        ),
        pytest.param({"profile": "gov"}, ENV_SP, ("password", None, None), id="by profile"),
        pytest.param({}, {**ENV_SP, "AZURE_PROFILE": "gov"}, ("password", None, None), id="by AZURE_PROFILE"),
        pytest.param({}, {**ENV_SP, "AZURE_PROFILE": ""}, ("secret", "env-app", None), id="an empty one is unset"),
        pytest.param(
            {"profile": "default"}, {"AZURE_PROFILE": "gov"}, ("secret", "file-app", "file-sub"), id="the option first"
        ),
        pytest.param(
            {"auth_source": "env"},
            {"AZURE_PROFILE": "default"},
            ("secret", "file-app", "file-sub"),
            id="env by profile",
        ),
        pytest.param(
            {"auth_source": "credential_file"},
            {"AZURE_PROFILE": "gov"},
            ("password", None, None),
            id="file by variable",
        ),
        pytest.param(
            {"client_id": "a", "tenant": "t", "secret": "s"},
            {"AZURE_PROFILE": "gov"},
            ("secret", "a", None),
            id="parameters come before AZURE_PROFILE",
        ),
        pytest.param({"subscription_id": "mine"}, {}, ("secret", "file-app", "mine"), id="a setting by parameter"),
        pytest.param({}, {"AZURE_SUBSCRIPTION_ID": "e"}, ("secret", "file-app", "file-sub"), id="profile before env"),
        pytest.param(
            {"profile": "gov"}, {"AZURE_SUBSCRIPTION_ID": "e"}, ("password", None, "e"), id="what it lacks, by env"
        ),
    ],
)
def test_profiles(home, params, environ, expected):
    access = resolve(params, {"HOME": str(home), **environ})
    assert (access.kind, access.client_id, access.subscription_id) == expected


def test_settings_of_a_profile(home):
    access = resolve({"profile": "gov"}, {"HOME": str(home), "AZURE_CLOUD_ENVIRONMENT": "AzureCloud"})
    assert access.cloud_environment == "AzureUSGovernment"
    assert access.verify_tls is False
    assert access.disable_instance_discovery is True
    assert access.source == f"password of user user, from profile gov of {home}/.azure/credentials"


def test_values_are_taken_as_they_stand(home):
    assert resolve({}, {"HOME": str(home)}).secret == "file%s3cret"


@pytest.mark.parametrize(
    ("params", "environ", "message"),
    [
        ({"profile": "none"}, {}, "/.azure/credentials has no section [none] (its sections: default, gov, half)."),
        ({}, {"AZURE_PROFILE": "none"}, "has no section [none]"),
        ({"profile": "half"}, {}, "/.azure/credentials: client_id is set, but tenant is not set and none of secret"),
    ],
)
def test_a_named_profile_must_be_there_and_complete(home, params, environ, message):
    with pytest.raises(AccessError) as caught:
        resolve(params, {"HOME": str(home), **ENV_SP, **environ})
    assert message in caught.value.message


def test_no_file_is_an_error_only_if_it_was_named(home):
    (home / ".azure" / "credentials").unlink()
    assert resolve({}, {"HOME": str(home)}).kind == "auto"
    with pytest.raises(AccessError, match="does not exist"):
        resolve({"auth_source": "credential_file"}, {"HOME": str(home)})


def test_an_incomplete_default_is_passed_over(home):
    (home / ".azure" / "credentials").write_text("[default]\nsubscription_id=x\nclient_id=app\n")
    access = resolve({}, {"HOME": str(home)})
    assert access.kind == "auto"
    assert access.subscription_id is None
    assert "profile default of" in access.lacks[2]
    assert "client_id is set, but tenant is not set" in access.lacks[2]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"client_id=S3CRET\n", "line 1 is before the first [section]"),
        (b"[default]\nS3CRET\n", "line 2 is not 'name = value'"),
        (b"[default]\nsecret=S3CRET\nsecret=S3CRET\n", "line 3 gives secret of [default] again"),
        (b"[a]\nsecret=S3CRET\n[a]\n", "line 3 begins [a] again"),
        (b"[default]\nsecret=S3CRET\xff\n", "is not UTF-8 text"),
    ],
)
def test_a_damaged_file_is_told_without_its_content(home, content, message):
    (home / ".azure" / "credentials").write_bytes(content)
    with pytest.raises(AccessError) as caught:
        resolve({}, {"HOME": str(home)})
    assert message in caught.value.message
    assert "S3CRET" not in str(caught.value)


def test_a_directory_in_the_files_place(home):
    (home / ".azure" / "credentials").unlink()
    (home / ".azure" / "credentials").mkdir()
    with pytest.raises(AccessError, match="cannot be read: Is a directory"):
        resolve({}, {"HOME": str(home)})


def test_a_byte_order_mark_is_no_section_header(home):
    (home / ".azure" / "credentials").write_text("\ufeff[default]\nad_user=u\npassword=p\n", encoding="utf-8")
    assert resolve({}, {"HOME": str(home)}).kind == "password"


def test_paths_outside_of_parameters_are_expanded(home):
    (home / "token").write_text("t")
    environ = {"AZURE_CLIENT_ID": "a", "AZURE_TENANT": "t", "AZURE_FEDERATED_TOKEN_FILE": "~/token"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        assert resolve({}, {"HOME": str(home), **environ}).oidc_token_file_path == str(home / "token")


class TestCloudOfTheAzureCli:
    """A token of the Azure CLI is good in the cloud that it is set to."""

    @pytest.fixture
    def home(self, tmp_path):
        (tmp_path / ".azure").mkdir()
        (tmp_path / ".azure" / "config").write_text("[cloud]\nname = AzureUSGovernment\n")
        return tmp_path

    @pytest.mark.parametrize(
        ("params", "environ", "cloud"),
        [
            ({"auth_source": "cli"}, {}, "AzureUSGovernment"),
            ({}, {}, "AzureCloud"),
            ({}, {"PATH": "bin"}, "AzureUSGovernment"),
            ({"auth_source": "cli"}, {"AZURE_CLOUD_NAME": "AzureChinaCloud"}, "AzureChinaCloud"),
            ({"auth_source": "cli"}, {"AZURE_CLOUD_ENVIRONMENT": "AzureCloud"}, "AzureCloud"),
            ({"auth_source": "cli", "cloud_environment": "AzureChinaCloud"}, {}, "AzureChinaCloud"),
            ({}, ENV_SP, "AzureCloud"),
            ({"auth_source": "msi"}, {}, "AzureCloud"),
            ({"auth_source": "cli"}, {"AZURE_CONFIG_DIR": "/nonexistent"}, "AzureCloud"),
        ],
    )
    def test_is_the_default(self, home, monkeypatch, params, environ, cloud):
        monkeypatch.chdir(home)
        (home / "bin").mkdir()
        (home / "bin" / "az").touch(mode=0o755)
        assert resolve(params, {"HOME": str(home), **environ}).cloud_environment == cloud

    def test_that_its_user_registered(self, home):
        (home / ".azure" / "config").write_text("[cloud]\nname = Mine\n")
        (home / ".azure" / "clouds.config").write_text("[Mine]\nendpoint_resource_manager = https://arm.mine/\n")
        assert resolve({"auth_source": "cli"}, {"HOME": str(home)}).cloud_environment == "https://arm.mine/"

    def test_a_damaged_file_is_left_to_the_azure_cli(self, home):
        (home / ".azure" / "config").write_text("damaged")
        assert resolve({"auth_source": "cli"}, {"HOME": str(home)}).cloud_environment == "AzureCloud"
