# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state in a file: what the cloud holds survives a restart. Callers and their secrets stay in the seed."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from jsonpickle.errors import ClassNotFoundError
from jsonpickle.pickler import Pickler
from jsonpickle.unpickler import Unpickler

from .credential_files import write_private
from .fields import SeedError
from .world import World

__all__ = ("load_state", "save_state")

_FORMAT = 1


def save_state(world: World, path: Path) -> None:
    """Write the state to a file that only its owner may read, all at once; raises OSError."""
    for holder in world.store.holders():
        # Texts that were rendered once; they come again when they are asked for.
        holder.text.clear()
    store = dataclasses.replace(world.store, callers={})
    value = {"format": _FORMAT, "clock": world.clock(), "store": store}
    write_private(path, json.dumps(Pickler().flatten(value), indent=1) + "\n")


def load_state(world: World, path: Path) -> None:
    """Put the state of a file in the place of the seed's, if there is such a file; raises SeedError.

    The file is taken as it is, objects and all: only give it one that the emulator has written.
    """
    if not path.exists():
        return
    try:
        value = Unpickler(on_missing="error").restore(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ClassNotFoundError) as error:
        raise SeedError(f"{path} is not a state: {error}") from error
    if not isinstance(value, dict) or value.get("format") != _FORMAT:
        raise SeedError(f"{path} is not a state of this emulator")
    store = value["store"]
    store.callers = world.store.callers
    world.store = store
    world.clock.resume(value["clock"])
