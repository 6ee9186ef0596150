# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user reads when a sign-in fails: Entra ID's sentence, its code, what to do; never a secret."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._access import Access
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._explain import explain_auth_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError

ACCESS = Access("secret", "client secret of application app, from parameters", client_id="app", secret="s3cr3t-value")
TRACE = "11111111-2222-3333-4444-555555555555"
TAIL = f" Trace ID: {TRACE} Correlation ID: 99999999-2222-3333-4444-555555555555 Timestamp: 2026-01-09 02:02:12Z"


class Refused(Exception):
    def __init__(self, message: str, status_code: int | None = 401) -> None:
        super().__init__(message)
        self.message = message
        self.status_code = status_code


def entra(code: str, sentence: str) -> Refused:
    return Refused(f"Microsoft Entra ID error '(invalid_client) {code}: {sentence}{TAIL}'")


@pytest.mark.parametrize(
    ("code", "sentence", "remedy"),
    [
        (
            "AADSTS7000215",
            "Invalid client secret provided. Ensure the secret is right.",
            "Give the secret's value, not",
        ),
        ("AADSTS7000222", "The provided client secret keys are expired.", "The secret has expired"),
        ("AADSTS700016", "Application with identifier 'app' was not found.", "Check client_id"),
        ("AADSTS90002", "Tenant 'tid' not found.", "Check tenant"),
        ("AADSTS700027", "The certificate is not registered on application.", "Upload this certificate"),
        ("AADSTS50076", "You must use multi-factor authentication.", "This user must sign in with a second factor"),
        ("AADSTS50079", "The user is required to use multi-factor authentication.", "This user must sign in with"),
        ("AADSTS50126", "Error validating credentials.", "Check ad_user and password."),
        ("AADSTS70021", "No matching federated identity record found.", "The application has no federated credential"),
        ("AADSTS123456", "Something new.", "Check the credential, tenant and cloud_environment."),
    ],
)
def test_codes(code, sentence, remedy):
    error = explain_auth_error(entra(code, sentence), ACCESS)
    assert isinstance(error, AccessError)
    assert error.message == f"The sign-in of the client secret of application app, from parameters failed: {sentence}"
    assert (error.code, error.status, error.request_id) == (code, 401, TRACE)
    assert error.remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("Authentication failed: nothing\nat all", "nothing at all.", "Check the credential"),
        ("Azure CLI not found on path", "Azure CLI not found on path.", "Install the Azure CLI"),
        ("x CERTIFICATE_VERIFY_FAILED y", "x CERTIFICATE_VERIFY_FAILED y.", "If the endpoint has a private"),
        (
            "No identity has been assigned to this resource. Error: Multiple user assigned identities exist",
            "No identity has been assigned to this resource. Error: Multiple user assigned identities exist.",
            "Name one of them by client_id",
        ),
    ],
)
def test_other_texts(text, message, remedy):
    error = explain_auth_error(Refused(text, None), None)
    assert error.message == f"The sign-in failed: {message}"
    assert (error.code, error.status, error.request_id) == (None, None, None)
    assert error.remedy.startswith(remedy)


def test_one_line():
    error = explain_auth_error(Refused("AADSTS7000215: Invalid\r\nclient secret.\r\nTrace ID: x"), ACCESS)
    assert error.message.endswith("failed: Invalid client secret.")


def test_a_secret_that_comes_back_is_hidden():
    error = explain_auth_error(Refused("the value s3cr3t-value is wrong"), ACCESS)
    assert error.message.endswith("the value ******** is wrong.")


def test_a_short_secret_does_not_mangle_the_message():
    error = explain_auth_error(Refused("port refused"), Access("password", "x", password="p"))
    assert error.message.endswith("port refused.")


def test_an_explained_error_stays_itself():
    error = AccessError("x")
    assert explain_auth_error(error, ACCESS) is error


def test_an_error_without_message():
    assert explain_auth_error(ValueError("odd"), ACCESS).message.endswith("failed: odd.")


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (entra("AADSTS90033", "A transient error has occurred. Please try again."), True),
        (entra("AADSTS90055", "There are too many incoming requests."), True),
        (Refused("Microsoft Entra ID error '(temporarily_unavailable) AADSTS123456: Something new.'", 400), True),
        (Refused("unavailable", 503), True),
        (Refused("slow down", 429), True),
        (entra("AADSTS7000215", "Invalid client secret provided."), False),
        (entra("AADSTS50196", "The server terminated an operation because it encountered a loop."), False),
        (entra("AADSTS900331", "A longer code that begins like one that passes."), False),
        (Refused("not found", 404), False),
        (ValueError("odd"), False),
    ],
)
def test_what_passes_by_itself_is_told_apart(error, passing):
    explained = explain_auth_error(error, ACCESS)
    assert explained.passing is passing
    assert (explained.remedy == "Entra ID could not answer at this moment: run the task again.") is passing
