# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. azure-core's retries, deciding by our table of errors and never past a deadline."""

from __future__ import annotations

import time
from typing import Any

from ...core._rules import is_throttled_or_passing
from ...core.wire._retry_after import asked_to_wait
from ..net._connection import is_lasting
from ..net._deadline import Deadline
from ..net._sdk import (
    AsyncRetryPolicy,
    AzureError,
    ClientConnectorError,
    ClientHttpProxyError,
    ServiceRequestError,
    ServiceResponseError,
)

__all__ = ["ArmRetryPolicy", "was_sent"]

_TOO_MANY_REQUESTS = 429


def was_sent(error: AzureError) -> bool:
    """Whether Azure may have received a request that got no answer.

    azure-core calls every broken aiohttp connection a failed request; only a connection that was never made is one.
    """
    return not isinstance(error.inner_exception, (ClientConnectorError, ClientHttpProxyError))


class ArmRetryPolicy(AsyncRetryPolicy):
    """Retries throttled requests of any kind, and passing failures of reads.

    A write that may have reached Azure is never sent again from here: the engine reads first.
    Per request the option ``deadline`` (a Deadline) bounds all waits.
    """

    def __init__(self) -> None:
        super().__init__(retry_total=10, retry_status=10, retry_backoff_max=30)

    async def send(self, request: Any) -> Any:
        """Send a request, as often as it is worth it; policies that follow find its deadline in its context."""
        request.context["deadline"] = request.context.options["deadline"]
        return await super().send(request)

    def configure_retries(self, options: dict[str, Any]) -> dict[str, Any]:
        """azure-core's settings for one request, and our deadline beside them."""
        deadline = options.pop("deadline")
        return {**super().configure_retries(options), "deadline": deadline}

    def get_retry_after(self, response: Any) -> float | None:
        """Seconds that an answer asks to wait; azure-core itself fails where the header cannot be read."""
        return asked_to_wait(response.http_response.headers, time.time())

    def is_retry(self, settings: dict[str, Any], response: Any) -> bool:
        """Whether this answer asks for the same request again, and there is time for it."""
        status = response.http_response.status_code
        if not is_throttled_or_passing(status):
            return False
        if status != _TOO_MANY_REQUESTS and response.http_request.method not in settings["methods"]:
            return False
        deadline: Deadline = settings["deadline"]
        return deadline.allows(self.get_retry_after(response) or self.get_backoff_time(settings) * 2)

    def increment(self, settings: dict[str, Any], response: Any = None, error: Any = None) -> bool:
        """Count an attempt; False if there shall be no further one.

        azure-core has no count and no pause for an answer that broke off: to us it is one that did not come.
        """
        if error and not isinstance(error, (ServiceRequestError, ServiceResponseError)):
            error = ServiceResponseError(error, error=error)
        if (error and is_lasting(error)) or not settings["deadline"].allows(self.get_backoff_time(settings) * 2):
            return False
        return super().increment(settings, response=response, error=error)
