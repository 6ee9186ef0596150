# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The options that name user-assigned identities on a machine: bare, or by their IDs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core._errors import InvalidInput
from ...core._resource_id import IDENTITY, ResourceId, check_resource_group
from .._naming import full_or_bare

__all__ = ["check_named_identities", "named_identities"]


def check_named_identities(params: Mapping[str, Any]) -> None:
    """See that the options can be right; before any call.

    :raises InvalidInput: they cannot
    """
    for text in params["identities"] or ():
        full_or_bare(text, IDENTITY)
    if params["identity_resource_group"] is not None:
        check_resource_group(params["identity_resource_group"])
    if params["purge_keep"] and not params["purge"]:
        raise InvalidInput("purge_keep says what a purge keeps; it needs purge: true.")


def named_identities(params: Mapping[str, Any], machine: ResourceId) -> tuple[ResourceId, ...]:
    """The identities that the options name; a bare name is in the machine's subscription and by default its group."""
    group = params["identity_resource_group"] or machine.resource_group
    return tuple(
        one if isinstance(one, ResourceId) else ResourceId.build(machine.subscription_id, group, IDENTITY, one)
        for one in (full_or_bare(text, IDENTITY) for text in params["identities"] or ())
    )
