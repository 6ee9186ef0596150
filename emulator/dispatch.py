# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a request to an answer, without sockets: which of the emulated services a path belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from .arm.gate import enter
from .arm.metadata import endpoints
from .arm.throttling import charge_arm
from .base.read_json import read_json
from .cloud.history import Past
from .cloud.model import Caller, Outcome
from .compute.image_answers import aliases
from .compute.imds import serve_imds, throttled
from .entra.authenticate import authenticate
from .entra.msgraph import is_msgraph, serve_msgraph
from .entra.msgraph_access import authenticate_msgraph
from .entra.sign_in import is_entra, serve_entra
from .limits.buckets import Bucket
from .request.call import Call
from .wire.answers import Answer, error_answer, json_answer, stamp
from .wire.errors import ArmError
from .wire.front_path import canonical_path, check_encoding, refusal
from .wire.path import parse
from .world import World

__all__ = ["Request", "dispatch", "logged_body", "who"]

_JSON = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"}
_COUNTERS = "x-ms-ratelimit-remaining-"
_FORM = "application/x-www-form-urlencoded"


class Request(NamedTuple):
    """A request; `path` is decoded and without the query, names in `headers` are case-insensitive."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base_url: str

    def form(self) -> dict[str, str]:
        """Return the fields of a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace")))


def who(world: World, request: Request) -> Caller | ArmError:
    """Return the caller of a request to ARM or Microsoft Graph, or the refusal of its token."""
    try:
        header = request.headers.get("Authorization")
        if is_msgraph(canonical_path(request.path)):
            return authenticate_msgraph(header, world.tokens, world.store, request.base_url)
        return authenticate(header, world.tokens, world.store, request.base_url, world.clock())
    except ArmError as error:
        return error


def dispatch(
    world: World,
    request: Request,
    caller: Caller | ArmError,
    outcome: Outcome | None = None,
    past: Past | None = None,
) -> Answer:
    """Return the answer with all its headers.

    `outcome` is how an operation that the request begins shall end; a read answers what was true in the `past`.
    """
    now = world.settle()
    refused = refusal(request.path)
    if refused is not None:
        return refused
    request = request._replace(path=canonical_path(request.path))
    segments = [segment for segment in request.path.split("/") if segment]
    first = segments[0].lower() if segments else ""
    if is_msgraph(request.path):
        return _msgraph(world, request, caller)
    if first in ("subscriptions", "providers", "tenants"):
        return _arm(world, request, caller, outcome, past or Past(world.store, now))
    if first == "imds":
        answer = _imds(world, request, segments[1:])
    elif [segment.lower() for segment in segments] == ["metadata", "endpoints"]:
        answer = json_answer(200, endpoints(request.query.get("api-version", "2015-01-01"), request.base_url))
    elif segments == ["aliases.json"]:
        answer = json_answer(200, aliases())
    elif is_entra(segments):
        answer = _entra(world, request, segments)
    else:
        return _arm(world, request, caller, outcome, past or Past(world.store, now))
    return Answer(answer.status, answer.body, {**_JSON, **answer.headers})


def _arm(world: World, request: Request, caller: Caller | ArmError, outcome: Outcome | None, seen: Past) -> Answer:
    meter = world.meter()
    try:
        if isinstance(caller, ArmError):
            raise caller
        check_encoding(request.path, request.base_url)
        call = Call(
            store=seen.store,
            settings=world.settings,
            method=request.method,
            path=parse(request.path),
            query=request.query,
            headers=request.headers,
            body=request.body,
            caller=caller,
            base_url=request.base_url,
            now=seen.moment,
            clock=world.clock,
            history=world.history,
            forward=lambda call: _forward(world, call),
            outcome=outcome,
            meter=meter,
        )
        if meter is not None:
            charge_arm(call, meter)
        answer = _forward(world, call)
    except ArmError as error:
        answer = error_answer(error)
    headers = stamp(answer, request.method)
    if meter is not None:
        headers = {name: value for name, value in headers.items() if not name.startswith(_COUNTERS)}
        headers.update(meter.headers)
    return answer._replace(headers=headers)


def _reads(call: Call) -> bool:
    if call.method in ("GET", "HEAD"):
        return True
    path = call.path
    return path.namespace.lower() == "microsoft.resourcegraph" or bool(path.types and path.types[-1].startswith("list"))


def _forward(world: World, call: Call) -> Answer:
    return enter(call) if _reads(call) else _write(world, call)


def _write(world: World, call: Call) -> Answer:
    touched = world.history.before(call.store, call.path)
    answer = enter(call)
    world.history.after(call.store, call.path, touched, call.now, len(call.body))
    return answer


def _imds(world: World, request: Request, segments: Sequence[str]) -> Answer:
    meter = world.meter()
    if meter is not None and (empty := meter.spend([Bucket("ImdsTokens", "/".join(segments[:-4]).lower())])):
        return throttled(empty[1])
    return serve_imds(
        segments,
        request.query,
        request.headers,
        store=world.store,
        settings=world.settings,
        tokens=world.tokens,
    )


def _msgraph(world: World, request: Request, caller: Caller | ArmError) -> Answer:
    return serve_msgraph(
        request.method,
        request.path,
        request.query,
        request.body,
        caller=caller,
        store=world.store,
        latest=world.clock() - world.settings.replication_seconds,
        base_url=request.base_url,
    )


def _entra(world: World, request: Request, segments: Sequence[str]) -> Answer:
    return serve_entra(
        segments,
        request.query,
        request.form(),
        request.headers,
        store=world.store,
        settings=world.settings,
        tokens=world.tokens,
        base_url=request.base_url,
    )


def logged_body(request: Request) -> Any:
    """Return a request's body as the log may have it: of a token request only the grant and the client."""
    if not request.body:
        return None
    if request.headers.get("Content-Type", "").startswith(_FORM):
        form = request.form()
        return {name: form[name] for name in ("grant_type", "client_id") if name in form}
    try:
        return read_json(request.body)
    except ValueError:
        return "(not JSON)"
