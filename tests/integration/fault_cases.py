# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request of a change times every fault: one VM for each, with what must become of it.

The change is always the same: a VM has id-web, and shall have id-cache too. That takes a read, a write, a poll of the
operation, and another read for the new identity's IDs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["BROKEN", "CASES", "THROTTLED", "Case", "seed_of"]

_RESOURCE, _OPERATION = "virtualMachines/{vm}[?]", "locations/region-{vm}/operations/"
# Each request of the change: how the emulator knows it, and which one of its kind it is.
REQUESTS = {
    "read": ("GET", _RESOURCE, 1),
    "write": ("PATCH", _RESOURCE, 1),
    "poll": ("GET", _OPERATION, 1),
    "reread": ("GET", _RESOURCE, 2),
}
THROTTLED = {"status": 429, "code": "TooManyRequests", "message": "Slow down."}
BROKEN = {"status": 500, "code": "InternalServerError", "message": "Encountered internal server error."}
_SOON = {"headers": {"Retry-After": "1"}}
# What passes if it is asked again. The last two break the connection after a write was made.
PASSING = {
    "429-soon": {**THROTTLED, **_SOON},
    "429": THROTTLED,
    "408": {"status": 408, "code": "RequestTimeout", "message": "Too slow."},
    "500": BROKEN,
    "503-soon": {**BROKEN, "status": 503, "code": "ServerBusy", **_SOON},
    "504-of-a-proxy": {"status": 504, "body": "<html>Gateway Timeout</html>"},
    "reset-before": {"reset": "before"},
    "reset-after": {"reset": "after"},
    "truncated": {"truncate": 20},
}
MADE_UNHEARD = ("reset-after", "truncated")
# What passes for a write if the VM is read and the change planned again.
REPLANNED = {
    "conflict": (409, "Conflict", "The request failed due to conflict with a concurrent request."),
    "etag": (412, "PreconditionFailed", 'Etag provided in if-match header "2" does not match etag "3" of resource.'),
    "in-progress": (
        409,
        "OperationNotAllowed",
        "Operation 'Update VM' is not allowed on VM 'x' since another operation is in progress.",
    ),
    "power": (409, "OperationNotAllowed", "An ongoing operation is changing power state of Virtual Machine x to off."),
    "pending-delete": (
        409,
        "FailedIdentityOperation",
        "Request specified that resource 'x' is new, but resource already exists. "
        "This may be due to a pending delete operation, try again later.",
    ),
    "platform": (409, "ResourceUpdateBlockedOnPlatformUpdate", "Blocked."),
}
# What does not pass: the answer to a write, and the remedy that the user is told.
REFUSED = {
    "deletion": (
        409,
        "OperationNotAllowed",
        "Operation 'Update VM' is not allowed on VM 'x' since the VM is marked for deletion.",
        "being deleted",
    ),
    "new-error": (400, "SomethingNew", "Nobody has heard of it.", ""),
    "tenant": (
        403,
        "LinkedAuthorizationFailed",
        "The client may, however the current tenant 'x' is not authorized to access linked subscription 'y'.",
        "the VM's own tenant",
    ),
}


@dataclass(frozen=True)
class Case:
    """A fault and what must become of the change.

    :param fault: without the request it hits, which are ``match`` and ``nth`` (None: each)
    :param patches: how many writes are sent; None if time decides
    :param applied: whether the change is there in the end
    :param says: what the failure must say; None for a success
    :param seconds: wait_timeout
    :param converges: whether the same task gets there once the fault is over
    """

    request: str
    fault: dict[str, Any]
    always: bool = False
    patches: int | None = 1
    applied: bool = True
    says: tuple[str, ...] | None = None
    seconds: int = 60
    converges: bool = True

    def emulated(self, vm: str) -> dict[str, Any]:
        """As the emulator takes it."""
        method, path, nth = REQUESTS[self.request]
        match = {"method": method, "path": path.replace("{vm}", vm)}
        return {"match": match, "action": self.fault, **({} if self.always else {"nth": nth})}


