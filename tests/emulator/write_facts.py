# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the tables of `facts/` from recorded traffic, which it leads a cloud through: `python -m
tests.emulator.write_facts`.

Only what was found to be true of both Azure and the emulator gets into a table.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import tempfile
import typing as t
from pathlib import Path

from emulator.wire.path import parse
from tests.emulator import recorded_errors, recorded_sequences
from tests.emulator.cloud import Reply
from tests.emulator.facts import FOLDER, GUID, narrowed, shape_of
from tests.emulator.recordings import Exchange
from tests.emulator.replay import ANNOUNCING, Replay, path_of, shown, without

__all__ = ("errors", "sequence", "written")

OF_A_VM = ("id", "name", "type", "location", "tags", "identity")


@dataclasses.dataclass
class Recorder(Replay):
    """A replay that writes down what it does, in the GUIDs of the recording."""

    steps: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)
    places: dict[str, str] = dataclasses.field(default_factory=dict)
    _now: float = 0.0
    _in_step: bool = False

    def __post_init__(self) -> None:
        """Write down what is sent beside the recorded requests, too."""
        self._now, send = self.cloud.now, self.cloud.send

        def sent(method: str, path: str, body: t.Any = None, **more: t.Any) -> Reply:
            wait = round(self.cloud.now - self._now, 3)
            reply = send(method, path, body, **more)
            step = {"request": f"{method} {path}", "body": body, "status": reply.status, "wait": wait}
            if not self._in_step and "version" in more:
                step["request"] += f"?api-version={more['version']}"
            self.steps.append({name: value for name, value in step.items() if value})
            self._now = self.cloud.now
            return reply

        self.cloud.send = sent  # type: ignore[method-assign]

    def put_vm(self, vm_id: str, body: dict[str, t.Any]) -> None:
        """Write down what matters of a VM that was there."""
        kept = {name: body[name] for name in OF_A_VM if name in body}
        self.steps.append({"at": vm_id, "vm": {**kept, "properties": {}}})
        super().put_vm(vm_id, body)

    def step(self, exchange: Exchange, body: t.Any = None, **options: t.Any) -> None:
        """Replay a recorded request, and write down its answer."""
        self._in_step = True
        super().step(exchange, body, **options)
        self._in_step = False
        step = self.steps[-1]
        operation = self.places.get(parse(path_of("x://x" + exchange.path)).name)
        step["request"] = f"{exchange.method} {operation or exchange.path}"
        given = exchange.body if body is None else body
        if given is not None:
            step["body"] = given
        self._answered(step, exchange, options)

    def _answered(self, step: dict[str, t.Any], exchange: Exchange, options: dict[str, t.Any]) -> None:
        heads = exchange.headers
        step["headers"] = {name: heads[name] if name == "etag" else "" for name in ANNOUNCING if name in heads}
        if "azure-asyncoperation" in heads:
            url = path_of(heads["azure-asyncoperation"])
            step["operation"] = self.places[parse(url).name] = f"{{operation {len(self.places) + 1}}}"
            step["depth"] = url.count("/")
        if not exchange.answer:
            return
        edited, within = list(options.get("edited", ())), options.get("within", "")
        step["indented"] = exchange.answer.startswith("{\r\n  ")
        step.update({name: value for name, value in (("edited", edited), ("within", within)) if value})
        body = exchange.json
        is_vm = parse(path_of("x://x" + exchange.path)).template.endswith("microsoft.compute/virtualmachines/*")
        shape = shape_of(without(narrowed(shown(body), within), edited))
        if is_vm and "properties" in shape:
            # The rest of it is what a test put there.
            state = {"provisioningState": shape["properties"]["provisioningState"]}
            shape = {**{name: shape[name] for name in OF_A_VM if name in shape}, "properties": state}
        step["shape"] = _open(shape) if options.get("more") or is_vm else shape


def _open(shape: t.Any) -> t.Any:
    """Return a shape that says nothing of what else there may be, but for an identity."""
    if isinstance(shape, list):
        return [_open(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    return {**{name: item if name == "identity" else _open(item) for name, item in shape.items()}, "...": "..."}


def sequence(title: str) -> dict[str, t.Any]:
    """Return the table of a recorded sequence."""
    tenant, settings = recorded_sequences.SEQUENCES[title].tenant, recorded_sequences.SEQUENCES[title].settings
    with tempfile.TemporaryDirectory() as folder:
        recorder = t.cast("Recorder", recorded_sequences.play(title, Path(folder), Recorder))
    ours = {mine: known for known, mine in recorder.mapping.pairs().items()}
    text = _of_nobody(json.dumps(recorder.steps))
    steps = json.loads(GUID.sub(lambda found: ours.get(found[0], found[0]), text))
    return {"tenant": tenant, "settings": settings, "steps": _numbered(steps)}


def _of_nobody(text: str) -> str:
    """Return a text with a name and a key of our own in the place of those of whoever made the recording."""
    for name in set(re.findall(r"/home/([^/]+)/", text)):
        text = text.replace(f"/home/{name}/", "/home/ada1/").replace(f'"{name}"', '"ada1"')
    return re.sub(r'("keyData": )"[^"]*"', r'\1"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada"', text)


def _numbered(steps: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Return steps with places for the GUIDs that Azure chose, which are those that an answer has first."""
    given: set[str] = {recorded_sequences.SUBSCRIPTION, recorded_sequences.TENANT}
    chosen: dict[str, str] = {}
    for step in copy.deepcopy(steps):
        shape = step.pop("shape", None)
        given.update(guid for guid in GUID.findall(json.dumps(step)) if guid not in chosen)
        for guid in GUID.findall(json.dumps(shape)):
            if guid not in given:
                chosen.setdefault(guid, f"{{guid {len(chosen) + 1}}}")
    return json.loads(GUID.sub(lambda found: chosen.get(found[0], found[0]), json.dumps(steps)))


def errors() -> list[dict[str, t.Any]]:
    """Return the table of recorded errors."""
    return [recorded_errors.fact(key, error) for key, error in recorded_errors.provoked().items()]


def written(table: t.Any) -> str:
    """Return a table as it is in its file: one line for each step."""
    if isinstance(table, list):
        return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in table) + "\n]\n"
    head = "".join(f"{json.dumps(name)}: {json.dumps(table[name])},\n" for name in ("tenant", "settings"))
    return "{\n" + head + '"steps": ' + written(table["steps"]).rstrip() + "\n}\n"


def main() -> None:
    """Write all tables."""
    FOLDER.mkdir(exist_ok=True)
    for title in recorded_sequences.SEQUENCES:
        (FOLDER / f"{title}.json").write_text(written(sequence(title)), encoding="utf-8")
    (FOLDER / "errors.json").write_text(written(errors()), encoding="utf-8")


if __name__ == "__main__":
    main()
