# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entra ID's errors: AADSTS codes, their OAuth errors and texts."""

from __future__ import annotations

import time
import uuid
from typing import Any

__all__ = ["EntraError"]

_STATUS = {"invalid_client": 401}


class EntraError(Exception):
    """A refusal of the token endpoint."""

    def __init__(self, code: int, error: str, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.code = code
        self.error = error
        self.message = message
        self.status = _STATUS.get(error, 400)
        self.extra = extra

    def body(self, correlation_id: str | None, base_url: str) -> dict[str, Any]:
        """Return the JSON body; the client's correlation ID comes back."""
        moment = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
        trace, correlation = str(uuid.uuid4()), correlation_id or str(uuid.uuid4())
        return {
            "error": self.error,
            "error_description": f"AADSTS{self.code}: {self.message} Trace ID: {trace} Correlation ID: {correlation} "
            f"Timestamp: {moment}",
            "error_codes": [self.code],
            "timestamp": moment,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"{base_url}/error?code={self.code}",
            **self.extra,
        }
