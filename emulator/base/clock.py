# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one clock of the emulated cloud: it can run faster than the real one, and jump ahead."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone

__all__ = ["Clock"]


_END = datetime(3000, 1, 1, tzinfo=timezone.utc).timestamp()


class Clock:
    """Seconds of the emulated cloud: calling it gives a time that never goes back, `wall` and `date` when that is."""

    def __init__(self, source: Callable[[], float] = time.monotonic) -> None:
        """Take a real clock in seconds."""
        self._source = source
        self._since = source()
        self._base = self._since
        self._epoch = time.time() - self._base
        self._scale = 1.0

    def __call__(self) -> float:
        """Return the time in seconds; only differences mean something."""
        return self._base + (self._source() - self._since) * self._scale

    @property
    def scale(self) -> float:
        """How many seconds of the emulated cloud one real second is."""
        return self._scale

    def run(self, scale: float) -> None:
        """Go on at another speed from now on."""
        self._base, self._since = self(), self._source()
        self._scale = scale

    def advance(self, seconds: float) -> None:
        """Jump ahead; raises ValueError for a time that no date can say."""
        # Certificates and tokens say when they end, too: so not up to the last date there is.
        if not self.wall() + seconds < _END:
            raise ValueError("the time cannot advance beyond the year 3000")
        self._base += seconds

    def resume(self, moment: float) -> None:
        """Go on from a time that another clock like this one had."""
        self._base, self._since = moment, self._source()
        self._epoch = time.time() - moment

    def wall(self, moment: float | None = None) -> float:
        """Return the seconds since 1970 of a time of this clock, or of now."""
        return self._epoch + (self() if moment is None else moment)

    def date(self, moment: float | None = None) -> datetime:
        """Return the same as a date in UTC."""
        return datetime.fromtimestamp(self.wall(moment), timezone.utc)
