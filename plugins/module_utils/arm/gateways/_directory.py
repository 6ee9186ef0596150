# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The tenant's directory, asked by Microsoft Graph which principals there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ...core.wire._page import read_page
from ...core.wire._shape import Needed, shaped
from ..net._deadline import Deadline

if TYPE_CHECKING:
    from ..pipeline._client import ArmClient

__all__ = ["Directory"]

# Source of the path, of the types and of the limit: learn.microsoft.com, graph/api/directoryobject-getbyids. The type
# directoryObject does not stand for all of them, other than documented there.
_PATH = "/v1.0/directoryObjects/getByIds"
_MOST_IDS = 1000
_PRINCIPAL = Needed({"id": Needed(str)})
_TYPES = ["user", "group", "servicePrincipal", "device", "directoryObjectPartnerReference"]


class Directory:
    """Microsoft Graph, as far as principals go.

    :param client: one whose endpoint is that of Microsoft Graph
    """

    def __init__(self, client: ArmClient) -> None:
        self._client = client

    async def known(self, principals: Iterable[str], deadline: Deadline) -> set[str]:
        """Those of some principal IDs, in lower case, that the directory knows, of whatever kind they are.

        The caller needs the permission Directory.Read.All; raises what ArmClient.request raises.
        """
        wanted = sorted({principal.lower() for principal in principals})
        found: set[str] = set()
        for start in range(0, len(wanted), _MOST_IDS):
            body = {"ids": wanted[start : start + _MOST_IDS], "types": _TYPES}
            answer = await self._client.request("POST", _PATH, deadline, body=body, reads=True)
            said, more = answer.read(_page_of_principals)
            # Whoever is not in an answer counts as gone: one about others, or about some only, must not count.
            if more or not said <= set(wanted):
                raise answer.unexpected("The answer is not about the principals that were asked for, and them alone.")
            found |= said
        return found


def _page_of_principals(body: Any) -> tuple[set[str], str | None]:
    items, more = read_page(body)
    return {shaped(item, _PRINCIPAL)["id"].lower() for item in items}, more
