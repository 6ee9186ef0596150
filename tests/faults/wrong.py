# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an oracle says."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Wrong"]


@dataclass(frozen=True)
class Wrong:
    """One thing that is not as it must be.

    :param kind: its name in counts
    """

    kind: str
    expected: str
    came: str
