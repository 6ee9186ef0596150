# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of the gateways: which there are, and which a task makes."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from tests.tools.imports import modules_in

__all__ = ["all_calls", "watched"]


def all_calls() -> list[str]:
    """Every call that the collection can make of Azure, as Class.method."""
    return sorted(f"{gateway.__name__}.{name}" for gateway in _gateways() for name in _methods(gateway))


def watched() -> list[str]:
    """A list that every call joins that is made from now on in this process."""
    made: list[str] = []
    for gateway in _gateways():
        for name, method in _methods(gateway).items():
            setattr(gateway, name, _noting(method, f"{gateway.__name__}.{name}", made))
    return made


def _noting(method: Callable[..., Any], name: str, made: list[str]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*args: Any, **options: Any) -> Any:
        made.append(name)
        return method(*args, **options)

    return call


def _gateways() -> Iterator[type]:
    """The classes of the layer that are made from a client alone, and whose methods take a deadline."""
    for module in modules_in("arm"):
        for found in vars(module).values():
            own = inspect.isclass(found) and found.__module__ == module.__name__
            if own and _takes_a_client(found) and _methods(found):
                yield found


def _takes_a_client(found: type) -> bool:
    parameters = list(inspect.signature(found).parameters) if found.__init__ is not object.__init__ else []
    return parameters == ["client"]


def _methods(gateway: type) -> dict[str, Callable[..., Any]]:
    return {
        name: method
        for name, method in vars(gateway).items()
        if not name.startswith("_")
        and inspect.isfunction(method)
        and "deadline" in inspect.signature(method).parameters
    }
