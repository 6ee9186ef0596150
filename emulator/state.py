# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state in a file: what the cloud holds survives a restart. Callers and their secrets stay in the seed."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any, cast

from .base.fields import SeedError
from .base.folder import Folder
from .base.plain_data import Reader, Writer
from .base.read_json import read_json
from .cloud.store import Store
from .state_checks import check_store
from .world import World

__all__ = ["StateFile"]

_FORMAT = 2
# What a request may nest, and what is around it.
_DEEPEST = 100
_PARTS = {"format", "clock", "objects", "store"}


class StateFile:
    """The file that one emulator at a time reads at its start and replaces at its end."""

    def __init__(self, path: Path) -> None:
        """Take the file, there or not; raises FolderInUse, OSError if its folder cannot be written, SeedError."""
        self._path = path
        self._folder = Folder(path.absolute().parent)
        self._folder.check()
        # A lock on the file itself would go with the file when it is replaced.
        self._folder.lock(f".{path.name}.lock", path)

    def save(self, world: World) -> None:
        """Write the state so that only its owner may read it, all at once; raises OSError."""
        writer = Writer()
        store = writer.value(world.store, Store)
        value = {"format": _FORMAT, "clock": world.clock(), "store": store, "objects": writer.objects()}
        self._folder.write(self._path.name, json.dumps(value, indent=1, allow_nan=False) + "\n")

    def load(self, world: World) -> None:
        """Put the state of the file in the place of the seed's, if there is such a file.

        Raises SeedError, with the place, for a file that is no state; OSError.
        """
        data = self._read()
        if data is None:
            return
        try:
            value = _parsed(data)
            reader = Reader(value["objects"])
            store = cast("Store", reader.value(value["store"], Store, "store"))
            moment = reader.value(value["clock"], float, "clock")
            store.callers = world.store.callers
            check_store(store)
            store.find_due()
            world.clock.resume(moment)
        except SeedError as error:
            raise SeedError(f"{self._path} is not a state of this emulator, and is left as it is: {error}") from error
        world.store = store

    def _read(self) -> bytes | None:
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            raise SeedError(f"{self._path} is a symbolic link: name the file itself") from error
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SeedError(f"{self._path} is not a file")
            with open(descriptor, "rb", closefd=False) as file:
                return file.read()
        finally:
            os.close(descriptor)


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        value = read_json(data, _DEEPEST)
    except ValueError as error:
        raise SeedError(f"it is not JSON: {error}") from error
    if isinstance(value, dict) and value.get("format") == 1:
        raise SeedError("an older emulator has written it (format 1), and those files are no longer read")
    if not isinstance(value, dict) or value.get("format") != _FORMAT or value.keys() != _PARTS:
        raise SeedError(f"it must be a mapping with format {_FORMAT} and the parts {', '.join(sorted(_PARTS))}")
    return value
