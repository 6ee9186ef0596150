# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bare client over TLS: standard library only, so that it does what it is told and nothing else."""

from __future__ import annotations

import dataclasses
import http.client
import json
import ssl
import typing as t
from urllib.parse import urlencode, urlsplit

from tests.support.emulator import Emulator


@dataclasses.dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> t.Any:
        """The body as JSON."""
        return json.loads(self.body)


class Client:
    """Speaks to a running emulator as one of its callers."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._tls = ssl.create_default_context(cafile=str(emulator.directory / "ca.pem"))
        self._token = ""

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        *,
        timeout: float = 20.0,
    ) -> Answer:
        """Send a request with a token; raises what http.client and ssl raise."""
        data = json.dumps(body) if body is not None else None
        given = {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json", **(headers or {})}
        return self.raw(method, path, data, given, timeout=timeout)

    def token(self) -> str:
        """Return a token of the caller in env.sh, which is kept."""
        if not self._token:
            env = self.emulator.env
            form = {
                "grant_type": "client_credentials",
                "client_id": env["AZURE_CLIENT_ID"],
                "client_secret": env["AZURE_SECRET"],
                "scope": "https://management.azure.com/.default",
            }
            path = f"/{env['AZURE_TENANT']}/oauth2/v2.0/token"
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            self._token = self.raw("POST", path, urlencode(form), kind).json["access_token"]
        return self._token

    def raw(
        self, method: str, path: str, data: str | None, headers: dict[str, str], *, timeout: float = 20.0
    ) -> Answer:
        """Send exactly this."""
        url = urlsplit(self.emulator.url)
        connection = http.client.HTTPSConnection(url.netloc, context=self._tls, timeout=timeout)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
