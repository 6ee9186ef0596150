# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What a 401 asks for besides a token: claims, if it can be understood."""

from __future__ import annotations

import base64
import json
import re
import shlex

__all__ = ["claims_of", "login_command"]

# A longer one is nobody's second factor, and no command that people copy.
_LONGEST = 2_000


def claims_of(challenge: str | None) -> str | None:
    """The claims that a token must have, as JSON; None if the header asks for none, or cannot be read.

    :param challenge: WWW-Authenticate; https://learn.microsoft.com/entra/identity-platform/claims-challenge
    """
    parts = dict(re.findall(r'(\w+)="([^"]*)"', challenge or ""))
    if parts.get("error") != "insufficient_claims":
        return None
    encoded = parts.get("claims", "")
    try:
        claims = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8")
        return claims if isinstance(json.loads(claims), dict) else None
    except (ValueError, RecursionError):
        return None


def login_command(claims: str, tenant: str | None) -> str:
    """The command by which a user signs in again so that tokens have the claims; https://github.com/Azure/azure-cli/pull/31699.

    :param claims: JSON, as of ``claims_of``
    :param tenant: that of the user, if known
    """
    # With blanks, which mean nothing in JSON: it would else look like a token or a key, and be hidden.
    spaced = f"{{ {claims.strip()[1:]}".encode()
    encoded = base64.b64encode(spaced + b" " * (-len(spaced) % 3)).decode("ascii")
    named = f" --tenant {shlex.quote(tenant)}" if tenant else ""
    challenge = f" --claims-challenge {encoded}" if len(encoded) <= _LONGEST else ""
    return f"az login{named}{challenge}"
