# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Azure's limits, when they are switched on: what a request takes from which buckets, its counters and its 429."""

from __future__ import annotations

import json

from ..limits.buckets import Bucket
from ..limits.meter import Meter
from ..request.call import Call
from ..wire.errors import ArmError
from .limit_groups import CHARGED, arm_buckets, provider_buckets

__all__ = ["charge_arm", "charge_provider"]


def charge_arm(call: Call, meter: Meter) -> None:
    """Take Resource Manager's tokens; raises ArmError 429."""
    wanted = arm_buckets(call)
    empty = meter.spend(wanted)
    meter.headers.update({bucket.header: str(meter.left(bucket)[0]) for bucket in wanted})
    if empty is not None:
        bucket, seconds = empty
        raise _throttled_by_arm(call, bucket, seconds)


def charge_provider(call: Call, meter: Meter) -> None:
    """Take the resource provider's tokens; raises ArmError 429."""
    wanted = provider_buckets(call)
    empty = meter.spend(wanted)
    shown = [f"Microsoft.Compute/{item.name};{meter.left(item)[0]}" for item in wanted if item.header == CHARGED]
    if shown:
        meter.headers[CHARGED] = ",".join(shown)
    if empty is not None:
        bucket, seconds = empty
        raise (
            _throttled_by_compute(call, meter, bucket, seconds) if bucket.header else _throttled_by_identities(seconds)
        )


def _throttled_by_compute(call: Call, meter: Meter, bucket: Bucket, seconds: int) -> ArmError:
    allowed = meter.capacity(bucket)
    measured = {
        "operationGroup": bucket.name,
        "startTime": call.clock.date(meter.now - 60).isoformat(),
        "endTime": call.clock.date(meter.now).isoformat(),
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
