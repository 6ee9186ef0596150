# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Operations of Microsoft's own clients, which make requests that our client sends.

An operation of theirs knows the URL, the headers and the body of its request. Where it would hand that to azure-core's
pipeline, it meets ours: ``ArmClient.send``, with guards, deadline, retries, journal and errors as of all our requests.
What Azure answers is read by the readers of the core, as of any answer; the operation itself gets the status, and a
body that says nothing, since models drop what they do not know and take what is not there for what is not set.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ...core._errors import ManagedIdentityError
from ..net._deadline import Deadline
from ._typed_packages import TypedPackage

if TYPE_CHECKING:
    from ._answer import ArmAnswer
    from ._client import ArmClient

__all__ = ["TypedOperation"]

_VERSION = re.compile(r"(?<=[?&]api-version=)[^&]*")


@dataclass(frozen=True)
class TypedOperation:
    """An operation of a typed client, with what its path holds; its ``request`` is like that of the ArmClient.

    :param client: sends what the operation makes
    :param name: such as ``user_assigned_identities.get``
    :param arguments: the parts of the path below the subscription, in the operation's order
    """

    client: ArmClient
    package: TypedPackage
    name: str
    subscription_id: str
    arguments: tuple[str, ...] = ()

    async def request(
        self,
        method: str,
        target: str,
        deadline: Deadline,
        *,
        api_version: str,
        body: Mapping[str, Any] | None = None,
        only_new: bool = False,
        reads: bool = False,
        fits: Collection[int] = (),
    ) -> ArmAnswer:
        """Send what the operation makes, which must be a request of this method to this target.

        :raises MissingPackage: the client's package is not installed
        :raises ManagedIdentityError: as ArmClient.request
        """
        call = attrgetter(self.name)(self.package.client(self.client.endpoint, self.subscription_id, _PIPELINE))
        sending = _Sending(self.client, method, target, api_version, deadline, reads, fits)
        options: dict[str, Any] = {"sending": sending}
        # The releases have other keywords for it; all take headers.
        options |= {"headers": {"If-None-Match": "*"}} if only_new else {}
        options |= {"polling": False} if ".begin_" in self.name else {}
        # Bytes are sent as they are, in all releases: nulls stay, and so does what a model does not know.
        content = () if body is None else (json.dumps(body).encode(),)
        called = call(*self.arguments, *content, **options)
        await (anext(called.by_page()) if hasattr(called, "by_page") else called)
        return sending.answers[0]


@dataclass(frozen=True)
class _Sending:
    """One request on its way through an operation of a typed client, and its answer."""

    client: ArmClient
    method: str
    target: str
    api_version: str
    deadline: Deadline
    reads: bool
    fits: Collection[int]
    answers: list[ArmAnswer] = field(default_factory=list)

    async def send(self, request: Any) -> int:
        """Send it with our api-version; returns the status. Errors pass through the operation as they are."""
        # Not by their keyword for it: azure-mgmt-msi 8 takes it and goes on with its own.
        request.url, found = _VERSION.subn(self.api_version, request.url)
        if request.method != self.method or found != 1 or self.answers:
            raise ManagedIdentityError(
                f"Microsoft's client makes another request of it, a {request.method}. It was not sent.",
                call=self.method,
                target=self.target,
                remedy="Use a release of its package that this collection is tested with.",
            )
        answer = await self.client.send(request, self.target, self.deadline, reads=self.reads, fits=self.fits)
        self.answers.append(answer)
        return answer.status


class _Pipeline:
    """What a typed client takes for azure-core's pipeline."""

    async def run(self, request: Any, *, sending: _Sending, **_options: Any) -> Any:
        """Send a request by what came through the operation as its keyword."""
        status = await sending.send(request)
        # Under this name azure-core's own policies leave what a body says.
        return SimpleNamespace(
            http_request=request, http_response=_Nothing(status), context={"deserialized_data": _Nothing.said}
        )


class _Nothing:
    """The response that an operation ends with: of a status that fits, and about nothing; for lists, an empty page."""

    said: Mapping[str, Any] = {"value": []}
    content = b'{"value": []}'
    reason = "OK"

    def __init__(self, status: int) -> None:
        self.status_code = status
        self.headers = {"Content-Type": "application/json"}

    def json(self) -> Any:
        """What it says."""
        return self.said

    def text(self, _encoding: str | None = None) -> str:
        """The same as text."""
        return self.content.decode()

    body = text

    async def read(self) -> bytes:
        """The same as bytes."""
        return self.content

    async def iter_bytes(self, *_arguments: Any, **_options: Any) -> AsyncIterator[bytes]:
        """The same in one piece."""
        yield self.content

    iter_raw = stream_download = iter_bytes


_PIPELINE = _Pipeline()
