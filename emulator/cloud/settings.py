# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The knobs of a running emulator; each has Azure's behaviour, or the quickest form of it, as its default."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

from ..limits.buckets import Size
from ..limits.sizes import merged_sizes
from ..wire.versions import VM_VERSIONS

__all__ = ["Settings", "SettingsError"]


_MEBIBYTE = 1024 * 1024
# Beyond any use, and small enough that dates and JSON can be made of them.
_LARGEST = 10**9


class SettingsError(ValueError):
    """A setting that does not exist or has a wrong value."""


@dataclasses.dataclass(slots=True)
class Settings:
    """Times are in seconds.

    operation_seconds: how long a write to a VM takes; 0 means done at the first poll.
    retry_after: Retry-After of running operations; None sends none.
    page_size: items per page of lists.
    vm_api_versions: what this cloud's Compute knows.
    identity_slot_seconds: how long a disabled system identity cannot be enabled again.
    concurrency: a second write to a VM is refused (conflict as recorded, or refuse as documented), done after the first
        (queue), or ends it (preempt).
    token_seconds: life of tokens.
    map_with_system_assigned: a map of identities beside a type without UserAssigned: refuse or ignore.
    time_scale: how many seconds of the emulated cloud one real second is.
    limits: whether Azure's limits are in force; limit_sizes: buckets of another size than Azure's.
    replication_seconds: how long a new identity is unknown to role assignments that do not say its type.
    propagation_seconds: how long a new role assignment has no effect.
    credential_seconds: how long a write to a federated credential takes.
    no_credentials_in: locations where identities cannot have federated credentials.
    unavailable_sizes: sizes of VMs that cannot be had (SkuNotAvailable); cores_quota: cores per location, None: many.
    resource_graph_seconds: how far Resource Graph lags behind.
    log_entries, log_bytes: how much of the log stays in memory; history_writes, history_bytes: how much of what was.
    operations: how many operations that have ended can still be polled.
    """

    operation_seconds: float = 0.0
    retry_after: int | None = None
    page_size: int = 100
    vm_api_versions: tuple[str, ...] = VM_VERSIONS
    identity_slot_seconds: float = 0.0
    concurrency: str = "conflict"
    token_seconds: int = 3599
    map_with_system_assigned: str = "refuse"
    time_scale: float = 1.0
    limits: bool = False
    limit_sizes: dict[str, Size] = dataclasses.field(default_factory=lambda: merged_sizes({}))
    unavailable_sizes: tuple[str, ...] = ()
    cores_quota: int | None = None
    resource_graph_seconds: float = 0.0
    replication_seconds: float = 0.0
    propagation_seconds: float = 0.0
    credential_seconds: float = 0.05
    no_credentials_in: tuple[str, ...] = ()
    log_entries: int = 100_000
    log_bytes: int = 64 * _MEBIBYTE
    history_writes: int = 25_000
    history_bytes: int = 64 * _MEBIBYTE
    operations: int = 10_000

    def updated(self, changes: object) -> Settings:
        """Return a copy with the given names changed; raises SettingsError."""
        if not isinstance(changes, dict):
            raise SettingsError("settings must be a mapping of names to values")
        values = {name: _checked(name, value) for name, value in changes.items()}
        return dataclasses.replace(self, **values)

    def as_dict(self) -> dict[str, Any]:
        """Return all settings as JSON-ready values."""
        sizes = {name: size._asdict() for name, size in self.limit_sizes.items()}
        return {**dataclasses.asdict(self), "vm_api_versions": list(self.vm_api_versions), "limit_sizes": sizes}


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        raise SettingsError("must be a number, 0 or more")
    if value > _LARGEST:
        raise SettingsError(f"must be a number up to {_LARGEST}")
    return float(value)


def _speed(value: object) -> float:
    if not 0 < _number(value) <= 100_000:
        raise SettingsError("must be a number between 0 and 100000")
    return _number(value)


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise SettingsError("must be true or false")
    return value


def _sizes(value: object) -> dict[str, Size]:
    try:
        return merged_sizes(value)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LARGEST:
        raise SettingsError("must be a whole number, 1 or more")
    return value


def _count_or_none(value: object) -> int | None:
    return None if value is None else _count(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise SettingsError("must be a list of texts")
    return tuple(value)


def _seconds_or_none(value: object) -> int | None:
    return None if value is None else int(_number(value))


def _versions(value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise SettingsError("must be a list of api-versions")
    for item in value:
        if not isinstance(item, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d(-preview)?", item):
            raise SettingsError(f"has no api-version: {item!r}")
    return tuple(value)


def _one_of(*choices: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in choices:
            raise SettingsError(f"must be one of {', '.join(choices)}")
        return str(value)

    return check


_CHECKS: dict[str, Callable[[object], Any]] = {
    "operation_seconds": _number,
    "retry_after": _seconds_or_none,
    "page_size": _count,
    "vm_api_versions": _versions,
    "identity_slot_seconds": _number,
    "concurrency": _one_of("conflict", "refuse", "queue", "preempt"),
    "token_seconds": _count,
    "map_with_system_assigned": _one_of("refuse", "ignore"),
    "time_scale": _speed,
    "limits": _yes_or_no,
    "limit_sizes": _sizes,
    "unavailable_sizes": _texts,
    "cores_quota": _count_or_none,
    "resource_graph_seconds": _number,
    "replication_seconds": _number,
    "propagation_seconds": _number,
    "credential_seconds": _number,
    "no_credentials_in": _texts,
    "log_entries": _count,
    "log_bytes": _count,
    "history_writes": _count,
    "history_bytes": _count,
    "operations": _count,
}


def _checked(name: object, value: object) -> Any:
    check = _CHECKS.get(str(name))
    if check is None:
        raise SettingsError(f"unknown setting '{name}'; known are {', '.join(_CHECKS)}")
    try:
        return check(value)
    except SettingsError as error:
        raise SettingsError(f"setting '{name}' {error}") from error
