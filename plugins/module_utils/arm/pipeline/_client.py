# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. One request to Azure Resource Manager: raw JSON out, raw JSON or a typed error back."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from ...core._errors import ArmError, ConnectionFailed, ManagedIdentityError
from ...core._path import same_path
from ...core._secrets import showable
from ..auth._access import Access
from ..auth._credential import explain_auth_error
from ..net._connection import explain_connection
from ..net._deadline import AGAIN, HOW_IT_ENDED, Deadline
from ..net._origin import same_origin, without_user
from ..net._sdk import AsyncPipeline, AzureError, ClientAuthenticationError, HttpRequest
from ._answer import ArmAnswer, answer_of
from ._journal import Journal
from ._retry import was_sent

__all__ = ["ArmClient"]

_CONNECT_SECONDS = 30
_READ_SECONDS = 120
# What a call is answered with if it was carried out, where nothing else is known of it.
_FITTING: dict[str, Collection[int]] = {
    "GET": (200,),
    "POST": (200,),
    "PUT": (200, 201),
    "PATCH": (200,),
    "DELETE": (200, 204),
}


class ArmClient:
    """Sends requests through a pipeline that signs in, retries and names itself.

    :param pipeline: azure-core's async pipeline
    :param endpoint: URL of Resource Manager, without a slash at its end
    :param access: what the credential was made from, to explain its failures
    :param journal: where the calls are noted
    """

    def __init__(
        self,
        pipeline: AsyncPipeline[Any, Any],
        endpoint: str,
        access: Access | None,
        journal: Journal | None = None,
    ) -> None:
        self._pipeline = pipeline
        self.endpoint = endpoint
        self._access = access
        self.journal = journal or Journal()

    async def request(
        self,
        method: str,
        target: str,
        deadline: Deadline,
        *,
        api_version: str | None = None,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        etag: str | None = None,
        only_new: bool = False,
        reads: bool = False,
        fits: Collection[int] = (),
    ) -> ArmAnswer:
        """Send one request.

        :param target: a path, such as a resource ID, or a URL that Azure gave
        :param api_version: added to the query, if given
        :param query: what else the query holds, such as $filter
        :param etag: sent as If-Match, if given
        :param only_new: sent as If-None-Match: *, by which a PUT creates and never changes
        :param reads: whether a POST changes nothing: it is then sent again as a GET is
        :param fits: the statuses of an answer that says it is done; by default those usual for the method
        :raises ArmError, UnexpectedAnswer: see ``answer_of``
        :raises ConnectionFailed, AccessError, WaitTimedOut: no answer came, no token could be had, or not in time
        """
        url = self._url(method, target, {**(query or {}), **({"api-version": api_version} if api_version else {})})
        headers = {"Accept": "application/json", **_conditions(etag, only_new)}
        request = HttpRequest(method, url, headers=headers, json=body)
        return await self._exchange(request, target, deadline, reads=reads, fits=fits)

    async def send(
        self, request: HttpRequest, target: str, deadline: Deadline, *, reads: bool = False, fits: Collection[int] = ()
    ) -> ArmAnswer:
        """Send a request that somebody else has made, such as one of Microsoft's clients; else as ``request``.

        :param target: the path that it must lead to, such as a resource ID; its case is not looked at
        """
        self._refuse_foreign(request.method, request.url)
        _refuse_detour(request.method, request.url, target, any_case=True)
        request.headers.setdefault("Accept", "application/json")
        return await self._exchange(request, target, deadline, reads=reads, fits=fits)

    async def _exchange(
        self, request: HttpRequest, target: str, deadline: Deadline, *, reads: bool, fits: Collection[int]
    ) -> ArmAnswer:
        method = request.method
        # The queries of Azure's own URLs are long and signed: they are not for messages.
        shown = target.partition("?")[0]
        write = method != "GET" and not reads
        self.journal.sends(method, shown, write=write)
        # A write that may have reached Azure is not sent again from here: the engine looks first.
        again: tuple[str, ...] = () if write else (method,)
        ran = await self._send(request, shown, deadline, retry_on_methods=again)
        answer = self._answer(ran, method, shown, fits or _FITTING[method], write=write)
        return replace(answer, url=request.url)

    def _answer(self, ran: Any, call: str, target: str, fits: Collection[int], *, write: bool) -> ArmAnswer:
        try:
            return answer_of(ran.http_response, call, target, fits)
        except ArmError as error:
            if write and not error.foreign and 400 <= ran.http_response.status_code < 500:
                self.journal.refused()
            if not error.foreign:
                error.remedy = ran.context.get("remedy") or error.remedy
            raise

    def _url(self, method: str, target: str, query: Mapping[str, str]) -> str:
        if target.startswith("/"):
            path = quote(target, safe="/()~!$&'*+,;=:@")
            _refuse_detour(method, path, target)
            target = self.endpoint + path
            self._refuse_foreign(method, target)
        else:
            # Foreign is also what is no URL at all: only one that is not is looked into.
            self._refuse_foreign(method, target)
            _refuse_detour(method, target, unquote(urlsplit(target).path).rstrip("/") or "/")
        if not query:
            return target
        return f"{target}{'&' if '?' in target else '?'}{urlencode(query, safe='$', quote_via=quote)}"

    def _refuse_foreign(self, method: str, url: str) -> None:
        """A token is sent only to the cloud's own origin, whatever URL an answer names."""
        if not same_origin(self.endpoint, url):
            raise ManagedIdentityError(
                f"An answer of {self.endpoint} names a foreign address, to which no token is sent.",
                call=method,
                target=without_user(url).partition("?")[0],
                remedy="See what stands between here and Azure, such as a proxy, and whose answers these are.",
            )

    async def _send(self, request: HttpRequest, target: str, deadline: Deadline, **more: Any) -> Any:
        """What the pipeline gives, an answer and its context, before the deadline."""
        limits = {
            "connection_timeout": min(_CONNECT_SECONDS, deadline.left),
            "read_timeout": min(_READ_SECONDS, deadline.left),
            **more,
        }
        running = asyncio.ensure_future(self._pipeline.run(request, deadline=deadline, **limits))
        try:
            # Not wait_for: it loses a cancellation that comes together with the answer.
            if not (await asyncio.wait({running}, timeout=deadline.left))[0]:
                remedy = AGAIN if request.method == "GET" else HOW_IT_ENDED
                raise deadline.passed("the answer", remedy, call=request.method, target=target)
            answer = running.result()
        except ClientAuthenticationError as error:
            raise explain_auth_error(error, self._access) from error
        except AzureError as error:
            raise _connection_error(error, request.method, target) from error
        finally:
            running.cancel()
        return answer


def _refuse_detour(method: str, url: str, meant: str, *, any_case: bool = False) -> None:
    """What would lead elsewhere, once it is normalised on its way, is not sent: it is not what was shown and judged."""
    path = url.partition("?")[0].rstrip("/") if "://" in url else url
    if meant != "/" and not same_path(path, meant, any_case=any_case):
        raise ManagedIdentityError(
            "The path may be taken for another one on its way to Azure. Nothing was sent.",
            call=method,
            target=showable(meant),
            remedy="Correct the IDs and names in it; if it comes from an answer, see whose answers these are.",
        )


def _conditions(etag: str | None, only_new: bool) -> dict[str, str]:
    return {**({"If-Match": etag} if etag else {}), **({"If-None-Match": "*"} if only_new else {})}


def _connection_error(error: AzureError, method: str, target: str) -> ConnectionFailed:
    message, remedy = explain_connection(error)
    return ConnectionFailed(message, sent=was_sent(error), call=method, target=target, remedy=remedy)
