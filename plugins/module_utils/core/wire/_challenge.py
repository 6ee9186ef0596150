# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What a 401 asks for besides a token: claims, if it can be understood."""

from __future__ import annotations

import base64
import json
import re

__all__ = ["claims_of"]


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
