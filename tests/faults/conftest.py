# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The campaign's fixtures and hooks: recordings made once, a cloud for each process, cells as tests, and a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.cloud import Cloud, started
from tests.faults.matrix import matrix, sample
from tests.faults.recording import Recording, record_all, recordings_from, recordings_to
from tests.faults.report import report

_RECORDINGS = pytest.StashKey[dict[str, Recording]]()
_HANDED_OVER = "fault_recordings"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The whole matrix takes too long for each push."""
    text = "which cells of the matrix to play: a sample, or all"
    parser.addoption("--faults", choices=("sample", "all"), default="sample", help=text)


def _recordings(config: pytest.Config) -> dict[str, Recording]:
    """What each scenario does without faults; a process of many gets it from the one that started it."""
    if _RECORDINGS not in config.stash:
        given = getattr(config, "workerinput", {}).get(_HANDED_OVER)
        config.stash[_RECORDINGS] = recordings_from(given) if given else record_all()
    return config.stash[_RECORDINGS]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """All processes must know the same cells."""
    node.workerinput[_HANDED_OVER] = recordings_to(_recordings(node.config))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The cells of one file may run anywhere, whatever else is said of the tests of a file."""
    from xdist.scheduler import LoadScheduling

    return LoadScheduling(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes a cell runs for each."""
    if "cell" in metafunc.fixturenames:
        cells = matrix(_recordings(metafunc.config))
        chosen = cells if metafunc.config.getoption("faults", "sample") == "all" else sample(cells)
        metafunc.parametrize("cell", chosen, ids=[cell.name for cell in chosen])


@pytest.fixture(scope="session")
def recordings(pytestconfig: pytest.Config) -> dict[str, Recording]:
    """What each scenario does without faults."""
    return _recordings(pytestconfig)


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """An emulator of this process's own."""
    with started() as cloud:
        yield cloud


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What came of the cells."""
    reports = [one for key in ("passed", "failed") for one in terminalreporter.stats.get(key, ())]
    verdicts = [dict(one.user_properties)["verdict"] for one in reports if "verdict" in dict(one.user_properties)]
    for line in report(verdicts):
        terminalreporter.write_line(line)
