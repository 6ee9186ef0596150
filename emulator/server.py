# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP: reads requests, applies faults, writes answers and the log."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import struct

from aiohttp import http_exceptions, web

from .cloud.fault_model import Action, Stale
from .cloud.history import Past
from .cloud.model import Caller
from .control import serve_control
from .dispatch import Request, dispatch, logged_body, who
from .entra.authenticate import rejected
from .wire.answers import Answer, error_answer, stamp
from .wire.errors import ArmError
from .wire.incoming import PatientServer, read_body
from .world import World

__all__ = ["make_server"]

_CONTROL = "/_emulator/"


def make_server(world: World) -> web.Server:
    """Return an aiohttp server (to be run by a runner) for a world."""

    async def handle(incoming: web.BaseRequest) -> web.StreamResponse:
        try:
            body = await read_body(incoming)
        except ArmError as error:
            refused = error_answer(error)
            return web.Response(status=refused.status, body=refused.body, content_type="application/json")
        request = Request(
            method=incoming.method,
            path=incoming.path,
            query=incoming.query,
            headers=incoming.headers,
            body=body,
            base_url=f"https://{incoming.host}",
        )
        if request.path.startswith(_CONTROL):
            name = request.path[len(_CONTROL) :]
            answer = serve_control(world, request.method, name, request.query, request.body)
            return web.Response(status=answer.status, body=answer.body, content_type="application/json")
        return await _serve(world, incoming, request)

    logging.getLogger("aiohttp.server").addFilter(_in_one_line)
    return PatientServer(handle, access_log=None)


def _in_one_line(record: logging.LogRecord) -> bool:
    """Let a client that does not speak HTTP be a line of the log, not a traceback."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, http_exceptions.HttpProcessingError):
        record.msg, record.args = "%s %s", (error.code, " ".join(error.message.split()))
        record.exc_info = None
    return True


async def _serve(world: World, incoming: web.BaseRequest, request: Request) -> web.StreamResponse:
    caller = who(world, request)
    known = caller if isinstance(caller, Caller) else None
    names = (known.name.lower(), known.client_id.lower(), known.object_id) if known else ()
    action = world.faults.pick(request.method, incoming.path_qs, names) if world.faults else None
    if action is None:
        answer = dispatch(world, request, caller)
    else:
        await asyncio.sleep(action.delay or 0)
        answer = _faulty(world, request, caller, action)
        if action.delay_after:
            await asyncio.sleep(action.delay_after)
    if answer.seconds:
        await asyncio.sleep(answer.seconds / world.clock.scale)
    broken = action is not None and bool(action.reset)
    world.log.add(
        request.method,
        incoming.raw_path,
        None if broken else answer.status,
        body=logged_body(request),
        headers=request.headers,
        caller=known.name if known else None,
        fault=action.label if action else None,
    )
    if broken:
        _reset(incoming)
    elif action is not None and action.truncate is not None:
        return await _truncated(incoming, answer, action.truncate)
    return web.Response(status=answer.status, body=answer.body, headers=answer.headers)


def _faulty(world: World, request: Request, caller: Caller | ArmError, action: Action) -> Answer:
    if action.reset == "before":
        return Answer(0)
    error: ArmError | None = rejected(request.base_url) if action.reject_token else None
    if action.status is not None:
        error = ArmError(action.status, action.code, action.message, gateway=False, headers=action.headers)
    if error is None:
        outcome = action.operation.as_outcome() if action.operation else None
        past = _past(world, action.stale) if action.stale and request.method in ("GET", "HEAD") else None
        answer = dispatch(world, request, caller, outcome, past)
        return answer._replace(headers={**answer.headers, **action.headers})
    answer = error_answer(error)
    if action.body is not None:
        answer = Answer(answer.status, action.body.encode(), answer.headers)
    return Answer(answer.status, answer.body, stamp(answer, request.method))


def _past(world: World, stale: Stale) -> Past:
    history, now = world.history, world.clock()
    if stale.writes:
        return history.writes_ago(world.store, now, stale.writes)
    return history.seconds_ago(world.store, now, stale.seconds or 0)


def _reset(incoming: web.BaseRequest) -> None:
    """Break the connection with a TCP reset."""
    transport = incoming.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _truncated(incoming: web.BaseRequest, answer: Answer, count: int) -> web.StreamResponse:
    """Send the whole length in the headers, `count` bytes of the body, and the end of the connection."""
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_length = len(answer.body)
    response.force_close()
    # The client may have gone already.
    with contextlib.suppress(ConnectionResetError):
        await response.prepare(incoming)
        await response.write(answer.body[:count])
    if incoming.transport is not None:
        incoming.transport.close()
    return response
