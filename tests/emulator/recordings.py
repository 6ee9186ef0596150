# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recorded traffic with Azure, found beside the repository or where MANAGED_IDENTITY_RECORDINGS says."""

from __future__ import annotations

import ast
import difflib
import json
import os
import re
import typing as t
from pathlib import Path

import yaml

from emulator.wire.path import parse

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_DISK = re.compile(r"(?<=_OsDisk_1_)[0-9a-f]{32}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")
_CONCERNED = {
    "microsoft.compute": ("virtualmachines", "virtualmachinescalesets", "locations/operations"),
    "microsoft.managedidentity": None,
    "microsoft.authorization": ("roledefinitions", "roleassignments", "locks", "permissions"),
}
FOLDER = Path(
    os.environ.get("MANAGED_IDENTITY_RECORDINGS") or Path(__file__).resolve().parents[2] / "../shared/recordings"
)


class Exchange(t.NamedTuple):
    """A recorded request and its answer; header names in lower case."""

    number: int
    method: str
    path: str
    body: t.Any
    status: int
    headers: dict[str, str]
    answer: str

    @property
    def json(self) -> t.Any:
        """The answer's body."""
        return json.loads(self.answer) if self.answer else None


def is_concerned(path: str) -> bool:
    """Whether a path is about VMs, scale sets, identities and their credentials, roles, assignments or locks."""
    parsed = parse(path.partition("?")[0])
    kinds = _CONCERNED.get(parsed.namespace.lower(), ())
    found = "/".join(parsed.types).lower()
    return kinds is None or any(found == kind or found.startswith(f"{kind}/") for kind in kinds)


def names() -> list[str]:
    """Return the names of all recordings of traffic that are there."""
    return sorted(file.name for file in FOLDER.glob("*") if file.suffix in (".yaml", ".json"))


def traffic(name: str) -> list[Exchange]:
    """Return the exchanges of a recording with ARM."""
    return session(name) if name.endswith(".json") else cassette(name)


def cassette(name: str) -> list[Exchange]:
    """Return the exchanges of a YAML cassette with ARM."""
    data = yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=_LOADER)
    found = []
    for index, item in enumerate(data["interactions"]):
        request, response = item["request"], item["response"]
        host, _slash, path = request["uri"].partition("://")[2].partition("/")
        if host != "management.azure.com":
            continue
        body = _request_body(request["body"])
        headers = {key.lower(): values[0] for key, values in response["headers"].items()}
        status, text = response["status"]["code"], response["body"]["string"]
        found.append(Exchange(index, request["method"], f"/{path}", body, status, headers, text))
    return found


def _request_body(text: str | None) -> t.Any:
    if not text:
        return None
    # The recorder wrote bodies that were bytes as Python shows them.
    return json.loads(ast.literal_eval(text) if text.startswith("b'") else text)


def session(name: str) -> list[Exchange]:
    """Return the exchanges of a JSON session record; it has no request bodies."""
    data = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    found = []
    for index, item in enumerate(data["networkCallRecords"]):
        answer = item["Response"]
        headers = {key.lower(): value for key, value in answer.items() if key not in ("Body", "StatusCode")}
        path = "/" + item["Uri"].partition("://")[2].partition("/")[2]
        text = answer.get("Body", "")
        found.append(Exchange(index, item["Method"], path, None, int(answer["StatusCode"]), headers, text))
    return found


def errors() -> list[dict[str, t.Any]]:
    """Return the recorded errors."""
    return [json.loads(line) for line in (FOLDER / "errors.jsonl").read_text(encoding="utf-8").splitlines()]


class Mapping:
    """Recorded GUIDs and ours, one to one; times and the ends of disks' names are all the same."""

    def __init__(self) -> None:
        self._ours: dict[str, str] = {}

    def pairs(self) -> dict[str, str]:
        """Return our GUIDs by the recorded ones."""
        return dict(self._ours)

    def translate(self, value: t.Any) -> t.Any:
        """Return a recorded value with our GUIDs for those that are known."""
        return json.loads(_GUID.sub(lambda found: self._ours.get(found[0], found[0]), json.dumps(value)))

    def compare(self, recorded: t.Any, answered: t.Any) -> None:
        """Assert that two JSON values are the same but for times, and for GUIDs that stand for one another."""
        texts = (json.dumps(item, sort_keys=True, indent=1) for item in (recorded, answered))
        expected, actual = (_DISK.sub("DISK", _TIME.sub("TIME", text)) for text in texts)
        theirs, ours = (_GUID.sub("GUID", text).splitlines() for text in (expected, actual))
        assert theirs == ours, "\n".join(difflib.unified_diff(theirs, ours, "Azure", "emulator", lineterm=""))
        for known, mine in zip(_GUID.findall(expected), _GUID.findall(actual), strict=True):
            assert self._ours.setdefault(known, mine) == mine, f"{known} was {self._ours[known]}, is {mine}"
        assert len(set(self._ours.values())) == len(self._ours)
