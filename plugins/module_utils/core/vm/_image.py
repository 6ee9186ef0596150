# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Images of VMs: from what a user writes to Azure's reference, and the two compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._errors import InvalidInput
from .._path import check_path, check_segment, shown

__all__ = ["image_reference", "image_text", "is_image"]

_PARTS = ("publisher", "offer", "sku", "version")
# Where an image's ID begins with one of these, another property holds it.
_GALLERIES = {"/communitygalleries/": "communityGalleryImageId", "/sharedgalleries/": "sharedGalleryImageId"}
_IMAGE_ID = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute/(?:images/[^/]+|galleries/[^/]+/images/[^/]+"
    r"(?:/versions/[^/]+)?)|/(?:community|shared)Galleries/[^/]+/images/[^/]+(?:/versions/[^/]+)?",
    re.IGNORECASE,
)
_EXPECTED = (
    "Expected publisher:offer:sku:version, the ID of an image, or a dictionary of publisher, offer, sku and version, "
    "or of id."
)


def image_reference(image: Any) -> dict[str, str]:
    """Azure's imageReference for an image: a URN as text, an ID, or a dictionary of either's parts.

    :raises InvalidInput: it is none of them
    """
    given = _as_dict(image)
    unknown = sorted(set(given) - {*_PARTS, "id"})
    values = {name: str(value).strip() for name, value in given.items() if value is not None}
    if unknown or not values or not all(values.values()):
        raise InvalidInput(f"image is {shown(image)}, which names no image.", remedy=_EXPECTED)
    if "id" in values:
        return _by_id(image, values)
    missing = [name for name in _PARTS[:3] if name not in values]
    if missing:
        raise InvalidInput(f"image lacks {', '.join(missing)}.", remedy=_EXPECTED)
    what = f"of the image {shown(image)}"
    return {name: check_segment(values.get(name, "latest"), f"the {name} {what}", _EXPECTED) for name in _PARTS}


def _as_dict(image: Any) -> Mapping[str, Any]:
    if isinstance(image, Mapping):
        return image
    if not isinstance(image, str):
        return {}
    if image.strip().startswith("/"):
        return {"id": image}
    parts = image.split(":")
    return dict(zip(_PARTS, parts, strict=True)) if len(parts) == len(_PARTS) else {}


def _by_id(image: Any, values: Mapping[str, str]) -> dict[str, str]:
    check_path(values["id"], "the ID of an image", _EXPECTED)
    if len(values) > 1 or not _IMAGE_ID.fullmatch(values["id"]):
        raise InvalidInput(f"image is {shown(image)}, which is not the ID of an image.", remedy=_EXPECTED)
    folded = values["id"].lower()
    name = next((name for start, name in _GALLERIES.items() if folded.startswith(start)), "id")
    return {name: values["id"]}


def image_text(reference: Mapping[str, Any]) -> str:
    """An imageReference in the shortest words: its URN or its ID."""
    if reference.get("publisher"):
        return ":".join(str(reference.get(part) or "") for part in _PARTS)
    return str(next((reference[name] for name in ("id", *_GALLERIES.values()) if reference.get(name)), ""))


def is_image(wanted: Mapping[str, str], found: Mapping[str, Any]) -> bool:
    """Whether a VM was made from an image, compared without case; ``latest`` is any version."""
    if "publisher" not in wanted:
        return image_text(wanted).lower() == image_text(found).lower()
    versions = {str(found.get(name) or "").lower() for name in ("version", "exactVersion")}
    version = wanted["version"].lower()
    return (version == "latest" or version in versions) and all(
        wanted[part].lower() == str(found.get(part) or "").lower() for part in _PARTS[:3]
    )
