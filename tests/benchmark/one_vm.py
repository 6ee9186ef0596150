# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times one task on one VM in a loop against the emulator, through both fronts, and prints a table.

A program with a report, not a test: it judges nothing. ``docs/benchmarks.md`` says what the figures mean.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.benchmark.cases import FRONTS, Case, Cost, Sample, cases, estate, measure  # noqa: E402
from tests.benchmark.processes import Imports, Process, bare_sdk, imports, module_processes  # noqa: E402
from tests.support.emulator import Emulator  # noqa: E402

MEGABYTE = 1024 * 1024
PACKAGES = ("ansible-core", "azure-core", "azure-mgmt-compute", "aiohttp")
HEAD = """\
                       ------------- one more item ------------- -- ratio of CPU to - --- first item ---
                        wall ms   in rounds   CPU ms requests      debug   bare SDK     wall s  peak MB"""
GOALS = {
    ("in_process", "no change"): 0.025,
    ("in_process", "change"): 0.060,
    ("module", "no change"): 0.7,
    ("module", "change"): 0.7,
}
GOAL_IMPORT = 0.45
GOAL_MEMORY = 80 * MEGABYTE


def main() -> None:
    """Measure and print."""
    options = _options()
    samples: dict[str, list[Sample]] = {}
    loaded: list[Imports] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Emulator.start(estate(options.items), directory=Path(folder) / "emulator") as emulator,
    ):
        chosen = cases(options.fronts)
        for number in range(options.rounds):
            for case in chosen:
                _say(f"round {number + 1}: {case.name}")
                sample = measure(case, emulator, options.items, Path(folder) / f"{number}-{case.name}")
                samples.setdefault(case.name, []).append(sample)
            for name, sample in bare_sdk(emulator, options.items).items():
                samples.setdefault(name, []).append(sample)
            loaded.append(imports(emulator.env))
        own = module_processes(emulator, Path(folder) / "metered") if "module" in options.fronts else []
    _report(options, chosen, samples)
    _report_processes(loaded, own)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="one_vm.py", description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=50, help="length of the loop (50)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds to take the medians of (3)")
    parser.add_argument("--fronts", nargs="+", choices=FRONTS, default=list(FRONTS), help="all of them by default")
    options = parser.parse_args()
    if options.items < 2 or options.rounds < 1:
        parser.error("--items must be at least 2, --rounds at least 1")
    return options


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(figures) for figures in zip(*costs, strict=True)))


def _report(options: argparse.Namespace, chosen: list[Case], samples: dict[str, list[Sample]]) -> None:
    found = {
        name: Sample(_median([one.first for one in rounds]), _median([one.item for one in rounds]))
        for name, rounds in samples.items()
    }
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(f"\nLoops of {options.items} items, medians of {options.rounds} rounds; {platform.machine()}, ", end="")
    print(f"{len(os.sched_getaffinity(0))} CPUs, load average {os.getloadavg()[0]:.1f}")
    print(f"Python {platform.python_version()}, {packages}\n")
    print(HEAD)
    for name, sample in found.items():
        case = next((case for case in chosen if case.name == name), None)
        bare = found[f"bare SDK, {case.change}"].item.cpu if case and case.change else None
        debug = found["debug"].item.cpu if case else None
        print(_row(name, sample, [one.item.wall for one in samples[name]], debug, bare))
    print("\nGoals per item, wall:")
    for (front, change), goal in GOALS.items():
        if front in options.fronts:
            _verdict(f"{front}, {change}", found[f"{front}, {change}"].item.wall * 1000, goal * 1000, "ms")


def _row(name: str, sample: Sample, walls: list[float], debug: float | None, bare: float | None) -> str:
    item, start = sample.item, sample.first
    spread = f"{min(walls) * 1000:.0f}..{max(walls) * 1000:.0f}"
    ratios = [f"{item.cpu / other:.1f}" if other else "-" for other in (debug, bare)]
    peak = f"{start.peak / MEGABYTE:.0f}" if start.peak else "-"
    return (
        f"{name:<22} {item.wall * 1000:8.1f} {spread:>12} {item.cpu * 1000:8.1f} {item.requests:8.1f}"
        f" {ratios[0]:>10} {ratios[1]:>10} {start.wall:10.2f} {peak:>8}"
    )


def _report_processes(loaded: list[Imports], own: list[Process]) -> None:
    base, code, sdk = (statistics.median(figures) for figures in zip(*loaded, strict=True))
    print(f"\nImports in a fresh process, CPU: AnsibleModule {base:.3f} s, our code {code:.3f} s, the SDK {sdk:.3f} s")
    _verdict("our code and the SDK", code + sdk, GOAL_IMPORT, "s")
    if own:
        wall, cpu = (statistics.median(figures) for figures in list(zip(*own, strict=True))[:2])
        print(f"The module's own process: wall {wall:.2f} s, CPU {cpu:.2f} s")
        _verdict("its peak memory", max(process.peak for process in own) / MEGABYTE, GOAL_MEMORY / MEGABYTE, "MB")


def _verdict(name: str, found: float, goal: float, unit: str) -> None:
    word = "reached" if found <= goal else "MISSED"
    print(f"  {name:<26} {found:8.4g} {unit}, goal {goal:g} {unit}: {word}")


if __name__ == "__main__":
    main()
