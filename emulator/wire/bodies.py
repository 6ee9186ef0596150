# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Careful reading of bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import invalid_content

__all__ = ["items", "mapping"]


def mapping(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a copy of a JSON object in a body, empty if it is absent or null; raises ArmError 400."""
    value = body.get(name)
    if not isinstance(value, (dict, type(None))):
        raise invalid_content(f"Error converting value to a JSON object. Path '{name}'.")
    return dict(value or {})


def items(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a list of JSON objects in a body, empty if it is absent or null; raises ArmError 400."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise invalid_content(f"Error converting value to a list of JSON objects. Path 'properties.{name}'.")
    return list(value)
