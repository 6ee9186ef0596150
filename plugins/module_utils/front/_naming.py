# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Resources that options name: by a full resource ID, or by a bare name in a group."""

from __future__ import annotations

from ..core._errors import InvalidInput
from ..core._resource_id import ResourceId, ResourceKind, check_resource_group
from ._operation import Call

__all__ = ["full_or_bare", "named"]


def full_or_bare(text: str, kind: ResourceKind) -> ResourceId | str:
    """A full resource ID of a kind, or a bare name that is one of that kind; needs no call.

    :raises InvalidInput: it is neither
    """
    return ResourceId.parse(text, kind) if "/" in text else kind.check_name(text.strip())


async def named(call: Call, text: str, kind: ResourceKind, resource_group: str | None) -> ResourceId:
    """The ID of a resource; a full ID brings its own subscription and group.

    :param resource_group: where a bare name is
    :raises InvalidInput: it is neither an ID nor a name, or a bare name without a group; before any call
    :raises AccessError: no subscription is known
    """
    given = full_or_bare(text, kind)
    if isinstance(given, ResourceId):
        return given
    if resource_group is None:
        raise InvalidInput(f"{given!r} is a bare name.", remedy="Name its resource group, too, or give the full ID.")
    check_resource_group(resource_group)
    return ResourceId.build(await call.subscription_id(), resource_group, kind, given)
