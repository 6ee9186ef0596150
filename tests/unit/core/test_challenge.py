# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a 401 asks for besides a token: understood, or nothing."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core.wire._challenge import claims_of

CLAIMS = json.dumps({"access_token": {"nbf": {"essential": True, "value": "1?>~"}}})


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize("padding", [True, False])
@pytest.mark.parametrize("text", [CLAIMS, CLAIMS + " ", CLAIMS + "  "])
def test_claims(text: str, padding: bool) -> None:
    claims = encoded(text) if padding else encoded(text).rstrip("=")
    challenge = f'Bearer realm="", authorization_uri="https://x/", error="insufficient_claims", claims="{claims}"'
    assert claims_of(challenge) == text


@pytest.mark.parametrize(
    "challenge",
    [
        None,
        "",
        "Bearer",
        'Bearer error="invalid_token"',
        f'Bearer error="invalid_token", claims="{encoded(CLAIMS)}"',
        f'Bearer claims="{encoded(CLAIMS)}"',
        'Bearer error="insufficient_claims"',
        'Bearer error="insufficient_claims", claims="é"',
        'Bearer error="insufficient_claims", claims="A"',
        f'Bearer error="insufficient_claims", claims="{encoded("[]")}"',
        f'Bearer error="insufficient_claims", claims="{encoded("no JSON")}"',
        f'Bearer error="insufficient_claims", claims="{base64.b64encode(bytes([255, 254, 1])).decode()}"',
        f'Bearer error="insufficient_claims", claims="{encoded("[" * 100_000)}"',
    ],
)
def test_what_asks_for_no_claims_or_cannot_be_understood(challenge: str | None) -> None:
    assert claims_of(challenge) is None
