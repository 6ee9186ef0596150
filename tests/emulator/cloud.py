# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulated cloud without sockets, for tests that need no client: requests go straight to its dispatcher."""

from __future__ import annotations

import dataclasses
import io
import json
import typing as t
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from multidict import CIMultiDict

from emulator.base.clock import Clock
from emulator.base.log import RequestLog
from emulator.cloud.model import Outcome
from emulator.dispatch import Request, dispatch, who
from emulator.world import World

TENANT = "5a1d6c3e-0b7f-4f3c-9c53-0f4e1d2b8a10"
OTHER_TENANT = "c0ffee00-52aa-4a0b-8f4e-6a3c0e9b7d21"
SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
SECOND = "22222222-3333-4444-8555-666666666666"
FOREIGN = "99999999-aaaa-4bbb-8ccc-dddddddddddd"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm"
BASE = "https://127.0.0.1:8443"
VERSION = "2024-07-01"


def uai(name: str, *, subscription: str = SUBSCRIPTION, group: str = "rg") -> str:
    """Return the ID of a user-assigned identity."""
    kind = "Microsoft.ManagedIdentity/userAssignedIdentities"
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{kind}/{name}"


A, B, C = uai("a"), uai("b"), uai("c")
SEED: dict[str, t.Any] = {
    "tenants": [
        {"id": TENANT, "name": "Contoso", "domain": "contoso.onmicrosoft.com"},
        {"id": OTHER_TENANT, "name": "Fabrikam", "domain": "fabrikam.onmicrosoft.com"},
    ],
    "subscriptions": [
        {"id": SUBSCRIPTION, "name": "First"},
        {"id": SECOND, "name": "Second"},
        {"id": FOREIGN, "name": "Foreign", "tenant": OTHER_TENANT},
    ],
    "groups": [{"name": "rg"}, {"name": "rg2", "subscription": "Second"}],
    "identities": [
        {"name": "a", "group": "rg"},
        {"name": "b", "group": "rg"},
        {"name": "c", "group": "rg"},
        {"name": "shared", "group": "rg2", "subscription": "Second"},
    ],
    "vms": [{"name": "vm", "group": "rg"}],
    "callers": [
        {"name": "main", "client_id": "main-client", "object_id": "main-object", "secret": "main-secret"},
        {
            "name": "limited",
            "client_id": "limited-client",
            "object_id": "limited-object",
            "secret": "limited-secret",
            "roles": [{"role": "Virtual Machine Contributor", "scope": f"/subscriptions/{SUBSCRIPTION}"}],
        },
        {"name": "foreigner", "tenant": OTHER_TENANT, "object_id": "foreign-object", "secret": "foreign-secret"},
    ],
}


@dataclasses.dataclass
class Reply:
    """An answer."""

    status: int
    headers: CIMultiDict[str]
    text: str

    @property
    def json(self) -> t.Any:
        """The body as JSON."""
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The error's code."""
        return t.cast("str", self.json["error"]["code"])

    @property
    def message(self) -> str:
        """The error's message."""
        return t.cast("str", self.json["error"]["message"])


class Cloud:
    """A world with a clock that tests turn."""

    def __init__(self, directory: Path, seed: object = None, **settings: t.Any) -> None:
        self.now, self.directory = 1000.0, directory
        clock = Clock(lambda: self.now)
        self.world = World(seed or SEED, settings, RequestLog(io.BytesIO(), quiet=True), directory, clock)
        self._tokens: dict[str, str] = {}

    def token(self, caller: str = "main") -> str:
        """Return a token of a caller with a secret."""
        if caller not in self._tokens:
            found = next(item for item in self.world.store.callers.values() if item.name == caller)
            form = {
                "grant_type": "client_credentials",
                "client_id": found.client_id,
                "client_secret": found.secrets[0],
                "scope": "https://management.azure.com/.default",
            }
            self._tokens[caller] = self.form(f"/{found.tenant}/oauth2/v2.0/token", form).json["access_token"]
        return self._tokens[caller]

    def form(self, path: str, form: t.Mapping[str, str], **headers: str) -> Reply:
        """POST a form."""
        given = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.raw("POST", path, urlencode(form).encode(), given)

    def raw(
        self, method: str, path: str, body: bytes = b"", headers: t.Mapping[str, str] | None = None, **outcome: t.Any
    ) -> Reply:
        """Send anything; `path` may have a query or be a whole URL."""
        path, _mark, query = path.removeprefix(BASE).partition("?")
        request = Request(method, path, dict(parse_qsl(query)), CIMultiDict(headers or {}), body, BASE)
        answer = dispatch(self.world, request, who(self.world, request), Outcome(**outcome) if outcome else None)
        self.now += answer.seconds
        return Reply(answer.status, CIMultiDict(answer.headers), answer.body.decode())

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        caller: str = "main",
        version: str = VERSION,
        headers: t.Mapping[str, str] | None = None,
        **outcome: t.Any,
    ) -> Reply:
        """Send a request to ARM as a caller."""
        if "api-version=" not in path:
            path += f"{'&' if '?' in path else '?'}api-version={version}"
        given = {"Authorization": f"Bearer {self.token(caller)}", **(headers or {})}
        data = b"" if body is None else json.dumps(body).encode()
        return self.raw(method, path, data, given, **outcome)

    def patch(self, identity: object, vm: str = VM, **options: t.Any) -> Reply:
        """PATCH a VM's identity."""
        return self.send("PATCH", vm, {"identity": identity}, **options)

    def identity(self, vm: str = VM) -> dict[str, t.Any] | None:
        """Return a VM's identity as GET shows it."""
        return t.cast("dict[str, t.Any] | None", self.send("GET", vm).json.get("identity"))
