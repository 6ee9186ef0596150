# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a row of the table of routes says."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..wire.answers import Answer
from .call import Call

__all__ = ["Route"]


class Route(NamedTuple):
    """What answers a request.

    `action` is the right it takes: on the path itself, or for a `listing` anywhere below it; empty takes none.
    `versions` is the key of its api-versions, `kind` the name of its type in texts (empty: a resource of ARM itself).
    """

    handler: Callable[[Call], Answer]
    action: str
    versions: str
    kind: str = ""
    listing: bool = False
