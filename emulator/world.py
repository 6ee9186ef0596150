# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One running emulator: its state and everything that outlives a reset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from .base.clock import Clock
from .base.log import RequestLog
from .cloud.faults import Faults
from .cloud.history import History
from .cloud.settings import Settings
from .cloud.store import MOST_RESOURCES, Store
from .compute.settling import end_due, settle
from .credential_files import CredentialFiles
from .entra.tokens import Tokens
from .limits.meter import Limits, Meter
from .rights.directory import workloads
from .seeding.seed import build

__all__ = ["World"]


class World:
    """The state, the settings, the faults and the log, with the seed that they go back to."""

    store: Store
    settings: Settings

    def __init__(
        self,
        seed: object,
        overrides: Mapping[str, object],
        log: RequestLog,
        directory: Path,
        clock: Clock | None = None,
    ) -> None:
        """Take a seed; `overrides` are settings that win over the seed's; raises SeedError."""
        self._files = CredentialFiles(directory)
        self._overrides = dict(overrides)
        self._seed = seed
        self.clock = clock or Clock()
        self.tokens = Tokens(self.clock)
        self.faults = Faults()
        self.history = History(end_due)
        self.limits = Limits(self.clock)
        self.log = log
        self.save: Callable[[], None] | None = None
        self._load(seed)

    def reset(self) -> None:
        """Go back to the seed: state and settings as at the start, no faults, an empty log in memory."""
        self._load(self._seed)

    def load(self, seed: object) -> None:
        """Take another seed; raises SeedError, and nothing has changed then."""
        self._load(seed)
        self._seed = seed

    def configure(self, settings: Settings) -> None:
        """Put other settings in force."""
        self.settings = settings
        self.clock.run(settings.time_scale)
        self.log.limit(settings.log_entries, settings.log_bytes)
        self.history.limit(settings.history_writes, settings.history_bytes)

    def settle(self) -> float:
        """End the operations that are due, as each request does first of all; return the time."""
        now = self.clock()
        settle(self.store, now)
        return now

    def memory(self) -> dict[str, dict[str, int]]:
        """Return what is kept of what grows with requests, and how much of it had to go."""
        return {
            "log": self.log.counts(),
            "history": self.history.counts(),
            "operations": {"kept": len(self.store.operations), "dropped": self.store.dropped_operations},
            "tokens": self.tokens.known.counts(),
            "buckets": self.limits.counts(),
            "resources": {"kept": self.store.size(), "most": MOST_RESOURCES},
        }

    def meter(self) -> Meter | None:
        """Return a meter for one request, or None while no limits are in force."""
        return self.limits.meter(self.settings.bucket_sizes) if self.settings.limits else None

    def _load(self, seed: object) -> None:
        store, settings = build(seed, self._overrides, self._files.certificate)
        self._files.federated_tokens([*store.callers.values(), *workloads(store)])
        self._files.forget_others([caller.name for caller in store.callers.values()])
        self.store = store
        self.configure(settings)
        self.faults.clear()
        self.faults.add(seed.get("faults", []) if isinstance(seed, dict) else [])
        self.history.forget()
        self.limits.refill()
        self.log.clear()
