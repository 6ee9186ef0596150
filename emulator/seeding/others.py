# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The `others` of a seed: resources of types that the emulator does not serve, which have user-assigned identities."""

from __future__ import annotations

import re

from ..base.fields import Fields, SeedError
from ..cloud.model import Resource
from ..cloud.store import Store
from .machines import find_group

__all__ = ["read_others"]

_TYPE = re.compile(r"[A-Za-z0-9.]+/[A-Za-z0-9]+")
_IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"


def read_others(seed: Fields, store: Store) -> None:
    """Add them; raises SeedError."""
    for item in seed.each("others"):
        group = find_group(item, store)
        kind, name = item.text("type"), item.text("name")
        if not _TYPE.fullmatch(kind):
            raise SeedError(f"{item.where}.type '{kind}' is not one like Microsoft.Web/sites")
        users = {}
        for entry in item.take("user_identities", list, []):
            key = entry if str(entry).startswith("/") else f"{group.id}/providers/{_IDENTITY}/{entry}"
            ids = store.identity_ids(key)
            if ids is None:
                raise SeedError(f"{item.where}.user_identities '{key}' is not among 'identities'")
            users[key] = ids
        body = {
            "location": item.text("location", group.location),
            "tags": item.take("tags", dict, {}),
            "properties": {},
        }
        identity = {"type": "UserAssigned", "userAssignedIdentities": users} if users else None
        other = Resource(f"{group.id}/providers/{kind}/{name}", name, kind, {**body, "identity": identity})
        store.others[other.id.lower()] = other
        item.done()
