# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Requests to one resource provider, each with our api-version, and its lists."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ...core._errors import ArmError
from ...core.wire._page import read_page
from ..net._deadline import Deadline

if TYPE_CHECKING:
    from ._answer import ArmAnswer
    from ._client import ArmClient
    from ._typed import TypedOperation

__all__ = ["VersionedClient"]

_SUPPORTED = re.compile(r"supported (?:api-)?versions are '(?P<versions>[^']+)'", re.IGNORECASE)
_Item = TypeVar("_Item")


def _nothing(answer: ArmAnswer) -> None:
    """Azure says nothing of what it has deleted; whoever does is not Azure."""
    if answer.body is not None:
        raise answer.unexpected("The answer to the deletion is none of Azure's.")


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

    async def request(
        self, method: str, target: str, deadline: Deadline, *, by: TypedOperation | None = None, **details: Any
    ) -> ArmAnswer:
        """As ArmClient.request; a version that the cloud does not know is replaced once for all requests.

        :param by: the operation of one of Microsoft's clients that makes the request; without one it is made here
        """
        send = by.request if by else self._client.request
        try:
            return await send(method, target, deadline, api_version=self._version, **details)
        except ArmError as error:
            older = self._older_version(error)
            if not older:
                raise
            self._version = older
        return await send(method, target, deadline, api_version=self._version, **details)

    def _older_version(self, error: ArmError) -> str | None:
        """The newest version that an error lists and that serves us."""
        found = _SUPPORTED.search(error.said) if error.status == 400 else None
        known = [version.strip() for version in found["versions"].split(",")] if found else []
        usable = [version for version in known if self._oldest <= version < self._version and len(version) == 10]
        return max(usable, default=None)

    async def delete(
        self,
        path: str,
        deadline: Deadline,
        deleted: Callable[[ArmAnswer], Any] = _nothing,
        *,
        by: TypedOperation | None = None,
    ) -> bool:
        """Delete what is at a path; returns whether it was there, by what Azure says.

        :param deleted: reads what a success says of what was deleted; without it, that is nothing
        :param by: as of ``request``
        """
        no_content = 204
        try:
            answer = await self.request("DELETE", path, deadline, by=by)
        except ArmError as error:
            if error.not_there:
                return False
            raise
        if answer.status == no_content:
            return False
        deleted(answer)
        return True

    async def items(
        self,
        path: str,
        deadline: Deadline,
        read: Callable[[Any], _Item],
        *,
        method: str = "GET",
        query: Mapping[str, str] | None = None,
        by: TypedOperation | None = None,
    ) -> AsyncIterator[_Item]:
        """The items of a list, page by page.

        :param read: makes an item of its JSON; raises UnexpectedAnswer if that describes none
        :param method: POST for lists that are actions
        :param by: as of ``request``, for the first page: the others are where Azure says, and nowhere else
        :raises UnexpectedAnswer: a page is none, or names one that there was already; what came before was not all
        """
        action = method == "POST"
        details = {"query": query} if query else {}
        answer = await self.request(method, path, deadline, by=by, reads=action, **details)
        followed = {_place(answer.url)}
        while True:
            items, following = answer.read(read_page)
            for item in items:
                yield answer.read(read, part=item)
            if not following:
                return
            if _place(following) in followed:
                raise answer.unexpected("The list does not end: it names a page again that it had named before.")
            followed.add(_place(following))
            answer = await self._client.request(method, following, deadline, reads=action)


def _place(url: str) -> tuple[str, str]:
    """Where a page is, whatever its host is called; text that is no URL is a place of its own."""
    path, _mark, query = (url.partition("://")[2].partition("/")[2] or url).partition("?")
    return path.lower(), "&".join(sorted(query.split("&")))
