# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers that a process gets, as they come out of the SDK's transport: what a fault then spoils is the truth."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Heard", "listened"]

# Method, path with query, and the JSON of the answer, None where it is not JSON.
Heard = tuple[str, str, Any]


def listened() -> list[Heard]:
    """A list that every answer joins that comes from now on in this process."""
    from azure.core.pipeline.transport import AioHttpTransport

    heard: list[Heard] = []
    send = AioHttpTransport.send

    async def listening(self: Any, request: Any, **options: Any) -> Any:
        response = await send(self, request, **options)
        url = urlsplit(request.url)
        path = f"{url.path}?{url.query}" if url.query else url.path
        heard.append((request.method, path, _json(response)))
        return response

    AioHttpTransport.send = listening  # type: ignore[method-assign]
    return heard


def _json(response: Any) -> Any:
    try:
        return json.loads(response.content)
    except ValueError:
        return None
