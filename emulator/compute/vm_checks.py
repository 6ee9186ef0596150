# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Compute checks when a VM is created: image, size, quota, and how one can log in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cloud.model import Vm
from ..request.call import Call
from ..wire.bodies import mapping
from ..wire.errors import ArmError
from .catalog import SIZES, cores_in_use
from .images import IMAGES

__all__ = ["check_image", "check_login", "check_size", "without_secrets"]

_SECRETS = ("adminPassword", "customData")
_FORBIDDEN = frozenset(["admin", "administrator", "root", "guest", "test", "user", "sys", "console", "owner"])
_PASSWORD = (
    "The supplied password must be between 6-72 characters long and must satisfy at least 3 of password complexity "
    "requirements from the following:\r\n1) Contains an uppercase character\r\n2) Contains a lowercase character\r\n"
    "3) Contains a numeric digit\r\n4) Contains a special character\r\n5) Control characters are not allowed"
)


def check_image(properties: Mapping[str, Any]) -> None:
    """Raise ArmError 404 PlatformImageNotFound for a platform image that the catalog does not have."""
    image = mapping(mapping(properties, "storageProfile"), "imageReference")
    if "publisher" not in image:
        return
    name = [str(image.get(part) or "") for part in ("publisher", "offer", "sku", "version")]
    versions = IMAGES.get(tuple(part.lower() for part in name[:3]))
    if versions is None or name[3].lower() not in ("latest", *versions):
        raise _compute(
            404,
            "PlatformImageNotFound",
            f"The platform image '{':'.join(name)}' is not available. Verify that all fields in the storage profile "
            "are correct. For more details about storage profile information, please refer to "
            "https://aka.ms/storageprofile",
            "imageReference",
        )


def check_size(call: Call, location: str, properties: Mapping[str, Any], vm: Vm | None) -> None:
    """Raise ArmError for a size that is unknown (400), not available here or over the quota of cores (409)."""
    size = mapping(properties, "hardwareProfile").get("vmSize")
    old = None if vm is None else mapping(vm.body["properties"], "hardwareProfile").get("vmSize")
    if not isinstance(size, str) or size == old:
        return
    cores = SIZES.get(size.lower())
    if cores is None:
        raise _compute(400, "InvalidParameter", f"The value {size} provided for the VM size is not valid.", "vmSize")
    if size.lower() in (item.lower() for item in call.settings.unavailable_sizes):
        raise _compute(
            409,
            "SkuNotAvailable",
            f"The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: {size}' is "
            f"currently not available in location '{location}'. Please try another size or deploy to a different "
            "location or different zone. See https://aka.ms/azureskunotavailable for details.",
        )
    _check_quota(call, location, cores - SIZES.get(str(old).lower(), 0))


def check_login(properties: Mapping[str, Any]) -> None:
    """Raise ArmError 400 InvalidParameter for a forbidden name, a weak password, or no way to log in at all."""
    profile = mapping(properties, "osProfile")
    if str(profile.get("adminUsername") or "").lower() in _FORBIDDEN:
        raise _compute(400, "InvalidParameter", "The Admin Username specified is not allowed.", "adminUsername")
    password = profile.get("adminPassword")
    if password is not None and not _strong(str(password)):
        raise _compute(400, "InvalidParameter", _PASSWORD, "adminPassword")
    linux = mapping(profile, "linuxConfiguration")
    if linux.get("disablePasswordAuthentication") is True and not mapping(linux, "ssh").get("publicKeys"):
        message = "Authentication using either SSH or by user name and password must be enabled in Linux profile. "
        message += "For more information, see https://aka.ms/aboutlinuxprofile"
        raise _compute(400, "InvalidParameter", message, "linuxConfiguration")


def without_secrets(body: dict[str, Any]) -> dict[str, Any]:
    """Return a VM's body without what Compute never shows again."""
    profile = body["properties"].get("osProfile")
    if not isinstance(profile, dict) or not any(name in profile for name in _SECRETS):
        return body
    kept = {name: value for name, value in profile.items() if name not in _SECRETS}
    return {**body, "properties": {**body["properties"], "osProfile": kept}}


def _check_quota(call: Call, location: str, more: int) -> None:
    quota = call.settings.cores_quota
    used = cores_in_use(call.store, call.path.subscription, location)
    if quota is None or used + more <= quota:
        return
    raise _compute(
        409,
        "OperationNotAllowed",
        "Operation could not be completed as it results in exceeding approved Total Regional Cores quota. Additional "
        f"details - Deployment Model: Resource Manager, Location: {location}, Current Limit: {quota}, Current Usage: "
        f"{used}, Additional Required: {more}, (Minimum) New Limit Required: {used + more}. Setup Alerts when Quota "
        "reaches threshold. Learn more at https://aka.ms/quotamonitoringalerting .",
    )


def _strong(password: str) -> bool:
    kinds = (str.isupper, str.islower, str.isdigit, lambda letter: not letter.isalnum())
    met = sum(any(kind(letter) for letter in password) for kind in kinds)
    return 6 <= len(password) <= 72 and met >= 3 and password.isprintable()


def _compute(status: int, code: str, message: str, target: str = "") -> ArmError:
    return ArmError(status, code, message, gateway=False, pretty=True, extra={"target": target} if target else None)
