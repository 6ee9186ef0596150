# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What an operation has asked of Azure, for whoever must tell about it after a surprise."""

from __future__ import annotations

__all__ = ["Journal"]


class Journal:
    """The calls of one operation.

    ``call`` and ``target`` are those of the last one, ``writes`` is the number of writes that Azure may have made.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget the operation before."""
        self.call: str | None = None
        self.target: str | None = None
        self.writes = 0

    def sends(self, method: str, target: str, *, write: bool) -> None:
        """Note a call that is about to be sent."""
        self.call, self.target = method, target
        self.writes += write

    def refused(self) -> None:
        """Note that Azure has refused the write that was sent last: it changed nothing."""
        self.writes -= 1
