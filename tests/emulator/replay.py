# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Leads a cloud through a recording: each recorded request is sent again, and the answers are compared."""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

from emulator.cloud.model import Vm
from emulator.wire.path import parse
from tests.emulator.cloud import Cloud, Reply
from tests.emulator.recordings import Exchange, Mapping

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
TENANT = "54826b22-38d6-4fb2-bad9-b7b93a3e9c5a"
ANNOUNCING = ("azure-asyncoperation", "azure-asyncnotification", "location", "etag")
OPERATION_SECONDS = 6.0
REPLICATION_SECONDS = 30.0


@dataclasses.dataclass
class Replay:
    """A cloud that is led through a recording; `seen` are the numbers of what has been replayed."""

    cloud: Cloud
    mapping: Mapping = dataclasses.field(default_factory=Mapping)
    operations: dict[str, str] = dataclasses.field(default_factory=dict)
    seen: set[int] = dataclasses.field(default_factory=set)

    def step(
        self,
        exchange: Exchange,
        body: t.Any = None,
        *,
        edited: t.Sequence[str] = (),
        within: str = "",
        more: bool = False,
    ) -> None:
        """Send a recorded request and compare the answers.

        `edited`: properties whose content has changed in Azure since; `within`: of a list, only what is below this ID;
        `more`: objects may have further properties.
        """
        path = self._prepare(exchange)
        ours = self.cloud.send(exchange.method, path, self.mapping.translate(exchange.body if body is None else body))
        where = f"{exchange.number} {exchange.method} {exchange.path[:200]}"
        self.compare_heads(exchange, ours, where)
        if exchange.answer:
            theirs, mine = (without(_narrowed(shown(item), within), edited) for item in (exchange.json, ours.json))
            self.mapping.compare(theirs, common(theirs, mine) if more else mine)
            # Compute indents by two with CRLF, the others write one line.
            assert ours.text.startswith("{\r\n  ") == exchange.answer.startswith("{\r\n  "), where
        if "azure-asyncoperation" in exchange.headers:
            known, mine = exchange.headers["azure-asyncoperation"], ours.headers["azure-asyncoperation"]
            assert parse(path_of(mine)).template == parse(path_of(known)).template
            self.operations[parse(path_of(known)).name] = mine
        self.seen.add(exchange.number)

    def compare_heads(self, exchange: Exchange, ours: Reply, where: str) -> None:
        """Assert that status, kind of body and the headers that matter are the recorded ones."""
        assert ours.status == exchange.status, f"{where}: {ours.text}"
        for name in ANNOUNCING:
            assert (name in ours.headers) == (name in exchange.headers), f"{where}: {name}"
        assert ours.headers.get("etag") == exchange.headers.get("etag"), where
        if exchange.answer:
            expected_type = exchange.headers["content-type"].replace(" ", "")
            assert ours.headers["content-type"].replace(" ", "") == expected_type, where

    def _prepare(self, exchange: Exchange) -> str:
        """Make what a request needs, let the time pass until its operation ended, and return our path for it."""
        path = exchange.path.partition("?")[0]
        if parse(path).template == "group|microsoft.compute/virtualmachines/*" and exchange.method == "GET":
            self._know_vm(exchange)
        operation = self.operations.get(parse(path).name)
        if operation is not None and exchange.json["status"] != "InProgress":
            self.cloud.now += OPERATION_SECONDS
        if parse(path).types == ("roleAssignments",) and exchange.status == 201:
            self.cloud.now += REPLICATION_SECONDS
        return operation or exchange.path

    def know_group(self, group_id: str, body: t.Any) -> None:
        """Make a group that was there before the recording began."""
        if group_id.lower() not in self.cloud.world.store.groups:
            self.cloud.send("PUT", f"{group_id}?api-version=2022-09-01", body)

    def _know_vm(self, exchange: Exchange) -> None:
        """Make a VM, which a template made there, as its first answer shows it."""
        vm_id = exchange.path.partition("?")[0]
        if vm_id.lower() in self.cloud.world.store.vms:
            return
        body = self.mapping.translate(shown(exchange.json))
        self.put_vm(vm_id, body)
        self.know_group(vm_id.partition("/providers/")[0], {"location": body["location"]})

    def put_vm(self, vm_id: str, body: dict[str, t.Any]) -> None:
        """Make a VM as an answer shows it."""
        rest = {key: body[key] for key in body if key not in ("id", "name", "type", "location", "identity", "etag")}
        rest["properties"].pop("provisioningState", None)
        vm = Vm(body["id"], body["name"], vm_id.split("/")[4], body["location"], rest, body.get("identity"))
        self.cloud.world.store.vms[vm_id.lower()] = vm


def start(directory: Path, tenant: str = TENANT, kind: type[Replay] = Replay, **seed: t.Any) -> Replay:
    """Return a replay whose cloud has the recordings' subscription alone; operations and replication take time."""
    parts = {
        "tenants": [{"id": tenant}],
        "subscriptions": [{"id": SUBSCRIPTION}],
        "callers": [{"name": "main", "secret": "s"}],
        **seed,
    }
    times = {"operation_seconds": OPERATION_SECONDS, "replication_seconds": REPLICATION_SECONDS}
    return kind(Cloud(directory, parts, **times))


def path_of(url: str) -> str:
    """Return the path of a URL."""
    return "/" + url.partition("://")[2].partition("/")[2].partition("?")[0]


def shown(body: t.Any) -> t.Any:
    """Return a body without what only the running machine can tell."""
    if not isinstance(body, dict) or "properties" not in body:
        return body
    return {**body, "properties": {key: value for key, value in body["properties"].items() if key != "instanceView"}}


def common(wanted: t.Any, found: t.Any) -> t.Any:
    """Return of a found value what a wanted one has, too, and all of an identity."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        kept = {key: value for key, value in found.items() if key in wanted or key == "identity"}
        return {key: value if key == "identity" else common(wanted[key], value) for key, value in kept.items()}
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [common(*pair) for pair in zip(wanted, found, strict=True)]
    return found


def _narrowed(body: t.Any, scope: str) -> t.Any:
    if not scope:
        return body
    return {**body, "value": [item for item in body["value"] if item["id"].lower().startswith(scope.lower())]}


def without(value: t.Any, names: t.Sequence[str]) -> t.Any:
    """Return a value whose properties of these names only say that they are there."""
    if isinstance(value, dict):
        return {key: "..." if key in names else without(item, names) for key, item in value.items()}
    return [without(item, names) for item in value] if isinstance(value, list) else value
