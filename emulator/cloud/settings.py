# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The knobs of a running emulator; each has Azure's behaviour, or the quickest form of it, as its default."""

from __future__ import annotations

import functools
import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from msgspec import Meta, structs

from ..base.declared import Count, Declared, FromZero, Seconds, Text, about, read
from ..limits.buckets import Size
from ..limits.sizes import LimitSizes, merged_sizes
from ..wire.versions import VERSIONS, Served

__all__ = ["NewestVersions", "Settings", "SettingsError"]

_MEBIBYTE = 1024 * 1024
_Speed = Annotated[float, Meta(gt=0, le=100_000, description="a number between 0 and 100000")]
_Version = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d(-preview)?\Z", description="an api-version")]
_Versions = Annotated[tuple[_Version, ...], Meta(min_length=1, description="a list of api-versions")]
_Texts = Annotated[tuple[Text, ...], Meta(description="a list of texts")]
_Concurrency = Literal["conflict", "refuse", "queue", "preempt"]


class SettingsError(ValueError):
    """A setting that does not exist or has a wrong value."""


class NewestVersions(Declared, frozen=True):
    """The newest api-version of each kind of resource; what is None has that of all."""

    wanted = "a mapping of kinds of resources to api-versions"
    noun = "kind "

    machines: Annotated[
        _Version | None, about("virtual machines, scale sets and what is below Microsoft.Compute/locations")
    ] = None
    disks: Annotated[_Version | None, about("disks")] = None
    skus: Annotated[_Version | None, about("Microsoft.Compute/skus")] = None
    networks: Annotated[_Version | None, about("Microsoft.Network")] = None
    identities: Annotated[_Version | None, about("user-assigned identities")] = None
    credentials: Annotated[_Version | None, about("federated credentials")] = None
    associated: Annotated[_Version | None, about("listAssociatedResources")] = None
    role_assignments: Annotated[_Version | None, about("role assignments")] = None
    role_definitions: Annotated[_Version | None, about("role definitions and permissions")] = None
    locks: Annotated[_Version | None, about("locks")] = None
    resources: Annotated[_Version | None, about("Microsoft.Resources: subscriptions, groups, deployments")] = None
    graph: Annotated[_Version | None, about("Resource Graph")] = None


class Settings(Declared, frozen=True, dict=True):
    """What can be set; times are in seconds."""

    wanted = "a mapping of names to values"
    noun = "setting "

    operation_seconds: Annotated[Seconds, about("how long a write to a VM takes; 0 means done at the first poll")] = 0.0
    retry_after: Annotated[FromZero | None, about("Retry-After of running operations; null sends none")] = None
    page_size: Annotated[Count, about("items per page of lists")] = 100
    newest_api_version: Annotated[
        _Version, about("of every type any api-version is served from the oldest one known to this date")
    ] = "2099-12-31"
    newest_api_versions: Annotated[NewestVersions, about("the same for kinds of resources")] = NewestVersions()
    vm_api_versions: Annotated[
        _Versions | None,
        about("the only ones that this cloud's Compute knows, as an old cloud's; null: as other types"),
    ] = None
    identity_slot_seconds: Annotated[Seconds, about("how long a disabled system identity cannot be enabled again")] = (
        0.0
    )
    concurrency: Annotated[
        _Concurrency,
        about(
            "a second write to a VM is refused (conflict as recorded, or refuse as documented), done after the first "
            "(queue), or ends it (preempt)"
        ),
    ] = "conflict"
    token_seconds: Annotated[Count, about("life of tokens")] = 3599
    map_with_system_assigned: Annotated[
        Literal["refuse", "ignore"], about("a map of identities beside a type without UserAssigned: refuse or ignore")
    ] = "refuse"
    time_scale: Annotated[_Speed, about("how many seconds of the emulated cloud one real second is")] = 1.0
    limits: Annotated[bool, about("whether Azure's limits are in force")] = False
    limit_sizes: Annotated[LimitSizes, about("buckets of another size than Azure's")] = LimitSizes()
    unavailable_sizes: Annotated[_Texts, about("sizes of VMs that cannot be had (SkuNotAvailable)")] = ()
    cores_quota: Annotated[Count | None, about("cores per location; null: many")] = None
    resource_graph_seconds: Annotated[Seconds, about("how far Resource Graph lags behind")] = 0.0
    replication_seconds: Annotated[
        Seconds, about("how long a new identity is unknown to role assignments that do not say its type")
    ] = 0.0
    propagation_seconds: Annotated[Seconds, about("how long a new role assignment has no effect")] = 0.0
    credential_seconds: Annotated[Seconds, about("how long a write to a federated credential takes")] = 0.05
    no_credentials_in: Annotated[_Texts, about("locations where identities cannot have federated credentials")] = ()
    log_entries: Annotated[Count, about("how many requests of the log stay in memory")] = 100_000
    log_bytes: Annotated[Count, about("and how many bytes of it")] = 64 * _MEBIBYTE
    history_writes: Annotated[Count, about("how many states of what was written stay in memory")] = 25_000
    history_bytes: Annotated[Count, about("and how many bytes of bodies that made them")] = 64 * _MEBIBYTE
    operations: Annotated[Count, about("how many operations that have ended can still be polled")] = 10_000

    def updated(self, changes: object) -> Settings:
        """Return a copy with the given names changed; raises SettingsError."""
        try:
            found = read(Settings, _dates_as_texts(changes), "")
        except ValueError as error:
            raise SettingsError(_named(str(error))) from error
        return structs.replace(self, **{name: getattr(found, name) for name in cast("dict[str, Any]", changes)})

    @functools.cached_property
    def bucket_sizes(self) -> dict[str, Size]:
        """The sizes of all buckets."""
        return merged_sizes(self.limit_sizes)

    def served(self, kind: str) -> Served:
        """Return the api-versions of a kind of resources, which is a name in `VERSIONS`."""
        if kind == "machines" and self.vm_api_versions is not None:
            return Served(self.vm_api_versions)
        newest = getattr(self.newest_api_versions, kind)
        # It is in two previews only, and never came out of them.
        if kind == "associated" and newest is None:
            return Served(VERSIONS[kind])
        return Served(VERSIONS[kind], newest or self.newest_api_version)

    def as_dict(self) -> dict[str, Any]:
        """Return all settings as JSON-ready values."""
        sizes = {name: size._asdict() for name, size in self.bucket_sizes.items()}
        newest = structs.asdict(self.newest_api_versions)
        return {**structs.asdict(self), "limit_sizes": sizes, "newest_api_versions": newest}


def _dates_as_texts(given: object) -> object:
    """Return a value of YAML, in which an api-version without quotes is a date."""
    if isinstance(given, dict):
        return {name: _dates_as_texts(value) for name, value in given.items()}
    if isinstance(given, list):
        return [_dates_as_texts(value) for value in given]
    # A moment is a date too, and no api-version.
    return given.isoformat() if isinstance(given, date) and not isinstance(given, datetime) else given


def _named(reason: str) -> str:
    """Return the reason of a refusal with the setting's name as people write it."""
    if reason.startswith(": "):
        return reason[2:]
    return re.sub(r"^[\w.\[\]]*", lambda name: f"setting '{name[0]}'" if name[0] else "settings", reason)
