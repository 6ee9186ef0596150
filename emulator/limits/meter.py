# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Azure's limits, when they are switched on: what a request takes from which buckets, its counters and its 429."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..arm.limit_groups import Bucket, arm_buckets, provider_buckets
from ..wire.errors import ArmError
from .buckets import Buckets, Size

if TYPE_CHECKING:
    from ..base.clock import Clock
    from ..request.call import Call

__all__ = ["Limits", "Meter"]

_CHARGED = "x-ms-ratelimit-remaining-resource"


class Limits:
    """All buckets of the cloud."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets = Buckets()

    def counts(self) -> dict[str, int]:
        """Return how many buckets are kept and how many had to go."""
        return self._buckets.levels.counts()

    def refill(self) -> None:
        """Fill all buckets."""
        self._buckets.refill()

    def meter(self, sizes: Mapping[str, Size]) -> Meter:
        """Return the meter of one request."""
        return Meter(self._buckets, sizes, self._clock)


class Meter:
    """What one request takes. `headers` are the counters that its answer must show."""

    def __init__(self, buckets: Buckets, sizes: Mapping[str, Size], clock: Clock) -> None:
        self._buckets = buckets
        self._sizes = sizes
        self._clock = clock
        self._now = clock()
        self.headers: dict[str, str] = {}

    def front_door(self, call: Call) -> None:
        """Take Resource Manager's tokens; raises ArmError 429."""
        wanted = arm_buckets(call)
        empty = self.spend(wanted)
        self.headers.update({bucket.header: str(self._left(bucket)) for bucket in wanted})
        if empty is not None:
            bucket, seconds = empty
            raise _throttled_by_arm(call, bucket, seconds)

    def provider(self, call: Call) -> None:
        """Take the resource provider's tokens; raises ArmError 429."""
        wanted = provider_buckets(call)
        empty = self.spend(wanted)
        shown = [f"Microsoft.Compute/{item.name};{self._left(item)}" for item in wanted if item.header == _CHARGED]
        if shown:
            self.headers[_CHARGED] = ",".join(shown)
        if empty is not None:
            bucket, seconds = empty
            raise self._throttled_by_compute(bucket, seconds) if bucket.header else _throttled_by_identities(seconds)

    def spend(self, wanted: Sequence[Bucket]) -> tuple[Bucket, int] | None:
        """Take the tokens of all buckets, or of none and return the one that is empty and the seconds to wait."""
        for bucket in wanted:
            seconds = self._buckets.wait(bucket.key, self._sizes[bucket.name], self._now, bucket.tokens)
            if seconds:
                return bucket, seconds
        for bucket in wanted:
            self._buckets.take(bucket.key, self._sizes[bucket.name], self._now, bucket.tokens)
        return None

    def left(self, bucket: Bucket) -> tuple[int, int]:
        """Return how many whole tokens a bucket has, and the seconds until it is full."""
        size = self._sizes[bucket.name]
        return self._left(bucket), self._buckets.wait(bucket.key, size, self._now, int(size.capacity))

    def _left(self, bucket: Bucket) -> int:
        return int(self._buckets.level(bucket.key, self._sizes[bucket.name], self._now) + 1e-9)

    def _throttled_by_compute(self, bucket: Bucket, seconds: int) -> ArmError:
        size = self._sizes[bucket.name]
        allowed = int(size.capacity)
        measured = {
            "operationGroup": bucket.name,
            "startTime": self._clock.date(self._now - 60).isoformat(),
            "endTime": self._clock.date(self._now).isoformat(),
            "allowedRequestCount": allowed,
            "measuredRequestCount": allowed + 1,
        }
        detail = {"code": "TooManyRequests", "target": bucket.name, "message": json.dumps(measured)}
        return ArmError(
            429,
            "OperationNotAllowed",
            "The server rejected the request because too many requests have been received for this subscription.",
            gateway=False,
            pretty=True,
            extra={"details": [detail]},
            headers={"Retry-After": str(seconds)},
        )


def _throttled_by_arm(call: Call, bucket: Bucket, seconds: int) -> ArmError:
    kind = bucket.header.rpartition("-")[2].rstrip("s")
    where = f"subscription '{call.path.subscription}'" if call.path.subscription else f"tenant '{call.caller.tenant}'"
    code = "SubscriptionRequestsThrottled" if call.path.subscription else "TenantRequestsThrottled"
    message = (
        f"Number of '{kind}' requests for {where} actor '{call.caller.object_id}' exceeded. Please try again after "
        f"'{seconds}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for "
        "additional information."
    )
    return ArmError(429, code, message, headers={"Retry-After": str(seconds)})


def _throttled_by_identities(seconds: int) -> ArmError:
    message = f"Too many requests. Please try again after '{seconds}' seconds."
    return ArmError(429, "TooManyRequests", message, gateway=False, headers={"Retry-After": str(seconds)})
