# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of Microsoft.Network's refusals."""

from __future__ import annotations

from ..wire.errors import ArmError

__all__ = ["network_error", "reference_not_found"]


def network_error(code: str, message: str, status: int = 400) -> ArmError:
    """Return an error in Microsoft.Network's form, which has details that are mostly empty."""
    return ArmError(status, code, message, gateway=False, pretty=True, extra={"details": []})


def reference_not_found(wanted: str, referrer: str) -> ArmError:
    """400 for a reference that leads nowhere."""
    return network_error(
        "InvalidResourceReference",
        f"Resource {wanted} referenced by resource {referrer} was not found. Please make sure that the referenced "
        "resource exists, and that both resources are in the same region.",
    )
