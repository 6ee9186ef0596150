# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Scopes of access: where a role, a lock or a right holds, and all that is below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from ._errors import InvalidInput
from ._path import check_path, shown
from ._resource_id import ResourceId, check_resource_group, check_subscription

__all__ = ["Scope"]

_EXPECTED = (
    "Expected /subscriptions/{GUID}, the ID of a resource group or of a resource, "
    "/providers/Microsoft.Management/managementGroups/{name}, or /."
)
_MANAGEMENT_GROUP = re.compile(
    r"(?a:/providers/Microsoft\.Management/managementGroups/)(?P<name>[-\w.()]{1,90})", re.IGNORECASE
)
# No type is called providers: with one way only to read a text, a long one takes no longer than it is.
_SUBSCRIPTION = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)"
    r"(?:/resourceGroups/(?P<group>[^/]+)(?P<resource>(?:/providers/[^/]+(?:/(?!providers/)[^/]+/[^/]+)+)+)?)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Scope:
    """One scope. Two spellings of one scope are equal and have one hash; ``str()`` gives the spelling."""

    text: str = field(compare=False)
    key: str = field(repr=False)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> Scope:
        """Parse a scope: the tenant's root, a management group, a subscription, a resource group, or any resource.

        :raises InvalidInput: if it is none, saying what was expected
        """
        stripped = text.strip()
        parsed = stripped if stripped == "/" else stripped.removesuffix("/")
        if stripped != "/" and not _MANAGEMENT_GROUP.fullmatch(check_path(parsed, "a scope", _EXPECTED)):
            match = _SUBSCRIPTION.fullmatch(parsed)
            if not match:
                raise InvalidInput(f"{shown(text)} is not a scope.", remedy=_EXPECTED)
            check_subscription(match["subscription"])
            if match["group"] is not None:
                check_resource_group(match["group"])
        return cls(parsed, parsed.lower())

    @classmethod
    def of(cls, resource: ResourceId) -> Scope:
        """The scope of a resource."""
        return cls(str(resource), resource.key)

    @classmethod
    def group_of(cls, resource: ResourceId) -> Scope:
        """The scope of a resource's resource group."""
        return cls.parse(f"/subscriptions/{resource.subscription_id}/resourceGroups/{resource.resource_group}")

    @property
    def path(self) -> str:
        """What a URL begins with."""
        return "" if self.text == "/" else self.text

    @cached_property
    def subscription_id(self) -> str | None:
        """The subscription that the scope is, or is in; None for a management group and the root."""
        match = _SUBSCRIPTION.fullmatch(self.text)
        return match["subscription"] if match else None

    @property
    def in_subscription(self) -> Scope | None:
        """The scope of the subscription; None for a management group and the root."""
        return Scope.parse(f"/subscriptions/{self.subscription_id}") if self.subscription_id else None

    @property
    def above(self) -> Scope | None:
        """Of a resource its resource group, of that the subscription; None for others, whose parents no ID tells."""
        match = _SUBSCRIPTION.fullmatch(self.text)
        if not match or match["group"] is None:
            return None
        group = f"/subscriptions/{match['subscription']}/resourceGroups/{match['group']}"
        return Scope.parse(group) if match["resource"] else self.in_subscription

    def covers(self, other: Scope) -> bool:
        """Whether another scope is this one or below it; what is in a management group is not known here."""
        return self.key == "/" or other.key == self.key or other.key.startswith(f"{self.key}/")
