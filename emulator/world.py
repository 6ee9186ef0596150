# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One running emulator: its state and everything that outlives a reset."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

from .credential_files import CredentialFiles
from .faults import Faults
from .log import RequestLog
from .seed import build
from .settings import Settings
from .store import Store
from .tokens import Tokens

__all__ = ("World",)


class World:
    """The state, the settings, the faults and the log, with the seed that they go back to."""

    store: Store
    settings: Settings

    def __init__(self, seed: object, overrides: t.Mapping[str, object], log: RequestLog, directory: Path) -> None:
        """Take a seed; `overrides` are settings that win over the seed's; raises SeedError."""
        self._files = CredentialFiles(directory)
        self._overrides = dict(overrides)
        self._seed = seed
        self.clock = time.monotonic
        self.tokens = Tokens()
        self.faults = Faults()
        self.log = log
        self._load(seed)

    def reset(self) -> None:
        """Go back to the seed: state and settings as at the start, no faults, an empty log in memory."""
        self._load(self._seed)

    def load(self, seed: object) -> None:
        """Take another seed; raises SeedError, and nothing has changed then."""
        self._load(seed)
        self._seed = seed

    def _load(self, seed: object) -> None:
        self.store, self.settings = build(seed, self._overrides, self._files.certificate)
        self._files.federated_tokens(self.store.callers.values())
        self.faults.clear()
        self.log.clear()
