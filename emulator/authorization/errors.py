# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The refusals of Microsoft.Authorization, as recorded or as users report them. GUIDs in texts have no dashes."""

from __future__ import annotations

from ..wire.errors import ArmError

__all__ = [
    "assignment_exists",
    "assignment_not_found",
    "bad_format",
    "not_a_guid",
    "principal_not_found",
    "principal_not_valid",
    "role_in_use",
    "role_name_taken",
    "role_not_found",
    "unmatched_kind",
    "unsupported_filter",
    "update_not_permitted",
]


def _refused(status: int, code: str, message: str) -> ArmError:
    return ArmError(status, code, message, gateway=False)


def principal_not_found(principal: str, tenant: str) -> ArmError:
    """Recorded 400: the directory does not know the principal, or not yet. The two blanks are Azure's."""
    return _refused(
        400,
        "PrincipalNotFound",
        f"Principal {principal.replace('-', '')} does not exist in the directory {tenant}. Check that you have the "
        "correct principal ID. If you are creating this principal and then immediately assigning a role, this error "
        "might be related to a replication delay. In this case, set the role assignment principalType property to a "
        "value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
    )


def assignment_exists() -> ArmError:
    """Recorded 409: the principal has the role at the scope under another name."""
    return _refused(409, "RoleAssignmentExists", "The role assignment already exists.")


def update_not_permitted() -> ArmError:
    """Recorded 400: the name stands for another principal, role or scope."""
    return _refused(
        400,
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    )


def assignment_not_found(name: str) -> ArmError:
    """404 of a single assignment."""
    return _refused(404, "RoleAssignmentNotFound", f"The role assignment '{name}' is not found.")


def role_not_found(name: str, status: int = 404) -> ArmError:
    """404 of a single role, 400 for an assignment of it."""
    text = name.replace("-", "")
    return _refused(
        status, "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{text}' does not exist."
    )


def not_a_guid(kind: str, name: str) -> ArmError:
    """400 for a name; `kind` is `role assignment` or `role definition`."""
    code = f"Invalid{kind.title().replace(' ', '')}Id"
    return _refused(400, code, f"The {kind} ID '{name}' is not valid. The {kind} ID must be a GUID.")


def principal_not_valid(principal: str) -> ArmError:
    """400: the principal ID is not a GUID."""
    return _refused(
        400, "InvalidPrincipalId", f"The Principal ID '{principal}' is not valid. Principal ID must be a GUID."
    )


def unmatched_kind(principal: str, actual: str, given: str) -> ArmError:
    """400: the principal has another type. The misspelling is Azure's."""
    text = principal.replace("-", "")
    return _refused(
        400,
        "UnmatchedPrincipalType",
        f"The PrincipalId '{text}' has type '{actual}' , which is different from specified PrinciaplType '{given}'.",
    )


def role_name_taken() -> ArmError:
    """409: another custom role has the name."""
    return _refused(
        409,
        "RoleDefinitionWithSameNameExists",
        "A custom role with the same name already exists in this directory. Use a different name",
    )


def role_in_use() -> ArmError:
    """400: a role that is assigned cannot be deleted."""
    return _refused(
        400, "RoleDefinitionHasAssignments", "There are existing role assignments referencing role definition."
    )


def bad_format() -> ArmError:
    """400: the body lacks what it needs."""
    return _refused(400, "BadRequestFormat", "The request was incorrectly formatted.")


def unsupported_filter(text: str) -> ArmError:
    """400 for a filter that the emulator does not know; Azure's words for it are not known."""
    return _refused(400, "BadRequest", f"The filter '{text}' is not supported.")
