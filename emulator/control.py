# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API under `/_emulator/`: what tests turn and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from msgspec import Meta

from .authorization.state import access_state
from .base.declared import Declared, read
from .base.fields import SeedError
from .base.log import LogGone
from .cloud.faults import FaultError
from .cloud.model import Holder, ScaleSet
from .cloud.settings import SettingsError
from .compute.scale_model import is_current
from .seeding.seed import load_text
from .wire.answers import Answer, json_answer
from .world import World

__all__ = ["serve_control"]


class _Advance(Declared, frozen=True):
    """The body of POST time; how far the clock can go is for the clock to say."""

    wanted = "{advance: SECONDS}"

    advance: Annotated[float, Meta(ge=0, description="a number of seconds, 0 or more")]


class _Entries(Declared, frozen=True):
    """The query of GET log: the entries after which number."""

    since: Annotated[int, Meta(description="a whole number")] = 0


def serve_control(world: World, method: str, name: str, query: Mapping[str, str], body: bytes) -> Answer:
    """Answer a request for `/_emulator/NAME`: 200 with JSON, 400 with a reason, 404 for an unknown one.

    410 for a part of the log that is gone, 500 for a file that cannot be written.
    """
    handler = _HANDLERS.get((method, name))
    if handler is None:
        known = ", ".join(f"{verb} {path}" for verb, path in _HANDLERS)
        return json_answer(404, {"error": f"there is no {method} {name}; there are {known}"})
    world.settle()
    try:
        return handler(world, query, body)
    except (SeedError, SettingsError, FaultError, ValueError) as error:
        return json_answer(400, {"error": str(error)})
    except LogGone as error:
        return json_answer(410, {"error": str(error)})
    except OSError as error:
        return json_answer(500, {"error": f"cannot write {error.filename}: {error.strerror}"})


def _reset(world: World, _query: Mapping[str, str], _body: bytes) -> Answer:
    world.reset()
    return json_answer(200, {})


def _save(world: World, _query: Mapping[str, str], _body: bytes) -> Answer:
    if world.save is None:
        raise ValueError("the emulator runs without --state")
    world.save()
    return json_answer(200, {})


def _seed(world: World, _query: Mapping[str, str], body: bytes) -> Answer:
    world.load(load_text(body.decode()))
    return json_answer(200, {})


def _settings(world: World, _query: Mapping[str, str], body: bytes) -> Answer:
    if body:
        world.configure(world.settings.updated(load_text(body.decode())))
    return json_answer(200, world.settings.as_dict())


def _time(world: World, _query: Mapping[str, str], body: bytes) -> Answer:
    if body:
        world.clock.advance(read(_Advance, load_text(body.decode()), "time").advance)
    return json_answer(200, {"now": world.clock.date().isoformat(), "scale": world.clock.scale})


def _add_faults(world: World, _query: Mapping[str, str], body: bytes) -> Answer:
    world.faults.add(load_text(body.decode()))
    return json_answer(200, {})


def _clear_faults(world: World, _query: Mapping[str, str], _body: bytes) -> Answer:
    world.faults.clear()
    return json_answer(200, {})


def _log(world: World, query: Mapping[str, str], _body: bytes) -> Answer:
    wanted = read(_Entries, {name: query[name] for name in ("since",) if name in query}, "log", from_texts=True)
    return Answer(200, world.log.since(wanted.since))


def _clear_log(world: World, _query: Mapping[str, str], _body: bytes) -> Answer:
    world.log.clear()
    return json_answer(200, {})


def _memory(world: World, _query: Mapping[str, str], _body: bytes) -> Answer:
    return json_answer(200, world.memory())


def _state(world: World, _query: Mapping[str, str], _body: bytes) -> Answer:
    store = world.store
    vms = [_holder(vm) for vm in store.vms.values()]
    scale_sets = [_scale_set(found) for found in store.scale_sets.values()]
    identities = [
        {
            "id": item.id,
            "name": item.name,
            "location": item.location,
            "tags": item.tags,
            "principal_id": item.principal_id,
            "client_id": item.client_id,
        }
        for item in store.identities.values()
    ]
    locks = [{"scope": lock.scope, "name": lock.name, "level": lock.level} for lock in store.locks.values()]
    return json_answer(
        200, {"vms": vms, "scale_sets": scale_sets, "identities": identities, "locks": locks, **access_state(store)}
    )


def _holder(holder: Holder) -> dict[str, Any]:
    return {
        "id": holder.id,
        "name": holder.name,
        "resource_group": holder.group,
        "location": holder.location,
        "tags": holder.body["tags"],
        "identity": holder.identity,
        "etag": holder.etag,
        "provisioning_state": holder.state,
        "operations": len(holder.pending),
    }


def _scale_set(found: ScaleSet) -> dict[str, Any]:
    instances = [
        {"number": item.number, "identity": item.identity, "latest_model_applied": is_current(found, item)}
        for item in found.instances.values()
    ]
    return {**_holder(found), "instances": instances}


_HANDLERS: dict[tuple[str, str], Callable[[World, Mapping[str, str], bytes], Answer]] = {
    ("POST", "reset"): _reset,
    ("POST", "save"): _save,
    ("POST", "seed"): _seed,
    ("GET", "settings"): _settings,
    ("POST", "settings"): _settings,
    ("GET", "time"): _time,
    ("POST", "time"): _time,
    ("POST", "faults"): _add_faults,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "log"): _log,
    ("DELETE", "log"): _clear_log,
    ("GET", "memory"): _memory,
    ("GET", "state"): _state,
}
