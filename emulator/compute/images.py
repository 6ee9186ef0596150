# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform images that VMs can be made from."""

from __future__ import annotations

from typing import Any

__all__ = ["IMAGES", "with_exact_version"]

_UBUNTU, _WINDOWS = ("24.04.202601120", "24.04.202602050"), ("20348.4529.251206", "20348.4648.260107")
IMAGES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("canonical", "ubuntu-24_04-lts", "server"): _UBUNTU,
    ("canonical", "ubuntu-24_04-lts", "minimal"): _UBUNTU,
    ("canonical", "0001-com-ubuntu-server-jammy", "22_04-lts"): ("22.04.202601080",),
    ("canonical", "0001-com-ubuntu-server-jammy", "22_04-lts-gen2"): ("22.04.202601080",),
    ("canonical", "ubuntuserver", "18.04-lts"): ("18.04.202401161",),
    ("canonical", "ubuntuserver", "16.04.0-lts"): ("16.04.202009220",),
    ("debian", "debian-10", "10"): ("0.20230222.1299",),
    ("debian", "debian-12", "12"): ("0.20260112.2348",),
    ("debian", "debian-12", "12-gen2"): ("0.20260112.2348",),
    ("redhat", "rhel", "9-lvm-gen2"): ("9.7.2026011018",),
    ("microsoftwindowsserver", "windowsserver", "2022-datacenter-azure-edition"): _WINDOWS,
    ("microsoftwindowsserver", "windowsserver", "2022-datacenter"): _WINDOWS,
    ("microsoftwindowsserver", "windowsserver", "2022-datacenter-g2"): _WINDOWS,
    ("microsoftwindowsserver", "windowsserver", "2019-datacenter"): ("17763.8146.251206",),
}


def with_exact_version(image: Any) -> Any:
    """Return the reference to an image with the version that `latest` stands for, if it is a platform image."""
    if not isinstance(image, dict):
        return image
    versions = IMAGES.get(tuple(str(image.get(part)).lower() for part in ("publisher", "offer", "sku")))
    if versions is None:
        return image
    given = str(image.get("version") or "latest").lower()
    return {**image, "exactVersion": versions[-1] if given == "latest" else given}
