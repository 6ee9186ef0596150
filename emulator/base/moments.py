# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times and GUIDs as Microsoft.Authorization writes them."""

from __future__ import annotations

import uuid
from datetime import datetime

__all__ = ["is_guid", "moment"]


def moment(date: datetime) -> str:
    """Return a date in UTC with seven digits of a second."""
    return date.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def is_guid(text: str) -> bool:
    """Whether a text is a GUID with its dashes."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
