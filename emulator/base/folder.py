# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A folder that the emulator writes into: nothing leaves it by a link, and one emulator at a time has it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["Folder", "FolderInUse"]

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PRIVATE = 0o600


class FolderInUse(Exception):
    """Another emulator has the folder, or the file in it; the text says which."""


class Folder:
    """Every file comes to be under a name of its own and then takes the place of what had its name, links too."""

    def __init__(self, path: Path) -> None:
        """Take a folder that exists; nothing is touched."""
        self.path = path
        self._locks: list[int] = []

    @classmethod
    def made(cls, path: Path) -> Folder:
        """Return a folder, made for its owner alone if it is not there; one that is there keeps its mode.

        Raises OSError.
        """
        missing = [path, *path.parents]
        for part in reversed(missing[: next(index for index, part in enumerate(missing) if part.exists())]):
            part.mkdir(mode=0o700, exist_ok=True)
        return cls(path)

    def lock(self, name: str, what: Path | None = None) -> None:
        """Keep others out until this process ends, however it ends: the kernel gives the lock back.

        `what` is what a refusal names, the folder unless given. Raises FolderInUse and OSError.
        """
        with self._opened(name) as folder:
            descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _PRIVATE, dir_fd=folder)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise FolderInUse(f"{what or self.path} is in use by another emulator") from error
        self._locks.append(descriptor)

    def write(self, name: str, text: str, mode: int = _PRIVATE) -> None:
        """Write a file all at once; raises OSError."""
        with self.replacing(name, mode) as file:
            file.write(text.encode())

    @contextlib.contextmanager
    def replacing(self, name: str, mode: int = _PRIVATE) -> Iterator[BinaryIO]:
        """Open a file that takes the name when the block ends, and not at all if that fails; raises OSError."""
        with self._opened(name) as folder:
            fresh = f".{name}.{secrets.token_hex(8)}"
            file = os.fdopen(os.open(fresh, _NEW, mode, dir_fd=folder), "wb")
            try:
                with file:
                    yield file
                os.replace(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
            finally:
                # It is there still if it has not taken the name.
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(fresh, dir_fd=folder)

    def begin(self, name: str) -> BinaryIO:
        """Return an empty file to write to, in the place of one of that name; raises OSError."""
        self.write(name, "")
        with self._opened(name) as folder:
            return os.fdopen(
                os.open(name, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder), "ab"
            )

    def remove(self, name: str) -> None:
        """Remove a file, if there is one; raises OSError."""
        with self._opened(name) as folder, contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)

    def check(self) -> None:
        """Raise OSError if no file can be made here."""
        name = f".check.{secrets.token_hex(8)}"
        with self._opened(name) as folder:
            os.close(os.open(name, _NEW, _PRIVATE, dir_fd=folder))
            os.unlink(name, dir_fd=folder)

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[int]:
        """Open the folder; errors of the block name the file by its whole path."""
        if "/" in name or "\0" in name or name in ("", ".", ".."):
            raise OSError(errno.EINVAL, "not a file's name", str(self.path / name.replace("\0", "")))
        try:
            folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                yield folder
            finally:
                os.close(folder)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path / name)) from error
