# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. ARM resource IDs: parsed, built, compared without case, shown as they were spelt."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ._errors import InvalidInput
from ._path import check_path, check_segment, shown

__all__ = [
    "GUID",
    "IDENTITY",
    "SCALE_SET",
    "VIRTUAL_MACHINE",
    "ResourceId",
    "ResourceKind",
    "check_resource_group",
    "check_subscription",
]

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_RESOURCE_GROUP = re.compile(r"[-\w.()]{0,89}[-\w()]")
_SHAPE = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)/providers/(?P<type>[^/]+/[^/]+)/(?P<name>[^/]+)",
    # Without ASCII, a long s counts as an s.
    re.IGNORECASE | re.ASCII,
)
_MEND = "Correct the name."


@dataclass(frozen=True)
class ResourceKind:
    """A kind of resource: its ARM type, its name in messages, and what its names look like."""

    type: str
    label: str
    names: re.Pattern[str]
    name_rule: str

    def check_name(self, name: str) -> str:
        """Return ``name``, or raise InvalidInput that says what a name of this kind looks like."""
        if not self.names.fullmatch(name):
            raise InvalidInput(f"{shown(name)} is not the name of a {self.label}: {self.name_rule}.", remedy=_MEND)
        # Most rules say what a name must not hold, and not all of that.
        return check_segment(name, f"the name of a {self.label}")


# Names: Azure's naming rules (learn.microsoft.com, azure-resource-manager/management/resource-name-rules).
_COMPUTE_NAME = re.compile(r"[^\s_\\/\"'\[\]:|<>+=;,?*@&#%.][^\s\\/\"'\[\]:|<>+=;,?*@&#%]{0,63}(?<![.-])")
_COMPUTE_RULE = (
    "1 to 64 characters, no blanks and none of \\/\"'[]:|<>+=;,?*@&#%, "
    "not starting with _ or . and not ending with . or -"
)
VIRTUAL_MACHINE = ResourceKind("Microsoft.Compute/virtualMachines", "virtual machine", _COMPUTE_NAME, _COMPUTE_RULE)
SCALE_SET = ResourceKind("Microsoft.Compute/virtualMachineScaleSets", "scale set", _COMPUTE_NAME, _COMPUTE_RULE)
IDENTITY = ResourceKind(
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "user-assigned identity",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}"),
    "3 to 128 letters, digits, - or _, starting with a letter or digit",
)


def check_resource_group(name: str) -> str:
    """Return ``name``, or raise InvalidInput that says what the name of a resource group looks like."""
    if not _RESOURCE_GROUP.fullmatch(name):
        raise InvalidInput(
            f"{shown(name)} is not the name of a resource group: "
            "1 to 90 letters, digits, -, _, ., ( or ), not ending with a dot.",
            remedy=_MEND,
        )
    return name


def check_subscription(subscription_id: str) -> str:
    """Return ``subscription_id``, or raise InvalidInput if it is no GUID."""
    if not GUID.fullmatch(subscription_id):
        raise InvalidInput(f"{shown(subscription_id)} is not a subscription ID.", remedy="Expected a GUID.")
    return subscription_id


@dataclass(frozen=True)
class ResourceId:
    """The ID of one resource. Two spellings of one ID are equal and have one hash; ``str()`` gives the spelling.

    ARM compares IDs without case, and its own services spell one ID in several ways. They are folded by
    ``lower()`` and not by ``casefold()``, which would make one group of ``straße`` and ``strasse``.
    """

    text: str = field(compare=False)
    subscription_id: str = field(compare=False)
    resource_group: str = field(compare=False)
    type: str = field(compare=False)
    name: str = field(compare=False)
    key: str = field(repr=False)

    def __str__(self) -> str:
        return self.text

    def to_result(self) -> dict[str, Any]:
        """What results say of a resource by its ID alone."""
        return {
            "id": self.text,
            "name": self.name,
            "resource_group": self.resource_group,
            "subscription_id": self.subscription_id,
        }

    @classmethod
    def parse(cls, text: str, kind: ResourceKind | None = None) -> ResourceId:
        """Parse a full resource ID; with ``kind``, one of that kind.

        :raises InvalidInput: if it is not one, saying what was expected
        """
        wanted = kind.type if kind else "{namespace}/{type}"
        shape = f"/subscriptions/{{GUID}}/resourceGroups/{{group}}/providers/{wanted}/{{name}}"
        parsed = check_path(text.strip(), "a resource ID", f"Expected {shape}.")
        match = _SHAPE.fullmatch(parsed)
        problem = ""
        if not match:
            problem = "is not a resource ID"
        elif not GUID.fullmatch(match["subscription"]):
            problem = f"names a subscription that is not a GUID: {shown(match['subscription'])}"
        elif not _RESOURCE_GROUP.fullmatch(match["group"]):
            problem = f"names an impossible resource group: {shown(match['group'])}"
        elif kind and match["type"].lower() != kind.type.lower():
            problem = f"is the ID of a {match['type']}, not of a {kind.label}"
        if problem or not match:
            raise InvalidInput(f"{shown(text)} {problem}.", remedy=f"Expected {shape}.")
        if kind:
            kind.check_name(match["name"])
        return cls(parsed, match["subscription"], match["group"], match["type"], match["name"], parsed.lower())

    @classmethod
    def build(cls, subscription_id: str, resource_group: str, kind: ResourceKind, name: str) -> ResourceId:
        """Build the ID of a resource of a kind from its parts.

        :raises InvalidInput: if a part cannot be right
        """
        check_subscription(subscription_id)
        check_resource_group(resource_group)
        kind.check_name(name)
        return cls.parse(
            f"/subscriptions/{subscription_id}/resourceGroups/{resource_group}/providers/{kind.type}/{name}", kind
        )
