# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Whom a program on a machine signs in as when it names no identity."""

from __future__ import annotations

from ._identity import Identity

__all__ = ["default_change"]

_SEVERAL = "an error, since several user-assigned identities are there and none is named"


def _default(identity: Identity) -> tuple[str, str]:
    """A key and the words for what IMDS gives.

    It is the system-assigned identity, else the only user-assigned one, else an error.
    Source: Microsoft's FAQ on managed identities (entra-docs, managed-identities-faq.md).
    """
    if identity.system:
        return "system", "the system-assigned identity"
    if len(identity.user) == 1:
        return identity.user[0].id.key, f"the user-assigned identity {identity.user[0].id.name}"
    return ("several", _SEVERAL) if identity.user else ("none", "")


def default_change(before: Identity, after: Identity) -> str | None:
    """A warning if callers of IMDS that name no identity get another one, or an error, from now on; else None.

    What had no default identity before has no such callers; what has no identity after was meant to have none.
    """
    (was, old), (becomes, new) = _default(before), _default(after)
    if was in ("none", "several") or becomes in ("none", was):
        return None
    return (
        f"Programs on the machine that ask for a token without naming an identity got {old} until now; "
        f"from now on they get {new}. A program that names its identity by client ID is independent of this."
    )
