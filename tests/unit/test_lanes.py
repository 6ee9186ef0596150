# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lanes in which sessions run: two at a time, each one's output whole, and nothing left when they are stopped."""

from __future__ import annotations

import ast
import io
import sys
import threading
import time
from pathlib import Path

from tests.tools.lanes import SESSIONS, Ended, Lanes, table

# Says that it runs, waits for the other one, and says that it has met it.
MEETS = """
import pathlib, sys, time
mine, other = map(pathlib.Path, sys.argv[1:])
print("begun", flush=True)
mine.touch()
end = time.monotonic() + 20
while not other.exists() and time.monotonic() < end:
    time.sleep(0.01)
print("met" if other.exists() else "alone")
sys.exit(mine.name == "b")
"""
WAITS = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"


def test_two_at_a_time_and_each_ones_output_whole(tmp_path: Path) -> None:
    out = io.BytesIO()
    other = {"a": "b", "b": "a", "c": "a"}
    lanes = Lanes(lambda name: [sys.executable, "-c", MEETS, str(tmp_path / name), str(tmp_path / other[name])], out)
    lanes.run(("a", "b", "c"))
    for name in other:
        assert f"=== {name} ===\nbegun\nmet\n" in out.getvalue().decode()
    assert {one.session: one.status for one in lanes.ended} == {"a": 0, "b": 1, "c": 0}
    assert all(one.wall > 0 and one.cpu > 0 for one in lanes.ended)


def test_what_is_stopped_leaves_nothing_and_begins_nothing(tmp_path: Path) -> None:
    lanes = Lanes(lambda name: [sys.executable, "-c", WAITS, str(tmp_path / name)], io.BytesIO())
    runner = threading.Thread(target=lanes.run, args=(("a", "b", "c"),))
    runner.start()
    while not ((tmp_path / "a").exists() and (tmp_path / "b").exists()):
        time.sleep(0.01)
    lanes.stop()
    runner.join(20)
    assert not runner.is_alive()
    assert sorted(one.session for one in lanes.ended) == ["a", "b"]
    assert all(one.status != 0 for one in lanes.ended)
    assert not (tmp_path / "c").exists()


def test_the_table_tells_what_failed() -> None:
    lines = table([Ended("lint", 0, 10.2, 9.8), Ended("units", 1, 61.0, 100.0)], 61.4).split("\n")
    assert lines[1].split() == ["lint", "ok", "10", "s", "10", "CPU", "s"]
    assert lines[2].split() == ["units", "FAILED", "(1)", "61", "s", "100", "CPU", "s"]
    assert lines[3].split() == ["all", "1", "failed", "61", "s", "110", "CPU", "s"]


def test_no_session_of_ci_is_forgotten() -> None:
    tree = ast.parse((Path(__file__).resolve().parents[2] / "noxfile.py").read_text(encoding="utf-8"))
    (default,) = [node.value for node in tree.body if ast.unparse(node).startswith("DEFAULT = ")]
    assert sorted(SESSIONS) == sorted(ast.literal_eval(default))
