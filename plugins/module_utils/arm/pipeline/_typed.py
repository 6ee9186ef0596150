# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Microsoft's own clients, which make requests that our client sends.

An operation of theirs knows the URL, the headers and the body of its request. Where it would hand that to azure-core's
pipeline, it meets ours: ``ArmClient.send``, with the guards, deadlines, retries, journal and errors of all our requests.
What Azure answers is read by the readers of the core, as of any answer; the operation itself gets the status, and a
body that says nothing, since models drop what they do not know and take what is not there for what is not set.
Each client is imported by the first operation that uses it: that of Compute takes about a second.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ...core._errors import ManagedIdentityError, MissingPackage
from ..net._deadline import Deadline

if TYPE_CHECKING:
    from ._answer import ArmAnswer
    from ._client import ArmClient

__all__ = ["COMPUTE", "MSI", "TypedOperation", "TypedPackage"]


def _managed_identities() -> Any:
    from azure.mgmt.msi.aio import ManagedServiceIdentityClient

    return ManagedServiceIdentityClient


def _compute() -> Any:
    from azure.mgmt.compute.aio import ComputeManagementClient

    return ComputeManagementClient


@dataclass(frozen=True)
class TypedPackage:
    """A package of Microsoft's, and the class of its client.

    :param name: what pip calls it
    :param load: imports and returns the class
    """

    name: str
    load: Callable[[], Any]

    def require(self) -> None:
        """See that the package is there, without the cost of importing it: before a task writes what comes first.

        :raises MissingPackage: it is not installed for this interpreter
        """
        try:
            there = find_spec(self.name.replace("-", "."))
        except ModuleNotFoundError as error:
            raise self._missing(error) from error
        if there is None:
            raise self._missing("there is none")

    def client(self, endpoint: str, subscription_id: str) -> Any:
        """The client of a subscription, whose requests go through ``TypedOperation``.

        :raises MissingPackage: the package cannot be imported
        """
        try:
            return _client(self.load, endpoint, subscription_id)
        except ImportError as error:
            raise self._missing(error) from error

    def _missing(self, reason: object) -> MissingPackage:
        return MissingPackage(
            f"The Python package {self.name} cannot be imported by {sys.executable}: {reason}.",
            remedy=f"Install it with: {sys.executable} -m pip install {self.name}",
        )


MSI = TypedPackage("azure-mgmt-msi", _managed_identities)
COMPUTE = TypedPackage("azure-mgmt-compute", _compute)


@lru_cache(maxsize=64)
def _client(load: Callable[[], Any], endpoint: str, subscription_id: str) -> Any:
    from azure.core import AzureClouds

    # The cloud only says what the endpoint would be; left out, it is taken from the environment, or refused there.
    cloud = AzureClouds.AZURE_PUBLIC_CLOUD
    own = {"pipeline": _Pipeline(), "policies": [], "cloud_setting": cloud}
    return load()(_NoCredential(), subscription_id, base_url=endpoint, **own)


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
        call = attrgetter(self.name)(self.package.client(self.client.endpoint, self.subscription_id))
        sending = _Sending(self.client, method, target, deadline, reads, fits)
        options: dict[str, Any] = {"api_version": api_version, "sending": sending}
        # The releases have other keywords for it; all take headers.
        options |= {"headers": {"If-None-Match": "*"}} if only_new else {}
        options |= {"polling": False} if ".begin_" in self.name else {}
        # Bytes are sent as they are, in all releases: nulls stay, and so does what a model does not know.
        content = () if body is None else (json.dumps(body).encode(),)
        called = call(*self.arguments, *content, **options)
        await (anext(called.by_page()) if hasattr(called, "by_page") else called)
        return sending.answers[0]


class _Sending:
    """One request on its way through an operation of a typed client, and its answer."""

    def __init__(
        self, client: ArmClient, method: str, target: str, deadline: Deadline, reads: bool, fits: Collection[int]
    ) -> None:
        self._client, self._method, self._target = client, method, target
        self._deadline, self._reads, self._fits = deadline, reads, fits
        self.answers: list[ArmAnswer] = []

    async def send(self, request: Any) -> int:
        """Send it; returns the status. Errors pass through the operation as they are."""
        if request.method != self._method or self.answers:
            raise ManagedIdentityError(
                f"Microsoft's client makes another request of it, a {request.method}. It was not sent.",
                call=self._method,
                target=self._target,
                remedy="Use a release of its package that this collection is tested with.",
            )
        answer = await self._client.send(request, self._target, self._deadline, reads=self._reads, fits=self._fits)
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


class _NoCredential:
    """Tokens are for our own pipeline to ask for."""

    async def get_token(self, *_scopes: str, **_options: Any) -> Any:
        """Never asked."""
        raise NotImplementedError
