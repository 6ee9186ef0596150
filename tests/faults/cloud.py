# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator as the campaign uses it: many requests of the control API over one connection, and a foreign address."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from tests.emulator.client import Client
from tests.faults.estate import SEED
from tests.faults.scenarios import Scenario
from tests.support.emulator import Emulator, EmulatorError

__all__ = ["Cloud", "Foreign", "started"]


class Foreign:
    """An address on the emulator's own host that is not the emulator's: nobody may be sent there."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._socket.setblocking(False)
        self.url = f"https://127.0.0.1:{self._socket.getsockname()[1]}"

    def visits(self) -> int:
        """How many connections came since the last call."""
        count = 0
        while True:
            try:
                visitor, _address = self._socket.accept()
            except BlockingIOError:
                return count
            visitor.close()
            count += 1

    def close(self) -> None:
        """Give the address back."""
        self._socket.close()


class Cloud:
    """An emulator with the campaign's estate.

    :param emulator: runs with the seed of the estate
    """

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.url = emulator.url
        self.foreign = Foreign()
        # The emulator's CA alone: what the system trusts takes long to read, again in each run.
        ca = str(emulator.directory / "ca.pem")
        self.env = {**emulator.env, "REQUESTS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca}
        self._connection = http.client.HTTPSConnection(
            urlsplit(emulator.url).netloc, context=ssl.create_default_context(cafile=ca), timeout=60
        )
        self.client = Client(emulator)

    def control(self, method: str, name: str, body: object | None = None) -> Any:
        """Send a request to the control API and return its JSON; raises EmulatorError for a refusal."""
        data = None if body is None else json.dumps(body)
        self._connection.request(method, f"/_emulator/{name}", data)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise EmulatorError(f"{method} {name}: {said.decode(errors='replace')}")
        return json.loads(said)

    def put_forward(self, seconds: int) -> None:
        """Let time pass at once; tokens of before may have expired then."""
        self.control("POST", "time", {"advance": seconds})
        self.client = Client(self.emulator)

    def begin(self, scenario: Scenario) -> None:
        """Go back to the estate, as a scenario finds it, with an empty log."""
        self.control("POST", "reset")
        if scenario.settings:
            self.control("POST", "settings", dict(scenario.settings))
        for method, path, body in scenario.prepared:
            answer = self.client.send(method, path, body)
            assert answer.status < http.HTTPStatus.MULTIPLE_CHOICES, answer.body
        self.control("DELETE", "log")
        self.foreign.visits()

    def environment(self, scenario: Scenario) -> dict[str, str]:
        """The variables of a scenario's task."""
        return {
            name: value for name, value in self.env.items() if scenario.subscription or name != "AZURE_SUBSCRIPTION_ID"
        }

    def close(self) -> None:
        """Close the connection and the foreign address."""
        self._connection.close()
        self.foreign.close()


@contextmanager
def started() -> Iterator[Cloud]:
    """A cloud of one's own, in a temporary folder."""
    with TemporaryDirectory(prefix="faults-") as folder, Emulator.start(SEED, directory=Path(folder)) as emulator:
        cloud = Cloud(emulator)
        try:
            yield cloud
        finally:
            cloud.close()
