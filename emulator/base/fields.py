# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading untyped mappings with errors that name the place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

__all__ = ["Fields", "SeedError"]

_MISSING: Any = object()


class SeedError(ValueError):
    """A seed that cannot be; the text says where and why."""


class Fields:
    """A mapping of a seed, read field by field; `done` refuses what nobody asked for."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise SeedError(f"{where} must be a mapping, not {type(value).__name__}")
        self._rest: dict[str, Any] = dict(value)
        self._known: list[str] = []
        self.where = where

    def take(self, name: str, kind: type | tuple[type, ...], default: Any = _MISSING) -> Any:
        """Return a field of the given type, or the default; raises SeedError."""
        self._known.append(name)
        value = self._rest.pop(name, _MISSING)
        if value is _MISSING:
            if default is _MISSING:
                raise SeedError(f"{self.where} lacks '{name}'")
            return default
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            wanted = " or ".join(
                {"str": "a text", "dict": "a mapping", "list": "a list"}.get(k.__name__, k.__name__) for k in kinds
            )
            raise SeedError(f"{self.where}.{name} must be {wanted}, not {value!r}")
        return value

    def text(self, name: str, default: Any = _MISSING) -> Any:
        """Return a field that is text."""
        return self.take(name, str, default)

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        """Return a field that is one of the choices."""
        value = self.text(name, default)
        if value not in choices:
            raise SeedError(f"{self.where}.{name} must be one of {', '.join(choices)}, not '{value}'")
        return cast("str", value)

    def each(self, name: str) -> Iterator[Fields]:
        """Return the mappings of a list field, which may be absent."""
        for index, item in enumerate(self.take(name, list, [])):
            yield Fields(item, f"{self.where}.{name}[{index}]" if self.where != "seed" else f"{name}[{index}]")

    def done(self) -> None:
        """Raise SeedError if a field is left that nobody read."""
        for name in self._rest:
            raise SeedError(f"{self.where} has an unknown '{name}'; known are {', '.join(sorted(self._known))}")
