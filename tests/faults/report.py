# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report: what came of each kind of fault, and a line for each thing that is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["report"]

_ENDINGS = ("right end state", "clean failure", "WRONG")
_LONGEST = 400


def report(verdicts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The lines.

    :param verdicts: of each cell its name (``cell``), ``ending`` and ``wrongs``, each with kind, expected and came
    """
    if not verdicts:
        return
    yield from _wrongs(verdicts)
    yield from _table("fault", Counter((_fault(one), one["ending"]) for one in verdicts))
    kinds = Counter(kind for one in verdicts for kind in {wrong["kind"] for wrong in one["wrongs"]})
    yield f"{len(verdicts)} cells, {sum(one['ending'] == _ENDINGS[-1] for one in verdicts)} WRONG"
    yield from (f"  {count:6} {kind}" for kind, count in kinds.most_common())


def _wrongs(verdicts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in sorted(verdicts, key=lambda one: one["cell"]):
        for wrong in one["wrongs"]:
            expected, came = (" ".join(wrong[key].split())[:_LONGEST] for key in ("expected", "came"))
            yield f"WRONG {one['cell']}: {wrong['kind']}: expected {expected}; came: {came}"


def _fault(verdict: Mapping[str, Any]) -> str:
    return verdict["cell"].split("/")[2]


def _table(title: str, counts: Counter[tuple[str, str]]) -> Iterator[str]:
    names = sorted({name for name, _ending in counts})
    width = max(map(len, names))
    yield f"{title:{width}}  " + "  ".join(_ENDINGS)
    for name in names:
        numbers = "  ".join(f"{counts[name, ending]:{len(ending)}}" for ending in _ENDINGS)
        yield f"{name:{width}}  {numbers}"
