# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks through one front, or through both at once, each against an emulator of its own: they must do the same."""

from __future__ import annotations

import json
import re
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from tests.integration.ansible_run import Play, start_play
from tests.support.emulator import Emulator

__all__ = ["ESTATE", "Fronts"]

ESTATE = (Path(__file__).resolve().parents[2] / "emulator" / "seeds" / "estate.yml").read_text(encoding="utf-8")

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The signature at the end of an operation's URL.
_SIGNED = re.compile(r"(/operations/[^?\"\s]+)\?[^\"\s]*")


class Fronts:
    """Runs playbooks through one front or both. What is set, is set for the emulator of each."""

    def __init__(self, emulators: dict[str, Emulator], directory: Path) -> None:
        self._emulators = emulators
        self._directory = directory
        self._runs = count()
        self._fresh()

    def _fresh(self) -> None:
        self._known = {front: _guids(emulator) for front, emulator in self._emulators.items()}

    def seed(self, seed: dict[str, Any]) -> None:
        """Take another seed."""
        for emulator in self._emulators.values():
            emulator.seed(seed)
        self._fresh()

    def add(self, **more: list[dict[str, Any]]) -> None:
        """Seed the estate, and more of what a seed has, such as VMs."""
        seed = yaml.safe_load(ESTATE)
        self.seed({**seed, **{name: [*seed.get(name, []), *items] for name, items in more.items()}})

    def settings(self, **changes: Any) -> None:
        """Change settings."""
        for emulator in self._emulators.values():
            emulator.settings(**changes)

    def faults(self, *faults: dict[str, Any]) -> None:
        """Put faults in force; none at all takes all back."""
        for emulator in self._emulators.values():
            emulator.faults(*faults)

    def clear_log(self) -> None:
        """Forget the requests so far."""
        for emulator in self._emulators.values():
            emulator.clear_log()

    def each(self) -> list[Emulator]:
        """The emulators, for what must hold of each."""
        return list(self._emulators.values())

    @property
    def emulator(self) -> Emulator:
        """The emulator of the run that is returned."""
        return self._emulators["in_process"]

    def __call__(
        self, playbook: list[dict[str, Any]], *, rc: int = 0, env: dict[str, str] | None = None, **more: Any
    ) -> Play:
        """Run it; with both fronts the exit status and all results, warnings and requests must agree.

        :param rc: the exit status that is expected
        :param more: as of start_play
        """
        directory = self._directory / f"run{next(self._runs)}"
        running = {
            front: start_play(playbook, directory / front, {**emulator.env, **(env or {})}, front=front, **more)
            for front, emulator in self._emulators.items()
        }
        plays = {front: play.wait() for front, play in running.items()}
        for play in plays.values():
            assert play.rc == rc, play.output
            assert "Traceback" not in play.output, play.output
        if "module" in plays:
            assert self._told("module", plays["module"]) == self._told("in_process", plays["in_process"])
            assert self._sent("module") == self._sent("in_process")
        return plays["in_process"]

    def _told(self, front: str, play: Play) -> list[Any]:
        """The results without what differs from run to run."""
        lines = sorted(play.results, key=lambda line: line["host"])
        text = json.dumps(lines, sort_keys=True).replace(self._emulators[front].url, "https://emulator")
        return json.loads(self._anonymous(front, _SIGNED.sub(r"\1", text)))

    def _sent(self, front: str) -> list[Any]:
        """The requests about VMs: hosts run at once, but those about one VM are in order."""
        entries = self._emulators[front].log("/Microsoft.Compute/")
        lines = [
            [_SIGNED.sub(r"\1", entry["path"]), entry["method"], entry["status"], entry["body"]] for entry in entries
        ]
        lines = json.loads(self._anonymous(front, json.dumps(lines), numbered=False))
        return sorted(lines, key=lambda line: line[0])

    def _anonymous(self, front: str, text: str, *, numbered: bool = True) -> str:
        """IDs made on the way become numbers in the order in which they appear; those of the estate stay."""
        seen: dict[str, str] = {guid: guid for guid in self._known[front]}

        def name(match: re.Match[str]) -> str:
            return seen.setdefault(match.group(), f"guid-{len(seen) if numbered else ''}")

        return _GUID.sub(name, text)


def _guids(emulator: Emulator) -> set[str]:
    return set(_GUID.findall(json.dumps([emulator.state(), emulator.env])))
