# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What a job did to virtual machines: a line for each, a sum, and lists for what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["OUTCOMES", "merge", "report"]

Result = Mapping[str, Any]
# What can have become of a VM, and the words for it in a job, and in one in check mode.
OUTCOMES: dict[str, tuple[str, str]] = {
    "changed": ("changed", "would change"),
    "unchanged": ("unchanged", "unchanged"),
    "failed": ("FAILED", "FAILED"),
    "untouched": ("not touched", "not looked at"),
}


@dataclass(frozen=True)
class _Fate:
    """What became of one VM.

    :param key: its ID, or GROUP/NAME where that is all that is known
    :param identity: as it is now, or would be; None where it is not known
    """

    key: str
    label: str
    outcome: str
    identity: Result | None = None
    message: str = ""


def report(read: Any, write: Any = None, grants: Any = None, *, check: bool = False) -> dict[str, Any]:
    """Sum up what a job has done.

    :param read: what the task registered that read the VMs, in a loop
    :param write: the same of the task that changed them, one VM in each item; None if it was not reached
    :param grants: the same of the task that settled their grants
    :param check: nothing was written
    """
    written = {_item(result).get("id") or _label(_item(result)): result for result in _results(write)}
    # A VM may have been named twice, each time in another way.
    found = (fate for result in _results(read) for fate in _fates(result, written, reached=bool(write)))
    fates = list({fate.key: fate for fate in found}.values())
    return _with_summary(
        {
            "lines": [_line(fate, check) for fate in fates],
            **{outcome: [fate.key for fate in fates if fate.outcome == outcome] for outcome in OUTCOMES},
            "principal_ids": {
                fate.key: fate.identity["principal_id"]
                for fate in fates
                if fate.identity and fate.identity.get("principal_id")
            },
            "grants": {fate: sum(bool(one.get(fate)) for one in _results(grants)) for fate in ("changed", "failed")},
            "check": check,
        }
    )


def merge(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One report of those of many hosts."""
    return _with_summary(
        {
            **{name: [item for one in reports for item in one[name]] for name in ("lines", *OUTCOMES)},
            "principal_ids": {key: value for one in reports for key, value in one["principal_ids"].items()},
            "grants": {fate: sum(one["grants"][fate] for one in reports) for fate in ("changed", "failed")},
            "check": any(one["check"] for one in reports),
        }
    )


def _results(registered: Any) -> list[Result]:
    """The results of a loop's items; none of a task that was skipped or not reached."""
    return [one for one in (registered or {}).get("results", []) if not one.get("skipped")]


def _item(result: Result) -> Result:
    item = result.get(result.get("ansible_loop_var", "item"), {})
    return item if isinstance(item, Mapping) else {}


def _label(item: Result) -> str:
    return f"{item.get('resource_group', '')}/{item.get('name', '')}"


def _fates(read: Result, written: Mapping[Any, Result], *, reached: bool) -> Iterator[_Fate]:
    item = _item(read)
    label = _label(item)
    if read.get("failed"):
        yield _Fate(label, label, "failed", message=_one_line(read))
    elif not read.get("vms") and label in written and not written[label].get("failed"):
        yield _Fate(label, label, "unchanged", message="There is no such virtual machine, and need not be.")
    elif not read.get("vms"):
        yield _Fate(label, label, "failed", message="There is no such virtual machine.")
    for vm in read.get("vms", []):
        yield _fate(vm, f"{vm['resource_group']}/{vm['name']}", written.get(vm["id"]), reached=reached)


def _fate(vm: Result, label: str, result: Result | None, *, reached: bool) -> _Fate:
    if result is None:
        return _Fate(vm["id"], label, "unchanged" if reached else "untouched", vm["identity"])
    identity = result.get("identity") or vm["identity"]
    if result.get("failed"):
        return _Fate(vm["id"], label, "failed", identity, _one_line(result))
    return _Fate(vm["id"], label, "changed" if result.get("changed") else "unchanged", identity)


def _one_line(result: Result) -> str:
    return " ".join(str(result.get("msg", "")).split())


def _line(fate: _Fate, check: bool) -> str:
    words = f"{fate.label}: {OUTCOMES[fate.outcome][check]}"
    if fate.message:
        return f"{words}: {fate.message}"
    return f"{words}; {_words(fate.identity, fate.outcome == 'changed')}" if fate.identity else words


def _words(identity: Result, changed: bool) -> str:
    system = "no system-assigned identity"
    if identity.get("system_assigned"):
        # In check mode Azure has yet to make it, with wait: false it has yet to tell.
        principal = identity.get("principal_id") or ("not known yet" if changed else "not known")
        system = f"system-assigned identity with principal ID {principal}"
    names = [entry["name"] for entry in identity.get("user_assigned", [])]
    return f"{system}, {'user-assigned ' + ', '.join(names) if names else 'no user-assigned one'}"


def _with_summary(found: dict[str, Any]) -> dict[str, Any]:
    check = found["check"]
    counts = {outcome: len(found[outcome]) for outcome in OUTCOMES}
    parts = [f"{number} {OUTCOMES[outcome][check].lower()}" for outcome, number in counts.items() if number]
    total = sum(counts.values())
    text = f"{total} virtual machine{'' if total == 1 else 's'}{': ' if parts else ''}{', '.join(parts)}."
    if any(found["grants"].values()):
        text += (
            f" Grants: {found['grants']['changed']} {OUTCOMES['changed'][check]}, {found['grants']['failed']} failed."
        )
    return {**found, "summary": text + (" Check mode: nothing was written." if check else "")}
