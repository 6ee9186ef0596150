# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a federated credential must be, and Azure's words if it is not.

Source: Azure's documentation of workload identity federation. The texts for the 21st credential and for long fields
are not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..cloud.model import FederatedCredential
from ..wire.errors import ArmError

__all__ = ["check_name", "check_others", "not_enabled", "read", "written_concurrently"]

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}")
_MOST = 20
_LONGEST = 600


def check_name(name: str) -> None:
    """Raise ArmError 400 unless a name has 3 to 120 letters, digits, dashes and underscores."""
    if not _NAME.fullmatch(name):
        raise _invalid(f"Federated Identity Credential name '{name}' is invalid.")


def read(properties: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Return issuer, subject and audiences of a body; raises ArmError 400."""
    issuer, subject, audiences = (properties.get(name) for name in ("issuer", "subject", "audiences"))
    if not issuer or not subject or audiences is None:
        raise _invalid("Federated Identity Credential from HTTP body has empty properties")
    if not isinstance(audiences, list) or len(audiences) != 1:
        raise _invalid("Federated identity credentials must have exactly one audience.")
    for name, value in (("issuer", issuer), ("subject", subject), ("audiences", audiences[0])):
        if not isinstance(value, str) or not value or len(value) > _LONGEST:
            raise _invalid(f"Federated Identity Credential property '{name}' is invalid.")
    return issuer, subject, tuple(audiences)


def check_others(credential: FederatedCredential, others: Sequence[FederatedCredential]) -> None:
    """Raise ArmError 400 if a credential cannot be beside the other ones of its identity."""
    if any((item.issuer, item.subject) == (credential.issuer, credential.subject) for item in others):
        raise _invalid("Issuer and subject combination already exists for this Managed Identity.")
    if len(others) >= _MOST:
        raise _invalid(f"Too many federated identity credentials. A managed identity can have at most {_MOST} of them.")


def not_enabled() -> ArmError:
    """405 of Azure's documentation for an identity in a region that has no federated credentials; the code is ours."""
    message = "The request format was unexpected: Support for federated identity credentials not enabled."
    return ArmError(405, "MethodNotAllowed", message, gateway=False)


def written_concurrently(identity_id: str) -> ArmError:
    """409 as users report it: another write to a credential of the identity is going on."""
    return ArmError(
        409,
        "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        "Too many Federated Identity Credentials are written concurrently for the managed identity "
        f"'{identity_id}'. Concurrent Federated Identity Credentials writes under the same managed identity are not "
        "supported.",
        gateway=False,
    )


def _invalid(message: str) -> ArmError:
    return ArmError(400, "BadRequest", message, gateway=False)
