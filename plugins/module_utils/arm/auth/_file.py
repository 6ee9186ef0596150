# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Reads files that a user names: only such as end, and have a size that makes sense."""

from __future__ import annotations

import errno
import os
import stat
from os.path import expanduser, expandvars

from ...core._errors import InvalidInput, ManagedIdentityError
from ...core._secrets import kind_of_secret

__all__ = ["read_file", "read_regular", "usable_path"]

# Certificates with their chains, tokens and files of settings have some kilobytes.
_LARGEST = 1024 * 1024
# PATH_MAX of Linux; no other system that Ansible runs on has more.
_LONGEST_PATH = 4096


def usable_path(value: str, spelled: str, where: str) -> str:
    """A path as a user wrote it, with ~ and variables replaced.

    :param spelled: the option's name, as the user writes it
    :param where: where it is from
    :raises InvalidInput: it cannot be a path, above all because it is a key or a token itself, which is not shown
    """
    kind = kind_of_secret(value) or ("text of several lines" if "\n" in value.strip() else None)
    if kind:
        raise InvalidInput(
            f"{spelled}, from {where}, holds {kind} itself, not a path.",
            remedy="Write it to a file that nobody else can read, and give the path of that file.",
        )
    if len(value) > _LONGEST_PATH or "\0" in value or not _can_be_encoded(value):
        raise InvalidInput(
            f"{spelled}, from {where}, is no path: it is longer than one can be, or has a character that none has.",
            remedy="Give the path of a file.",
        )
    return expanduser(expandvars(value))


def read_file(path: str, what: str, raises: type[ManagedIdentityError] = InvalidInput) -> bytes:
    """The content of a file; see ``read_regular``.

    :param what: what it is, for the error: "certificate"
    :param raises: the error's type
    :raises ManagedIdentityError: of that type; it cannot be read
    """
    try:
        return read_regular(path)
    except OSError as error:
        raise raises(f"The {what} {path} cannot be read: {error.strerror}.", remedy=_remedy(path, error)) from error


def read_regular(path: str) -> bytes:
    """The content of a regular file of at most 1 MiB. Never waits for a writer, as opening a FIFO would.

    :raises OSError: its ``strerror`` says why it cannot be read; a FileNotFoundError, that it is not there
    """
    try:
        _check_kind(os.stat(path).st_mode)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except ValueError as error:
        raise OSError(errno.EINVAL, "its path has a character that no path has") from error
    with open(descriptor, "rb") as file:
        # It may have been replaced since.
        _check_kind(os.fstat(descriptor).st_mode)
        content = file.read(_LARGEST + 1) or b""
    if len(content) > _LARGEST:
        raise OSError(errno.EFBIG, f"it is larger than {_LARGEST // 1024} KiB")
    return content


def _check_kind(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a device, a pipe or a socket, not a file")


def _remedy(path: str, error: OSError) -> str:
    if path.startswith("~") and isinstance(error, FileNotFoundError):
        return "There is no user of the name after the ~: give the whole path."
    return "Give the path of a file that the user who runs this can read."


def _can_be_encoded(value: str) -> bool:
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True
