# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IDs as templates put them together: a type and the names for its segments."""

from __future__ import annotations

from collections.abc import Sequence

from .expressions import TemplateError

__all__ = ["joined_id"]


def joined_id(prefix: str, kind: str, names: Sequence[str]) -> str:
    """Return the ID of a resource below a prefix, which may be empty; raises TemplateError.

    `kind` is the full type; the namespace of an extension, as in `vm/Microsoft.Authorization/x`, is one of the names.
    """
    namespace, *types = kind.split("/")
    if len(types) != len(names) or not all((namespace, *types, *names)):
        raise TemplateError(
            f"The template resource '{'/'.join(names)}' for type '{kind}' has incorrect segment lengths. A nested "
            "resource type must have identical number of segments as its resource name. A root resource type must have "
            "segment length one greater than its resource name. Please see https://aka.ms/arm-syntax-resources for "
            "usage details"
        )
    pairs = "/".join(f"{kind}/{name}" for kind, name in zip(types, names, strict=True))
    return f"{prefix}/providers/{namespace}/{pairs}"
