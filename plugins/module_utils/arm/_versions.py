# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Requests to one resource provider, each with our api-version, and its lists."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from ..core._errors import ArmError
from ._deadline import Deadline

if TYPE_CHECKING:
    from ._client import ArmAnswer, ArmClient

__all__ = ["VersionedClient"]

_SUPPORTED = re.compile(r"supported (?:api-)?versions are '(?P<versions>[^']+)'", re.IGNORECASE)


class VersionedClient:
    """Requests to one resource provider by one api-version, stepped down where a cloud refuses it."""

    def __init__(self, client: ArmClient, version: str, oldest: str) -> None:
        self._client = client
        self._version = version
        self._oldest = oldest

    @property
    def version(self) -> str:
        """The api-version in use."""
        return self._version

    async def request(self, method: str, target: str, deadline: Deadline, **details: Any) -> ArmAnswer:
        """As ArmClient.request; a version that the cloud does not know is replaced once for all requests."""
        try:
            return await self._client.request(method, target, deadline, api_version=self._version, **details)
        except ArmError as error:
            older = self._older_version(error)
            if not older:
                raise
            self._version = older
        return await self._client.request(method, target, deadline, api_version=self._version, **details)

    def _older_version(self, error: ArmError) -> str | None:
        """The newest version that an error lists and that serves us."""
        found = _SUPPORTED.search(error.message) if error.status == 400 else None
        known = [version.strip() for version in found["versions"].split(",")] if found else []
        usable = [version for version in known if self._oldest <= version < self._version and len(version) == 10]
        return max(usable, default=None)

    async def items(
        self, path: str, deadline: Deadline, *, method: str = "GET", query: Mapping[str, str] | None = None
    ) -> AsyncIterator[dict[str, Any]]:
        """The items of a list, page by page.

        :param method: POST for lists that are actions
        """
        answer = await self.request(method, path, deadline, **({"query": query} if query else {}))
        while True:
            for item in answer.body.get("value") or ():
                yield item
            following = answer.body.get("nextLink")
            if not following:
                return
            answer = await self._client.request(method, following, deadline)