def _passing(request: str, kind: str, fault: dict[str, Any]) -> Case:
    again = request == "write" and kind not in MADE_UNHEARD
    return Case(request, fault, patches=2 if again else 1)


def _lasting(request: str, fault: dict[str, Any]) -> Case:
    heard = [str(fault["status"]), fault["code"], fault["message"]] if "code" in fault else []
    # The pauses before a sixth write, which would be the last, take 3.1 s at least: time is over first.
    says = ("wait_timeout of 3 s", "Run the task again") if request != "read" else ()
    return Case(
        request,
        fault,
        always=True,
        patches=None if request == "write" else int(request == "poll"),
        applied=request == "poll",
        says=(*heard, *says),
        seconds=3,
    )


def _answer(status: int, code: str, message: str) -> dict[str, Any]:
    return {"status": status, "code": code, "message": message}


def _operation(outcome: str, **fault: Any) -> dict[str, Any]:
    return {"operation": {"outcome": outcome, **fault}}


CASES: dict[str, Case] = {
    **{f"{request}-{kind}": _passing(request, kind, fault) for request in REQUESTS for kind, fault in PASSING.items()},
    **{
        f"{request}-{kind}-for-ever": _lasting(request, PASSING[kind])
        for request in ("read", "write")
        for kind in ("429-soon", "500", "reset-before")
    },
    "poll-reset-for-ever": _lasting("poll", PASSING["reset-before"]),
    **{f"write-{kind}": Case("write", _answer(*answer), patches=2) for kind, answer in REPLANNED.items()},
    "write-conflict-for-ever": _lasting("write", _answer(*REPLANNED["conflict"])),
    **{
        f"write-{kind}": Case(
            "write",
            _answer(status, code, message),
            applied=False,
            says=(str(status), code, message, remedy),
            always=True,
        )
        for kind, (status, code, message, remedy) in REFUSED.items()
    },
    **{
        # A token that is refused once is renewed, and the request sent again: Azure has done nothing.
        f"{request}-token-rejected": Case(request, {"reject_token": True}, patches=1 + (request == "write"))
        for request in REQUESTS
    },
    **{
        f"{request}-token-rejected-for-ever": Case(
            request,
            {"reject_token": True},
            always=True,
            patches=patches,
            applied=request == "poll",
            says=("401", "InvalidAuthenticationToken", "Azure does not accept the token"),
        )
        for request, patches in (("read", 0), ("write", 2), ("poll", 1))
    },
    "operation-failed": Case(
        "write",
        _operation("Failed", code="InternalExecutionError", message="Broken inside."),
        applied=False,
        says=("InternalExecutionError", "ended as Failed: Broken inside."),
    ),
    "operation-failed-but-applied": Case("write", _operation("Failed", effect="applied"), says=("ended as Failed",)),
    "operation-canceled": Case("write", _operation("Canceled"), applied=False, says=("ended as Canceled",)),
    "operation-preempted": Case("write", _operation("OperationPreempted"), patches=2),
    "operation-preempted-but-applied": Case("write", _operation("OperationPreempted", effect="applied")),
    "operation-never-ends": Case(
        "write",
        _operation("never"),
        says=("wait_timeout of 4 s", "the change that Azure has accepted", "Run the task again"),
        seconds=4,
        converges=False,
    ),
    "read-slow": Case("read", {"delay": 7}, patches=0, applied=False, says=("wait_timeout of 4 s",), seconds=4),
    "write-slow": Case("write", {"delay_after": 7}, says=("wait_timeout of 4 s",), seconds=4),
    "poll-slow": Case("poll", {"delay": 7}, says=("wait_timeout of 4 s",), seconds=4),
}


def seed_of(names: list[str]) -> list[dict[str, Any]]:
    """The VMs of these cases. Each is in a region of its own, by which its operations are known."""
    return [
        {
            "name": name,
            "group": "rg-web",
            "location": f"region-{name}",
            "tags": {"case": name},
            "user_identities": ["id-web"],
        }
        for name in names
    ]
