# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret in an option that is not secret is treated as if it was, and errors show none."""

from __future__ import annotations

import json

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError
from ansible_collections.managed_identity.azure.plugins.module_utils.front._censor import censored, mistaken_secrets
from ansible_collections.managed_identity.azure.plugins.plugin_utils._wire import check_arguments, to_result, to_wire
from tests.unit.core.secret_corpus import JWT, PEM
from tests.unit.front.operations import echo

PROXY = "https://joe:s3%21same@proxy.corp:3128"


@pytest.mark.parametrize(
    ("option", "value", "shown"),
    [
        ("x509_certificate_path", PEM.strip(), "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
        ("oidc_token_file_path", JWT, "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
        ("profile", JWT, "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
        ("cloud_environment", PROXY, "https://********@proxy.corp:3128"),
        ("adfs_authority_url", "https://adfs.corp/?client_secret=s3same", "https://adfs.corp/?client_secret=********"),
        ("tenant", "abc8Q" + "~" + "x" * 34, "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
        ("tenant", "contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
    ],
)
def test_a_secret_in_the_wrong_option(option: str, value: str, shown: str) -> None:
    checked = check_arguments("x", echo, to_wire({"text": "x", option: value}))
    result = to_result({"msg": f"{option} is {value!r}.", "changed": False}, [f"warned of {value}"], checked)
    assert result["invocation"]["module_args"][option] == shown
    assert (value in json.dumps(result)) is (shown == value)


def test_a_password_is_hidden_without_its_user_and_its_encoding_too() -> None:
    secrets = mistaken_secrets({"cloud_environment": PROXY, "list": [{"x": 1}], "none": None})
    assert censored("for joe: s3!same, or s3%21same", secrets) == "for joe: ********, or ********"


def test_the_verdict_stays() -> None:
    given = {"changed": True, "x": None, "msg": "True None"}
    assert censored(given, {"True", "None"}) == {
        "changed": True,
        "x": None,
        "msg": "******** ********",
    }


def test_an_error_shows_no_secret() -> None:
    error = AccessError(
        f"It says {PEM}", remedy=f"Use {JWT}.", target=PROXY, call="GET", code="X", request_id="r", status=407
    )
    assert str(error) == "GET https://********@proxy.corp:3128: 407 X: It says ******** (request ID r) Use ********"
    assert error.to_result() == {
        "status": 407,
        "code": "X",
        "message": "It says ********",
        "request_id": "r",
        "target": "https://********@proxy.corp:3128",
        "remedy": "Use ********",
    }
