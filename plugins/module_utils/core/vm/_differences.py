# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What an existing VM has otherwise than a task says. Secrets are never compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._resource_id import ResourceId
from ._image import image_reference, image_text, is_image
from ._new_vm import interfaces_of, luns_of, tags_of
from ._parts import interface_ids

__all__ = ["Difference", "differences"]

Options = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """An option that an existing VM is not in line with.

    :param wanted: what the option says
    :param found: what Azure says; None if it has none
    """

    option: str
    wanted: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.option} is {self.found!r} instead of {self.wanted!r}"

    def to_result(self) -> dict[str, Any]:
        """The item of ``differences`` in results."""
        return {"option": self.option, "wanted": self.wanted, "found": self.found}


def differences(options: Options, body: Mapping[str, Any]) -> list[Difference]:
    """All options that are set and that the VM is not in line with.

    Not among them is what a VM's description does not tell: the password, custom data, and what belongs to its network
    interfaces (subnet, security group, public IP address).

    :param body: the VM as Azure describes it
    """
    return [item for compare in _COMPARISONS for item in compare(options, body)]


def _inner(body: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """What is deep in a body; an empty mapping if it is not there."""
    for name in path:
        body = body.get(name) or {}
    return body


def _same(wanted: Any, found: Any) -> bool:
    """Texts are compared without case: sizes, regions and the like have no other."""
    if isinstance(wanted, str) and isinstance(found, str):
        return wanted.lower() == found.lower()
    return bool(wanted == found)


def _simple(options: Options, body: Mapping[str, Any]) -> Iterator[Difference]:
    """Options that one property holds; one that Azure does not tell is no difference."""
    properties = _inner(body, "properties")
    system, storage = _inner(properties, "osProfile"), _inner(properties, "storageProfile")
    security = _inner(properties, "securityProfile")
    secure = _inner(security, "uefiSettings")
    location = (options.get("location") or "").replace(" ", "") or None
    for name, wanted, found in (
        ("location", location, body.get("location")),
        ("size", options.get("size"), _inner(properties, "hardwareProfile").get("vmSize")),
        ("admin_username", options.get("admin_username"), system.get("adminUsername")),
        ("computer_name", options.get("computer_name"), system.get("computerName")),
        ("os_type", options.get("os_type"), _inner(storage, "osDisk").get("osType")),
        ("license_type", options.get("license_type"), properties.get("licenseType") or "None"),
        ("security_type", options.get("security_type"), security.get("securityType") or "Standard"),
        ("secure_boot", options.get("secure_boot"), bool(secure.get("secureBootEnabled"))),
        ("vtpm", options.get("vtpm"), bool(secure.get("vTpmEnabled"))),
        ("zone", options.get("zone"), next(iter(body.get("zones") or ()), "none")),
    ):
        if wanted is not None and found is not None and not _same(wanted, found):
            yield Difference(name, wanted, found)


def _image(options: Options, body: Mapping[str, Any]) -> Iterator[Difference]:
    found = _inner(body, "properties", "storageProfile", "imageReference")
    wanted = image_reference(options["image"]) if options.get("image") is not None else None
    # A VM that was made from a disk has no image.
    if wanted and not is_image(wanted, found):
        yield Difference("image", image_text(wanted), image_text(found) or None)


def _plan(options: Options, body: Mapping[str, Any]) -> Iterator[Difference]:
    wanted, found = options.get("plan"), _inner(body, "plan")
    if wanted and not all(_same(wanted[name], found.get(name)) for name in ("name", "product", "publisher")):
        yield Difference("plan", dict(wanted), dict(found) or None)


def _keys(options: Options, body: Mapping[str, Any]) -> Iterator[Difference]:
    wanted = [key.strip() for key in options.get("ssh_public_keys") or ()]
    linux = _inner(body, "properties", "osProfile", "linuxConfiguration", "ssh")
    found = [str(item.get("keyData") or "").strip() for item in linux.get("publicKeys") or ()]
    if wanted and set(wanted) != set(found):
        yield Difference("ssh_public_keys", wanted, found)


def _disks(options: Options, body: Mapping[str, Any]) -> Iterator[Difference]:
    storage = _inner(body, "properties", "storageProfile")
    yield from _disk("os_disk", options.get("os_disk") or {}, _inner(storage, "osDisk"))
    there = {disk.get("lun"): disk for disk in storage.get("dataDisks") or ()}
    disks = options.get("data_disks") or []
    for lun, disk in zip(luns_of(disks), disks, strict=True):
        if lun in there:
            yield from _disk(f"data_disks[lun {lun}]", disk, there[lun])
        else:
            yield Difference(f"data_disks[lun {lun}]", f"{disk.get('size_gb')} GB", None)


def _disk(name: str, wanted: Options, found: Mapping[str, Any]) -> Iterator[Difference]:
    keeps = found.get("deleteOption")
    for option, value in (
        ("type", _inner(found, "managedDisk").get("storageAccountType")),
        ("size_gb", found.get("diskSizeGB")),
        ("caching", found.get("caching")),
        ("delete_with_vm", None if keeps is None else keeps == "Delete"),
    ):
        if wanted.get(option) is not None and value is not None and not _same(wanted[option], value):
            yield Difference(f"{name}.{option}", wanted[option], value)


def _tags(options: Options, body: Mapping[str, Any]) -> Iterator[Difference]:
    """Tags that the options name; others on the VM may be anybody's. Azure compares their names without case."""
    there = {name.lower(): value for name, value in (body.get("tags") or {}).items()}
    for name, wanted in tags_of(options).items():
        if there.get(name.lower()) != wanted:
            yield Difference(f"tags.{name}", wanted, there.get(name.lower()))


def _interfaces(options: Options, body: Mapping[str, Any]) -> Iterator[Difference]:
    found = interface_ids(body)
    wanted = [str(one) for one in interfaces_of(options, ResourceId.parse(body["id"]))]
    if wanted and {one.lower() for one in wanted} != {one.lower() for one in found}:
        yield Difference("network_interfaces", wanted, found)


_COMPARISONS: tuple[Callable[[Options, Mapping[str, Any]], Iterator[Difference]], ...] = (
    _simple,
    _image,
    _plan,
    _keys,
    _disks,
    _tags,
    _interfaces,
)
