# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options in the argument spec, in the documentation and in the resolver are the same."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.managed_identity.azure.plugins.doc_fragments._auth import ModuleDocFragment
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._layers import ENVIRONMENT
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._sources import AUTH_SOURCES
from ansible_collections.managed_identity.azure.plugins.module_utils.front._auth_arguments import (
    AUTH_ARGUMENTS,
    UNSUPPORTED_HINTS,
)

DOCUMENTED = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]


def test_the_same_options_everywhere():
    assert list(AUTH_ARGUMENTS) == list(DOCUMENTED)
    assert set(AUTH_ARGUMENTS) == set(ENVIRONMENT)


@pytest.mark.parametrize("name", AUTH_ARGUMENTS)
def test_documentation(name):
    spec, documented = AUTH_ARGUMENTS[name], DOCUMENTED[name]
    for key in ("type", "default", "choices"):
        assert spec.get(key) == documented.get(key)
    text = " ".join(documented["description"])
    for variable in ENVIRONMENT[name]:
        assert f"E({variable})" in text


def test_secrets_and_nothing_else_are_hidden():
    hidden = {name for name, spec in AUTH_ARGUMENTS.items() if spec.get("no_log")}
    assert hidden == {"secret", "password", "x509_certificate_password", "oidc_token"}


def test_no_default_hides_the_environment():
    assert [name for name, spec in AUTH_ARGUMENTS.items() if "default" in spec] == ["auth_source"]


def test_the_choices_are_those_of_the_resolver():
    assert AUTH_ARGUMENTS["auth_source"]["choices"] == list(AUTH_SOURCES)


def test_hints_are_for_options_that_are_not_taken():
    assert set(UNSUPPORTED_HINTS) == {"api_profile", "log_mode", "log_path"}
    assert not set(UNSUPPORTED_HINTS) & set(AUTH_ARGUMENTS)


@pytest.mark.parametrize(
    ("given", "variable", "expected"),
    [
        ({}, None, "auto"),
        ({}, "", "auto"),
        ({}, " ", "auto"),
        ({}, "msi", "msi"),
        ({"auth_source": "env"}, "msi", "env"),
    ],
)
def test_auth_source_by_the_environment(monkeypatch, given, variable, expected):
    from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

    monkeypatch.delenv("AZURE_AUTH_SOURCE", raising=False)
    monkeypatch.delenv("ANSIBLE_AZURE_AUTH_SOURCE", raising=False)
    if variable is not None:
        monkeypatch.setenv("ANSIBLE_AZURE_AUTH_SOURCE", variable)
    result = ArgumentSpecValidator(AUTH_ARGUMENTS).validate(given)
    assert result.error_messages == []
    assert result.validated_parameters["auth_source"] == expected


def test_auth_source_by_the_name_that_awx_lets_a_credential_set(monkeypatch):
    from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

    monkeypatch.setenv("ANSIBLE_AZURE_AUTH_SOURCE", "")
    monkeypatch.setenv("AZURE_AUTH_SOURCE", "msi")
    result = ArgumentSpecValidator(AUTH_ARGUMENTS).validate({})
    assert result.validated_parameters["auth_source"] == "msi"
