# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for AWX's API, as far as the modules of awx.awx need it to set AWX up: it keeps what it is given.

It refuses what AWX refuses of surveys, credential types, playbooks that a project does not have, and prompts that a
template does not ask for. No job runs here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.awx.credential_types import credential_type_faults
from tests.support.awx.surveys import survey_faults

__all__ = ["Awx", "serving"]

TOKEN = "stand-in-token"
_TYPES = {"inventories": "inventory", "workflow_approval_templates": "workflow_approval_template"}
_PROMPTS = ("diff_mode", "job_type", "verbosity", "limit", "inventory")
Json = dict[str, Any]


class Refused(Exception):
    """AWX's answer 400."""


class Awx:
    """What AWX holds: kind -> ID -> item; surveys and associations by their URLs."""

    def __init__(self, project: Path) -> None:
        self.items: dict[str, dict[int, Json]] = {}
        self.surveys: dict[str, Json] = {}
        self.linked: dict[str, list[int]] = {}
        self.writes: list[tuple[str, str]] = []
        self._project = project
        self.create("organizations", {"name": "Default"})

    def names(self, kind: str) -> list[str]:
        """The names of the items of a kind."""
        return sorted(item["name"] for item in self.items.get(kind, {}).values())

    def find(self, kind: str, query: dict[str, str]) -> list[Json]:
        """The items of a kind that a list has with these filters."""
        if kind == "unified_job_templates":
            return [item for part in ("job_templates", "workflow_job_templates") for item in self.find(part, query)]
        items = list(self.items.get(kind, {}).values())
        either = {name[4:]: value for name, value in query.items() if name.startswith("or__")}
        wanted = {name: value for name, value in query.items() if not name.startswith("or__") and name != "page_size"}
        found = [item for item in items if all(str(item.get(name)) == value for name, value in wanted.items())]
        return [item for item in found if not either or any(str(item[name]) == either[name] for name in either)]

    def create(self, kind: str, body: Json) -> Json:
        """Make an item."""
        number = sum(map(len, self.items.values())) + 1
        url = f"/api/v2/{kind}/{number}/"
        item = {
            "id": number,
            "url": url,
            "type": _TYPES.get(kind, kind[:-1]),
            "related": {"survey_spec": f"{url}survey_spec/"},
            "summary_fields": {},
            "scm_revision": "0" * 40,
            **body,
        }
        self._check(kind, item)
        self.items.setdefault(kind, {})[number] = item
        return item

    def change(self, kind: str, number: int, body: Json) -> Json:
        """Change an item."""
        item = {**self.items[kind][number], **(_of_approval(body) if kind == "workflow_approval_templates" else body)}
        self._check(kind, item)
        self.items[kind][number] = item
        return item

    def approve(self, node: int, body: Json) -> Json:
        """Make a node one that waits for an approval."""
        template = self.create("workflow_approval_templates", _of_approval(body))
        self.items["workflow_job_template_nodes"][node]["unified_job_template"] = template["id"]
        self.items["workflow_job_template_nodes"][node]["related"]["unified_job_template"] = template["url"]
        return template

    def _check(self, kind: str, item: Json) -> None:
        faults = credential_type_faults(item) if kind == "credential_types" else []
        if kind == "job_templates" and not (self._project / item["playbook"]).is_file():
            faults.append("Playbook not found for project.")
        if kind == "hosts" and not isinstance(json.loads(item["variables"]), dict):
            faults.append("Must be a mapping.")
        if kind == "workflow_job_template_nodes" and item.get("unified_job_template"):
            asked = self.items["job_templates"].get(item["unified_job_template"], {})
            faults += [
                f"{name}: Field is not configured to prompt on launch."
                for name in _PROMPTS
                if name in item and asked and not asked.get(f"ask_{name}_on_launch")
            ]
        if faults:
            raise Refused("; ".join(faults))


def _of_approval(body: Json) -> Json:
    """What AWX takes for an approval, of all that the module sends."""
    return {name: value for name, value in body.items() if name in ("name", "description", "timeout")}


class _Handler(BaseHTTPRequestHandler):
    awx: Awx

    def do_GET(self) -> None:
        """Lists, items, surveys, associations."""
        url = urlsplit(self.path)
        kind, *rest = url.path.removeprefix("/api/v2/").strip("/").split("/")
        if not rest:
            self._list(self.awx.find(kind, dict(parse_qsl(url.query))))
        elif len(rest) == 1:
            self._answer(200, self.awx.items[kind][int(rest[0])])
        elif rest[1] == "survey_spec":
            self._answer(200, self.awx.surveys.get(url.path, {}))
        else:
            self._list([{"id": number} for number in self.awx.linked.get(url.path, [])])

    def do_POST(self) -> None:
        """New items, surveys, associations."""
        path, body = urlsplit(self.path).path, self._body()
        kind, *rest = path.removeprefix("/api/v2/").strip("/").split("/")
        if not rest:
            self._try(201, lambda: self.awx.create(kind, body))
        elif rest[1] == "create_approval_template":
            self._try(201, lambda: self.awx.approve(int(rest[0]), body))
        elif rest[1] == "survey_spec":
            faults = survey_faults(body)
            self.awx.surveys[path] = body
            self._answer(400 if faults else 200, {"error": "; ".join(faults)} if faults else {})
        else:
            there = self.awx.linked.setdefault(path, [])
            (there.remove if body.get("disassociate") else there.append)(body["id"])
            self._answer(204, None)

    def do_PATCH(self) -> None:
        """Changed items."""
        kind, number = urlsplit(self.path).path.removeprefix("/api/v2/").strip("/").split("/")
        self._try(200, lambda: self.awx.change(kind, int(number), self._body()))

    def _body(self) -> Json:
        self.awx.writes.append((self.command, self.path))
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def _try(self, status: int, act: Any) -> None:
        try:
            self._answer(status, act())
        except Refused as refused:
            self._answer(400, {"__all__": [str(refused)]})

    def _list(self, items: list[Json]) -> None:
        self._answer(200, {"count": len(items), "next": None, "results": items})

    def _answer(self, status: int, body: Any) -> None:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            status, body = 401, {}
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing on stderr."""


@contextmanager
def serving(awx: Awx) -> Iterator[dict[str, str]]:
    """Serve it; gives the variables by which awx.awx finds it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"awx": awx}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield {"CONTROLLER_HOST": f"http://127.0.0.1:{server.server_port}", "CONTROLLER_OAUTH_TOKEN": TOKEN}
    finally:
        server.shutdown()
        server.server_close()
