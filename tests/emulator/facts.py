# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Azure was seen to answer, as tables: a request, and the status, headers and shape of body that came.

`facts/*.json` hold them, and `write_facts.py` writes them where recorded traffic is at hand. A shape is JSON whose
texts say `text`, `time`, `number`, or what is always there; a list has one item: what all items have between them.
`{guid 3}` stands for the same GUID wherever it is, `{operation 2}` for the URL at which a write is followed.
"""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

from tests.emulator.cloud import Reply
from tests.emulator.replay import ANNOUNCING, Replay, path_of, shown, start, without

__all__ = ("FOLDER", "Bindings", "load", "play", "shape_of")

FOLDER = Path(__file__).resolve().parent / "facts"
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")
_PLACE = re.compile(r"(\{(?:guid|operation) \d+\})")
# Of these the text is a fact, and of what begins with a slash or is a GUID.
_TOLD = ("code", "level", "location", "name", "principalType", "provisioningState", "status", "type")


def load(name: str) -> t.Any:
    """Return a table."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def shape_of(value: t.Any, key: str = "") -> t.Any:
    """Return the shape of a JSON value; `key` is the name of the property that it is."""
    if isinstance(value, dict):
        return {name: shape_of(item, name) for name, item in value.items()}
    if isinstance(value, list):
        shapes = [shape_of(item) for item in value]
        for other in shapes[1:]:
            shapes[0] = _either(shapes[0], other)
        return shapes[:1]
    if isinstance(value, str):
        if _TIME.fullmatch(value):
            return "time"
        is_fact = key in _TOLD or value.startswith("/") or GUID.fullmatch(value)
        return value if is_fact else "text"
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _either(one: t.Any, other: t.Any) -> t.Any:
    """Return what two items of a list have between them."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = [*one, *(name for name in other if name not in one)]
        return {name: _either(one.get(name, other.get(name)), other.get(name, one.get(name))) for name in names}
    if isinstance(one, list) and isinstance(other, list):
        return [_either(one[0], other[0])] if one and other else one or other
    return one if one == other else "text"


class Bindings:
    """What stands for what: the places of a table and our values, one to one."""

    def __init__(self) -> None:
        self._ours: dict[str, str] = {}

    def know(self, place: str, value: str) -> None:
        """Take note of a value."""
        self._ours[place] = value

    def fill(self, value: t.Any) -> t.Any:
        """Return a value with ours in all places."""
        return json.loads(_PLACE.sub(lambda found: self._ours[found[0]], json.dumps(value)))

    def compare(self, expected: t.Any, actual: t.Any, where: str) -> None:
        """Assert that a shape is the expected one."""
        if isinstance(expected, dict) and isinstance(actual, dict):
            expected = {self._known(name): item for name, item in expected.items()}
            assert sorted(actual) == sorted(expected), f"{where}: {sorted(actual)}, expected {sorted(expected)}"
            for name, item in expected.items():
                self.compare(item, actual[name], f"{where}/{name}")
        elif isinstance(expected, list) and isinstance(actual, list):
            assert len(actual) == len(expected), where
            for pair in zip(expected, actual, strict=True):
                self.compare(*pair, f"{where}[]")
        elif isinstance(expected, str) and isinstance(actual, str):
            self._compare_texts(expected, actual, where)
        else:
            assert actual == expected, where

    def _known(self, text: str) -> str:
        return _PLACE.sub(lambda found: self._ours.get(found[0], found[0]), text)

    def _compare_texts(self, expected: str, actual: str, where: str) -> None:
        places = _PLACE.findall(expected)
        pattern = "".join(f"({GUID.pattern})" if part in places else re.escape(part) for part in _PLACE.split(expected))
        found = re.fullmatch(pattern, actual, re.IGNORECASE if places else 0)
        assert found, f"{where}: expected {expected}, came {actual}"
        for place, value in zip(places, found.groups(), strict=True):
            assert self._ours.setdefault(place, value) == value, f"{where}: {place} was {self._ours[place]}"
        assert len(set(self._ours.values())) == len(self._ours), where


def play(name: str, directory: Path) -> int:
    """Send all requests of a table of ours and compare what comes; return how many answers there were to compare."""
    table = load(name)
    replay = start(directory, table["tenant"])
    replay.cloud.world.configure(replay.cloud.world.settings.updated(table["settings"]))
    bindings, compared = Bindings(), 0
    for step in table["steps"]:
        compared += _step(replay, bindings, step)
    return compared


def _step(replay: Replay, bindings: Bindings, step: dict[str, t.Any]) -> bool:
    if "vm" in step:
        replay.put_vm(step["at"], bindings.fill(step["vm"]))
        return False
    replay.cloud.now += step.get("wait", 0)
    method, path = step["request"].split(" ", 1)
    reply = replay.cloud.send(method, bindings.fill(path), bindings.fill(step.get("body")))
    where = step["request"]
    assert reply.status == step["status"], f"{where}: {reply.text}"
    if "headers" not in step:
        return False
    _compare_headers(step, reply, where)
    if "operation" in step:
        bindings.know(step["operation"], reply.headers["azure-asyncoperation"])
        assert path_of(reply.headers["azure-asyncoperation"]).count("/") == step["depth"], where
    if "shape" in step:
        answered = without(narrowed(shown(reply.json), step.get("within", "")), step.get("edited", ()))
        bindings.compare(step["shape"], pruned(step["shape"], shape_of(answered)), where)
    return True


def _compare_headers(step: dict[str, t.Any], reply: Reply, where: str) -> None:
    there = {name: reply.headers.get("etag") if name == "etag" else "" for name in ANNOUNCING if name in reply.headers}
    assert there == step["headers"], where
    if "shape" in step:
        # Compute indents by two with CRLF, the others write one line.
        assert reply.text.startswith("{\r\n  ") == step["indented"], where


def narrowed(body: t.Any, scope: str) -> t.Any:
    """Return of a list only what is below an ID."""
    if not scope:
        return body
    return {**body, "value": [item for item in body["value"] if item["id"].lower().startswith(scope.lower())]}


def pruned(expected: t.Any, actual: t.Any) -> t.Any:
    """Return a shape without what the table says nothing about: where it has a property `...`, others may be there."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        kept = {name: item for name, item in actual.items() if name in expected or "..." not in expected}
        kept = {name: pruned(expected.get(name), item) for name, item in kept.items()}
        return {**kept, "...": "..."} if "..." in expected else kept
    if isinstance(expected, list) and isinstance(actual, list):
        return [pruned(expected[0] if expected else None, item) for item in actual]
    return actual
