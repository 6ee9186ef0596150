# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. One request to Azure Resource Manager: raw JSON out, raw JSON or a typed error back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ..core._errors import ConnectionFailed, ManagedIdentityError
from ..core._rules import arm_error
from ._access import Access
from ._credentials import explain_auth_error
from ._deadline import Deadline
from ._retry import was_sent
from ._sdk import AsyncPipeline, AzureError, ClientAuthenticationError, DecodeError, HttpRequest

__all__ = ["ArmAnswer", "ArmClient"]

_CONNECT_SECONDS = 30
_READ_SECONDS = 120


@dataclass(frozen=True)
class ArmAnswer:
    """An answer without error: its JSON body ({} if empty), its headers (case-insensitive) and its status."""

    body: dict[str, Any]
    headers: Mapping[str, str]
    status: int = 200

    @property
    def retry_after(self) -> float | None:
        """Seconds that Azure asks to wait before the next request, if it does."""
        return _seconds(self.headers.get("Retry-After"))


class ArmClient:
    """Sends requests through a pipeline that signs in, retries and names itself.

    :param pipeline: azure-core's async pipeline
    :param endpoint: URL of Resource Manager, without a slash at its end
    :param access: what the credential was made from, to explain its failures
    """

    def __init__(self, pipeline: AsyncPipeline[Any, Any], endpoint: str, access: Access | None) -> None:
        self._pipeline = pipeline
        self._endpoint = endpoint
        self._access = access

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
        once: bool = False,
    ) -> ArmAnswer:
        """Send one request.

        :param target: a path, such as a resource ID, or a URL that Azure gave
        :param api_version: added to the query, if given
        :param query: what else the query holds, such as $filter
        :param etag: sent as If-Match, if given
        :param only_new: sent as If-None-Match: *, by which a PUT creates and never changes
        :param once: whether only throttling makes it send the request again, whatever its method
        :raises ArmError: Azure answered with an error
        :raises ConnectionFailed: no answer came
        :raises AccessError: no token could be had
        :raises WaitTimedOut: the deadline passed first
        """
        request = HttpRequest(
            method,
            self._url(target, {**(query or {}), **({"api-version": api_version} if api_version else {})}),
            headers={"Accept": "application/json", **_conditions(etag, only_new)},
            json=body,
        )
        # The queries of Azure's own URLs are long and signed: they are not for messages.
        shown = target.partition("?")[0]
        response = await self._send(request, shown, deadline, **({"retry_on_methods": ()} if once else {}))
        content = _content(response, method, shown)
        if response.status_code >= 400:
            raise _error(response, content, method, shown)
        body = content if isinstance(content, dict) else {"value": content}
        return ArmAnswer(body, response.headers, response.status_code)

    def _url(self, target: str, query: Mapping[str, str]) -> str:
        if target.startswith("/"):
            target = self._endpoint + quote(target, safe="/()~!$&'*+,;=:@%")
        self._refuse_foreign(target)
        if not query:
            return target
        return f"{target}{'&' if '?' in target else '?'}{urlencode(query, safe='$', quote_via=quote)}"

    def _refuse_foreign(self, url: str) -> None:
        """A token is sent only to the cloud's own hosts, whatever URL an answer names."""
        own, host = urlsplit(self._endpoint), urlsplit(url)
        name = own.hostname or ""
        if host.scheme != "https" or not (host.hostname == name or (host.hostname or "").endswith(f".{name}")):
            raise ManagedIdentityError(f"An answer of {self._endpoint} names a foreign address.", target=url)

    async def _send(self, request: HttpRequest, target: str, deadline: Deadline, **more: Any) -> Any:
        """The answer, before the deadline."""
        limits = {
            "connection_timeout": min(_CONNECT_SECONDS, deadline.left),
            "read_timeout": min(_READ_SECONDS, deadline.left),
            **more,
        }
        running = asyncio.ensure_future(self._pipeline.run(request, deadline=deadline, **limits))
        try:
            # Not wait_for: it loses a cancellation that comes together with the answer.
            if not (await asyncio.wait({running}, timeout=deadline.left))[0]:
                raise deadline.passed("the answer", call=request.method, target=target)
            answer = running.result()
        except ClientAuthenticationError as error:
            raise explain_auth_error(error, self._access) from error
        except AzureError as error:
            raise _connection_error(error, request.method, target) from error
        finally:
            running.cancel()
        return answer.http_response


def _conditions(etag: str | None, only_new: bool) -> dict[str, str]:
    return {**({"If-Match": etag} if etag else {}), **({"If-None-Match": "*"} if only_new else {})}


def _connection_error(error: AzureError, method: str, target: str) -> ConnectionFailed:
    remedy = "Check cloud_environment, the network and the proxy settings."
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        remedy = "If the endpoint has a private certificate authority, name its file in REQUESTS_CA_BUNDLE."
    return ConnectionFailed(
        f"No answer: {str(error.inner_exception or error).rstrip('.')}.",
        sent=was_sent(error),
        call=method,
        target=target,
        remedy=remedy,
    )


def _content(response: Any, method: str, target: str) -> Any:
    """The JSON of an answer; None where there is none. An error may come from a proxy, as text or HTML."""
    try:
        return json.loads(response.content or b"null") or {}
    except (ValueError, DecodeError) as error:
        if response.status_code >= 400:
            return {"message": response.content[:200].decode("utf-8", "replace")}
        raise ConnectionFailed(
            f"The answer cannot be read: {error}", sent=True, call=method, target=target, status=response.status_code
        ) from error


def _error(response: Any, content: Any, method: str, target: str) -> ManagedIdentityError:
    """Most services put code and message into ``error``; some throttling answers have them at the top."""
    said = content.get("error", content) if isinstance(content, dict) else {}
    said = said if isinstance(said, dict) else {"message": str(said)}
    headers = response.headers
    return arm_error(
        str(said.get("message") or response.reason or "no message"),
        status=response.status_code,
        code=said.get("code"),
        call=method,
        target=target,
        request_id=headers.get("x-ms-request-id")
        or headers.get("x-ms-correlation-request-id")
        or headers.get("request-id"),
        retry_after=_seconds(headers.get("Retry-After")),
    )


def _seconds(text: str | None) -> float | None:
    """Retry-After as seconds; a date, which Azure does not send here, counts as not given."""
    return float(text) if text and text.isdigit() else None
