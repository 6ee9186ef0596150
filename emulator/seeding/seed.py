# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seeds: a YAML or JSON file becomes the state of the emulated cloud. The format is described in `seeds/estate.yml`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from ..base.fields import Fields, SeedError
from ..base.read_json import check_size, read_json
from ..cloud.faults import FaultError, Faults
from ..cloud.model import Group, Lock, Policy, Subscription
from ..cloud.settings import Settings, SettingsError
from ..cloud.store import Store
from ..wire.path import parse
from .access import give_seeded_roles, read_assignments, read_directory, read_management_groups, read_role_definitions
from .callers import MakeCertificate, read_callers
from .machines import read_fleets, read_identities, read_vms
from .others import read_others
from .scale_sets import read_scale_sets

__all__ = ["build", "load_file", "load_text"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LEVELS = ("ReadOnly", "CanNotDelete", "NotSpecified")


def load_file(path: Path) -> object:
    """Return the data of a seed file; raises SeedError."""
    try:
        return load_text(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SeedError(f"cannot read {path}: {error.strerror}") from error
    except SeedError as error:
        raise SeedError(f"{path}: {error}") from error


def load_text(text: str) -> object:
    """Return the data of a seed's text, JSON or YAML; raises SeedError."""
    try:
        value = _read(text)
        # A few lines of YAML with aliases of aliases can stand for more than any memory holds.
        check_size(value)
    except (ValueError, yaml.YAMLError) as error:
        raise SeedError(f"is neither YAML nor JSON: {error}") from error
    except RecursionError as error:
        raise SeedError("is nested too deep") from error
    return cast("object", value)


def _read(text: str) -> Any:
    if text.lstrip()[:1] in ("{", "["):
        # YAML has lists and mappings in brackets, too.
        with contextlib.suppress(json.JSONDecodeError):
            return read_json(text.encode())
    return yaml.load(text, Loader=_Loader)


def build(data: object, overrides: Mapping[str, object], make_certificate: MakeCertificate) -> tuple[Store, Settings]:
    """Return the state that a seed describes, and the settings: the seed's and over them the overrides.

    Raises SeedError.
    """
    seed = Fields(data, "seed")
    store = Store()
    try:
        settings = Settings().updated(seed.take("settings", dict, {})).updated(dict(overrides))
    except SettingsError as error:
        raise SeedError(f"settings: {error}") from error
    _read_tenants(seed, store)
    read_management_groups(seed, store)
    _read_subscriptions(seed, store)
    _read_groups(seed, store)
    read_role_definitions(seed, store)
    read_identities(seed, store)
    read_vms(seed, store)
    read_fleets(seed, store)
    read_scale_sets(seed, store)
    read_others(seed, store)
    read_callers(seed, store, make_certificate)
    read_directory(seed, store)
    give_seeded_roles(store)
    read_assignments(seed, store)
    _read_locks(seed, store)
    _read_policies(seed, store)
    _check_faults(seed)
    seed.done()
    return store, settings


def _read_tenants(seed: Fields, store: Store) -> None:
    for item in seed.each("tenants"):
        tenant_id = item.text("id").lower()
        domain = item.text("domain", f"{tenant_id[:8]}.onmicrosoft.com")
        store.tenants[tenant_id] = {"name": item.text("name", "Default Directory"), "domain": domain}
        item.done()
    if not store.tenants:
        raise SeedError("seed needs at least one of 'tenants'")


def _read_subscriptions(seed: Fields, store: Store) -> None:
    for item in seed.each("subscriptions"):
        subscription_id = item.text("id").lower()
        tenant = item.text("tenant", next(iter(store.tenants)))
        found = store.resolve_tenant(tenant)
        if found is None:
            raise SeedError(f"{item.where}.tenant '{tenant}' is not among 'tenants'")
        unregistered = {str(name).lower() for name in item.take("unregistered", list, [])}
        name = item.text("name", subscription_id)
        group = item.text("management_group", found).lower()
        if group not in store.management_groups or store.management_groups[group].tenant != found:
            raise SeedError(f"{item.where}.management_group '{group}' is not one of the subscription's tenant")
        store.subscriptions[subscription_id] = Subscription(subscription_id, name, found, unregistered, group)
        item.done()
    if not store.subscriptions:
        raise SeedError("seed needs at least one of 'subscriptions'")


def _read_groups(seed: Fields, store: Store) -> None:
    for item in seed.each("groups"):
        name = item.text("name")
        given = item.text("subscription", next(iter(store.subscriptions)))
        subscription = store.find_subscription(given)
        if subscription is None:
            raise SeedError(f"{item.where}.subscription '{given}' is not among 'subscriptions'")
        group_id = f"/subscriptions/{subscription.id}/resourceGroups/{name}"
        tags = item.take("tags", dict, {})
        store.groups[group_id.lower()] = Group(group_id, name, item.text("location", "westeurope"), tags)
        item.done()


def _read_locks(seed: Fields, store: Store) -> None:
    for item in seed.each("locks"):
        scope = _scope(item)
        name = item.text("name")
        lock = Lock(scope, name, item.choice("level", _LEVELS, "ReadOnly"), item.text("notes", ""))
        store.locks[f"{scope}/providers/microsoft.authorization/locks/{name}".lower()] = lock
        item.done()


def _read_policies(seed: Fields, store: Store) -> None:
    for item in seed.each("policies"):
        types = item.take("types", list, ["Microsoft.Compute/virtualMachines"])
        store.policies.append(
            Policy(
                name=item.text("name"),
                definition=item.text("definition", "deny-identity-changes"),
                scope=_scope(item),
                types=tuple(str(kind).lower() for kind in types),
            )
        )
        item.done()


def _check_faults(seed: Fields) -> None:
    try:
        Faults().add(seed.take("faults", list, []))
    except FaultError as error:
        raise SeedError(str(error)) from error


def _scope(item: Fields) -> str:
    scope = cast("str", item.text("scope"))
    if not scope.startswith("/subscriptions/") or not parse(scope).subscription:
        raise SeedError(f"{item.where}.scope must be the full ID of a subscription, group or resource, not '{scope}'")
    return scope.rstrip("/")
