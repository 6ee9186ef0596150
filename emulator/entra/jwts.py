# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON Web Tokens from strangers."""

from __future__ import annotations

import base64

import jwt

from ..base.read_json import read_json

__all__ = ["check_jwt"]


def check_jwt(token: str) -> None:
    """Raise jwt.DecodeError for a token whose header or claims are JSON that could not be worked with.

    Older PyJWT (2.8) reads both before it looks at the signature, and what deep nesting and infinity raise gets out.
    """
    for part in token.split(".")[:2]:
        try:
            read_json(base64.urlsafe_b64decode(part.encode() + b"=" * (-len(part) % 4)))
        except ValueError as error:
            raise jwt.DecodeError(f"The token cannot be read: {error}") from error
