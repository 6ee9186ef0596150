# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of declared classes as plain JSON and back, by the types of their fields; a file names no class to make.

A field with the metadata `NOT_KEPT` is left out and gets its default back. Objects of shared classes, which others
refer to, stand once in a list, and everywhere else as their number in it.
"""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Sequence
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from .fields import SeedError

__all__ = ["NOT_KEPT", "Reader", "Writer", "is_shared", "shared"]

NOT_KEPT: Final = types.MappingProxyType({"kept": False})
_SHARED: dict[str, type] = {}
_INFINITE = {"inf": math.inf, "-inf": -math.inf}
_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", dict: "a mapping"}
C = TypeVar("C", bound=type)


def shared(cls: C) -> C:
    """Mark a class whose objects others refer to."""
    _SHARED[cls.__name__] = cls
    return cls


def is_shared(hint: Any) -> bool:
    """Whether a type is a shared class, or one that shared classes come from."""
    # On Python 3.10, list[int] is a type, too.
    plain = isinstance(hint, type) and get_origin(hint) is None
    return plain and any(issubclass(cls, hint) for cls in _SHARED.values()) and hint is not object


class Writer:
    """Turns values into JSON; `objects` are the shared ones."""

    def __init__(self) -> None:
        self._found: list[Any] = []
        self._numbers: dict[int, int] = {}

    def objects(self) -> list[dict[str, Any]]:
        """Return the shared objects that were met, and those that they refer to, each with its class."""
        done: list[dict[str, Any]] = []
        while len(done) < len(self._found):
            item = self._found[len(done)]
            done.append({"class": type(item).__name__, **self._fields(item)})
        return done

    def value(self, value: Any, hint: Any) -> Any:
        """Return a value of a declared type as JSON."""
        origin, inner = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            return None if value is None else self.value(value, _of_optional(inner))
        if is_shared(hint):
            return self._number(value)
        if origin is dict:
            return {key: self.value(item, inner[1]) for key, item in value.items()}
        if origin is tuple and inner[-1] is not ...:
            return [self.value(item, kind) for item, kind in zip(value, inner, strict=True)]
        if origin in (list, tuple, set, frozenset):
            items = sorted(value) if origin in (set, frozenset) else value
            return [self.value(item, inner[0]) for item in items]
        if _item_type(hint) is not None:
            return [self.value(item, _item_type(hint)) for item in value]
        if hint is float and math.isinf(value):
            return str(value)
        return value if hint in _WORDS or hint is Any else self._fields(value)

    def _number(self, value: Any) -> int:
        number = self._numbers.setdefault(id(value), len(self._found))
        if number == len(self._found):
            self._found.append(value)
        return number

    def _fields(self, value: Any) -> dict[str, Any]:
        return {name: self.value(getattr(value, name), hint) for name, hint in _kept(type(value)).items()}


class Reader:
    """Turns JSON into values of declared types; whatever does not fit raises SeedError with its place."""

    def __init__(self, objects: Any) -> None:
        """Take what `Writer.objects` returned."""
        if not isinstance(objects, list) or not all(map(_is_known, objects)):
            raise SeedError(f"objects must be a list of mappings whose class is one of {', '.join(_SHARED)}")
        # All are there before any is filled: they may refer to each other in circles.
        self._objects: list[Any] = [object.__new__(_SHARED[item["class"]]) for item in objects]
        for number, (item, found) in enumerate(zip(objects, self._objects, strict=True)):
            given = {name: value for name, value in item.items() if name != "class"}
            for name, value in self._fields(given, type(found), f"objects[{number}]").items():
                # Some are frozen.
                object.__setattr__(found, name, value)

    def value(self, data: Any, hint: Any, where: str) -> Any:
        """Return a value of a type; raises SeedError."""
        origin, inner = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            return None if data is None else self.value(data, _of_optional(inner), where)
        if is_shared(hint):
            return self._object(data, hint, where)
        if origin is dict:
            items = _checked(data, dict, where).items()
            return {key: self.value(item, inner[1], f"{where}[{key!r}]") for key, item in items}
        if origin in (list, tuple, set, frozenset):
            return origin(self._items(data, inner, where, fixed=origin is tuple and inner[-1] is not ...))
        if (item_type := _item_type(hint)) is not None:
            return hint(self._items(data, (item_type,), where))
        if hint is Any:
            return data
        if hint in _WORDS:
            return _checked(_INFINITE.get(data, data) if hint is float and isinstance(data, str) else data, hint, where)
        return hint(**self._fields(_checked(data, dict, where), hint, where))

    def _items(self, data: Any, hints: Sequence[Any], where: str, *, fixed: bool = False) -> list[Any]:
        if not isinstance(data, list) or (fixed and len(data) != len(hints)):
            raise SeedError(f"{where} must be a list{f' of {len(hints)}' if fixed else ''}")
        kinds = hints if fixed else [hints[0]] * len(data)
        pairs = zip(data, kinds, strict=True)
        return [self.value(item, kind, f"{where}[{index}]") for index, (item, kind) in enumerate(pairs)]

    def _object(self, data: Any, hint: type, where: str) -> Any:
        number = _checked(data, int, where)
        if not 0 <= number < len(self._objects) or not isinstance(self._objects[number], hint):
            raise SeedError(f"{where} must be the number of a {hint.__name__} in objects, not {number}")
        return self._objects[number]

    def _fields(self, data: dict[str, Any], cls: type, where: str) -> dict[str, Any]:
        hints = _kept(cls)
        if data.keys() != hints.keys():
            odd = sorted(data.keys() ^ hints.keys())[0]
            raise SeedError(f"{where} {'has an unknown' if odd in data else 'lacks'} '{odd}'")
        found = {name: self.value(data[name], hint, f"{where}.{name}") for name, hint in hints.items()}
        return {**_defaults(cls), **found}


def _is_known(item: Any) -> bool:
    name = item.get("class") if isinstance(item, dict) else None
    return isinstance(name, str) and name in _SHARED


def _checked(data: Any, kind: type, where: str) -> Any:
    kinds = (int, float) if kind is float else (kind,)
    if not isinstance(data, kinds) or (isinstance(data, bool) and kind is not bool):
        raise SeedError(f"{where} must be {_WORDS[kind]}, not {str(data)[:80]!r}")
    return float(cast("float", data)) if kind is float else data


def _of_optional(inner: Sequence[Any]) -> Any:
    (only,) = (item for item in inner if item is not type(None))
    return only


def _item_type(hint: Any) -> Any:
    """Return what a collection of our own holds: it is made of a list of these, and gives them when it is iterated."""
    return getattr(hint, "KEPT_AS_LIST_OF", None)


_HINTS: dict[type, dict[str, Any]] = {}


def _kept(cls: type) -> dict[str, Any]:
    """Return the types of the fields that are kept."""
    if cls not in _HINTS:
        hints = get_type_hints(cls)
        names = cls._fields if hasattr(cls, "_fields") else [field.name for field in _declared(cls) if _is_kept(field)]
        _HINTS[cls] = {name: hints[name] for name in names}
    return _HINTS[cls]


def _declared(cls: type) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ()


def _is_kept(field: dataclasses.Field[Any]) -> bool:
    return bool(field.metadata.get("kept", True))


def _defaults(cls: type) -> dict[str, Any]:
    left_out = [field for field in _declared(cls) if not _is_kept(field)]
    return {
        field.name: field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
        for field in left_out
    }
