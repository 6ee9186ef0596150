# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The file ~/.azure/credentials: sections of options, as azure.azcollection has it."""

from __future__ import annotations

from collections.abc import Mapping
from configparser import (
    DuplicateOptionError,
    DuplicateSectionError,
    MissingSectionHeaderError,
    ParsingError,
    RawConfigParser,
)
from configparser import Error as ConfigError
from os.path import expanduser
from pathlib import Path

from ...core._errors import AccessError
from ._file import read_regular
from ._layers import Layer

__all__ = ["credentials_path", "profile_layer"]


def credentials_path(environ: Mapping[str, str]) -> Path:
    """Where the credentials file is."""
    return Path(environ.get("HOME") or expanduser("~")) / ".azure" / "credentials"


def profile_layer(profile: str, environ: Mapping[str, str]) -> Layer | str:
    """The options in a section of the credentials file, or why there are none.

    :raises AccessError: the file is there, but cannot be read
    """
    path = credentials_path(environ)
    parser = RawConfigParser()
    try:
        parser.read_string(read_regular(str(path)).decode("utf-8-sig"))
    except FileNotFoundError:
        return f"{path} does not exist"
    except OSError as error:
        raise AccessError(f"The credentials file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise AccessError(f"The credentials file {path} is not UTF-8 text.") from None
    except ConfigError as error:
        # Not chained: the parser's message quotes the line, which may hold a secret.
        raise AccessError(f"The credentials file {path} cannot be read: {_what(error)}.") from None
    if not parser.has_section(profile):
        known = ", ".join(parser.sections()) or "none"
        return f"{path} has no section [{profile}] (its sections: {known})"
    return Layer.of(f"profile {profile} of {path}", dict(parser.items(profile)))


def _what(error: ConfigError) -> str:
    """What is wrong with the file, without a word of what is in it."""
    if isinstance(error, MissingSectionHeaderError):
        return f"line {error.lineno} is before the first [section]"
    if isinstance(error, ParsingError):
        return f"line {error.errors[0][0]} is not 'name = value'"
    if isinstance(error, DuplicateOptionError):
        return f"line {error.lineno} gives {error.option} of [{error.section}] again"
    if isinstance(error, DuplicateSectionError):
        return f"line {error.lineno} begins [{error.section}] again"
    return "it is not a file of [section] and name = value"
