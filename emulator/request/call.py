# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request to ARM on its way through the emulator."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ..base.clock import Clock
from ..base.read_json import read_json
from ..cloud.history import History
from ..cloud.model import Caller, Outcome
from ..cloud.settings import Settings
from ..cloud.store import Store
from ..limits.meter import Meter
from ..wire.answers import Answer
from ..wire.bodies import mapping
from ..wire.errors import ArmError, invalid_content
from ..wire.path import ArmPath, parse

__all__ = ["Call", "mapping"]

_PLAIN = "$,:'()"


@dataclasses.dataclass(slots=True)
class Call:
    """Everything that a handler may look at; `now` is a time of the clock, `outcome` is a fault's will.

    `forward` takes another request to its handler.
    """

    store: Store
    settings: Settings
    method: str
    path: ArmPath
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    caller: Caller
    base_url: str
    now: float
    clock: Clock
    history: History
    forward: Callable[[Call], Answer]
    outcome: Outcome | None = None
    version: str = ""
    meter: Meter | None = None

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object; raises ArmError 400 InvalidRequestContent."""
        try:
            value = read_json(self.body)
        except ValueError as error:
            reason = f"Unexpected character encountered while parsing value: {error}. Path '', line 0, position 0."
            raise invalid_content(reason) from error
        if not isinstance(value, dict):
            raise invalid_content("Error converting value to a JSON object. Path '', line 1, position 1.")
        return value

    def again(self, method: str, resource_id: str, version: str, body: bytes = b"") -> Answer:
        """Send a request on behalf of the caller, as a deployment does for each of its resources; raises ArmError."""
        path, query = parse(resource_id), {"api-version": version}
        again = dataclasses.replace(self, method=method, path=path, query=query, headers={}, body=body, version="")
        return self.forward(again)

    @property
    def group_id(self) -> str:
        """The ID of the resource group in the path, in ARM's spelling."""
        return f"/subscriptions/{self.path.subscription}/resourceGroups/{self.path.group}"

    def option(self, name: str) -> str:
        """Return a query option, whose name has no case; empty if it is not there."""
        return next((value for key, value in self.query.items() if key.lower() == name.lower()), "")

    def number(self, name: str) -> int | None:
        """Return a query option that is a number, None if it is not there; raises ArmError 400."""
        text = self.option(name)
        if not text:
            return None
        if not (text.isascii() and text.isdecimal()):
            raise ArmError(400, "BadRequest", f"The value '{text}' of '{name}' is invalid.")
        # Nine digits are more than there can be.
        return int(text[:9])

    def page(self, items: Sequence[tuple[str, Any]], *, top: bool = False) -> tuple[list[Any], str | None]:
        """Cut one page out of items sorted by their keys; return it and the link to the next one, or None.

        With `top` the request may say how long its pages are.
        """
        size = (self.number("$top") or 0) if top else 0
        try:
            after = bytes.fromhex(self.option("$skiptoken")).decode()
        except ValueError as error:
            raise ArmError(400, "BadRequest", "The skip token is invalid.") from error
        rest = [item for item in items if item[0] > after]
        page = rest[: min(size or self.settings.page_size, self.settings.page_size)]
        if len(rest) == len(page):
            return [item for _key, item in page], None
        others = "&".join(
            f"{name}={quote(value, safe=_PLAIN)}" for name, value in self.query.items() if name.lower() != "$skiptoken"
        )
        token = page[-1][0].encode().hex()
        link = f"{self.base_url}{self.path.resource_id}?{others}&$skiptoken={token}"
        return [item for _key, item in page], link
