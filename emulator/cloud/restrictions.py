# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Identities that are not for every resource: their isolation scope (a region) and assignment restrictions (providers).

Source: Azure's documentation of both. What the identity service says to an assignment is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..wire.bodies import mapping
from ..wire.errors import ArmError
from .identity_errors import identity_not_for_region, identity_not_for_type
from .model import Holder, UserIdentity
from .store import Store, identity_key

__all__ = ["check_assignable", "has_isolation", "has_restrictions", "read_restrictions"]

_SCOPES = {"none": "None", "regional": "Regional"}
_PROVIDER = re.compile(r"[A-Za-z0-9]+(\.[A-Za-z0-9]+)+(/[A-Za-z0-9]+)*")


def has_isolation(version: str) -> bool:
    """Whether an api-version of the identity service knows `isolationScope`."""
    return version >= "2024-11-30"


def has_restrictions(version: str) -> bool:
    """Whether an api-version of the identity service knows `assignmentRestrictions`."""
    return version >= "2026-05-31" or version == "2025-05-31-preview"


def read_restrictions(found: UserIdentity, properties: Mapping[str, Any], version: str) -> None:
    """Give an identity the scope and the providers of a body; raises ArmError 400.

    What a body does not have, or its api-version does not know, stays as it is.
    """
    scope, providers = found.isolation_scope, found.providers
    given = properties.get("isolationScope")
    if given is not None and has_isolation(version):
        if str(given).lower() not in _SCOPES:
            raise _refused(f"The isolation scope '{given}' is invalid. It must be 'None' or 'Regional'.")
        scope = _SCOPES[str(given).lower()]
    wanted = mapping(properties, "assignmentRestrictions").get("providers")
    if wanted is not None and has_restrictions(version):
        providers = wanted if isinstance(wanted, list) else [wanted]
        for item in providers:
            if not isinstance(item, str) or not _PROVIDER.fullmatch(item):
                raise _refused(f"The provider '{item}' of 'assignmentRestrictions' is invalid.")
    found.isolation_scope, found.providers = scope, providers


def check_assignable(store: Store, named: Sequence[str], holder: Holder) -> None:
    """Raise ArmError 400 FailedIdentityOperation if one of the named identities is not for this VM or scale set."""
    for key in named:
        found = store.identities.get(identity_key(key))
        if found is None:
            continue
        if found.isolation_scope == "Regional" and _plain(found.location) != _plain(holder.location):
            raise identity_not_for_region(holder.id, holder.location, key, found.location)
        allowed = {provider.lower() for provider in found.providers}
        if allowed and not allowed & {holder.kind.lower(), holder.kind.lower().partition("/")[0]}:
            raise identity_not_for_type(holder.id, holder.kind, key, found.providers)


def _plain(location: str) -> str:
    return location.replace(" ", "").lower()


def _refused(message: str) -> ArmError:
    return ArmError(400, "BadRequest", message, gateway=False)
