# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The refusals of an `identity` block, byte for byte as recorded (the misspelling is Azure's)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ..wire.errors import ArmError

__all__ = [
    "identity_failed",
    "identity_ids_deprecated",
    "identity_not_for_region",
    "identity_not_for_type",
    "identity_not_found",
    "identity_slot_taken",
    "invalid_property_id",
    "invalid_value",
    "map_not_allowed",
    "missing_ids",
    "no_system_identity",
    "removal_of_all",
    "too_many",
]


def missing_ids() -> ArmError:
    """The type says UserAssigned and no identity is named or kept."""
    return ArmError(
        400, "MissingIdentityIds", "The identity ids must not be null or empty for 'UserAssigned' identity type."
    )


def invalid_property_id(key: str, path: str = "") -> ArmError:
    """A key of the map, which has no path, or another property is not a full resource ID."""
    return ArmError(
        400,
        "LinkedInvalidPropertyId",
        f"Property id '{key}' at path '{path}' is invalid. Expect fully qualified resource Id that start with "
        "'/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.",
    )


def invalid_value(key: str) -> ArmError:
    """A value of the map is neither empty, null nor what the resource has. ARM cuts the key at its first dot."""
    return ArmError(
        400,
        "InvalidIdentityValues",
        f"Invalid value for the identities '{key.split('.')[0]}'. The 'UserAssignedIdentities' property keys should "
        "only be empty json objects, null or the resource exisiting property.",
    )


def map_not_allowed(kind: str) -> ArmError:
    """A map was given with a type that has no user-assigned identities."""
    return ArmError(
        400,
        "InvalidParameter",
        f'ResourceIdentity identityIds should not be provided if the type is "{kind}".',
        gateway=False,
        pretty=True,
        extra={"target": "resourceIdentity.identityIds"},
    )


def identity_ids_deprecated() -> ArmError:
    """The list of the API of 2017-12-01 was given to a later one."""
    return ArmError(
        400,
        "InvalidParameter",
        "ResourceIdentity property identityIds is deprecated. "
        "The userAssignedIdentities property should be used instead.",
        gateway=False,
        pretty=True,
        extra={"target": "resourceIdentity.identityIds"},
    )


def no_system_identity(kind: str) -> ArmError:
    """A flexible scale set was to get a system-assigned identity; as users report it (Azure/azure-powershell#25378)."""
    return ArmError(
        400,
        "InvalidParameter",
        f"The value '{kind}' of parameter 'identity' is not allowed. Allowed values are: UserAssigned, None.",
        gateway=False,
        pretty=True,
        extra={"target": "identity"},
    )


def identity_failed(resource_id: str, status: str, message: str, http_status: int = 400) -> ArmError:
    """FailedIdentityOperation: the managed identity service's own error as text inside ARM's."""
    inner = json.dumps({"error": {"code": status, "message": message}}, separators=(",", ":"), ensure_ascii=False)
    return ArmError(
        http_status,
        "FailedIdentityOperation",
        f"Identity operation for resource '{resource_id}' failed with error 'Failed to perform resource identity "
        f"operation. Status: '{status}'. Response: '{inner}'.'.",
    )


def identity_not_found(resource_id: str, identity_id: str) -> ArmError:
    """A named identity does not exist."""
    return identity_failed(resource_id, "BadRequest", f"Resource '{_inner(identity_id)}' was not found.")


def identity_not_for_region(resource_id: str, location: str, identity_id: str, home: str) -> ArmError:
    """An identity with the isolation scope Regional is named in another region. Azure's words are not known."""
    return identity_failed(
        resource_id,
        "BadRequest",
        f"Identity '{_inner(identity_id)}' in '{home}' has the isolation scope 'Regional' and cannot be assigned to a "
        f"resource in '{location}'.",
    )


def identity_not_for_type(resource_id: str, kind: str, identity_id: str, providers: Sequence[str]) -> ArmError:
    """An identity that is restricted to other resource providers is named. Azure's words are not known."""
    return identity_failed(
        resource_id,
        "BadRequest",
        f"Identity '{_inner(identity_id)}' is restricted to '{','.join(providers)}' and cannot be assigned to a "
        f"resource of type '{kind}'.",
    )


def too_many(resource_id: str, number: int, limit: int) -> ArmError:
    """More identities are named than one request may, as users report it (Azure/bicep#16559); removals count, too."""
    return identity_failed(
        resource_id,
        "BadRequest",
        f"User Assigned Identities Number '{number}' Assign exceed limit '{limit}' in one request.",
    )


def removal_of_all(resource_id: str, kind: str) -> ArmError:
    """Nulls would remove the last user-assigned identity while the type keeps UserAssigned."""
    return identity_failed(
        resource_id,
        "BadRequest",
        f"Removal of all user-assigned identities assigned to resource '{_inner(resource_id)}' with type '{kind}' "
        "is invalid.",
    )


def identity_slot_taken(resource_id: str) -> ArmError:
    """409 right after the system identity was disabled: the service has not let go of the old one yet."""
    return identity_failed(
        resource_id,
        "Conflict",
        f"Request specified that resource '{_inner(resource_id)}' is new, but resource already exists. "
        "This may be due to a pending delete operation, try again later.",
        409,
    )


def _inner(resource_id: str) -> str:
    """The identity service spells this one segment in lower case."""
    return re.sub("/resourcegroups/", "/resourcegroups/", resource_id, count=1, flags=re.IGNORECASE)
