# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder of the output: whose it is, who has it, and that nothing leaves it by a link."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from emulator.base.fields import SeedError
from emulator.base.folder import Folder
from tests.emulator.client import Client
from tests.emulator.cloud import SEED, Cloud
from tests.support.emulator import Emulator, EmulatorError, refused_start

FILES = ["env.sh", "ca.pem", "ca-bundle.pem", "requests.jsonl", "certified.pem", "pipeline.jwt"]


def mode(path: Path) -> int:
    """Return a file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    with Emulator.start(directory=folder):
        assert mode(folder) == 0o755
        assert {mode(folder / name) for name in FILES if not name.startswith("ca")} == {0o600}
    assert mode(folder) == 0o755


def test_a_folder_that_it_makes_is_its_owners(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert Folder.made(tmp_path / "new" / "inner").path == tmp_path / "new" / "inner"
    finally:
        os.umask(before)
    assert (mode(tmp_path / "new"), mode(tmp_path / "new" / "inner")) == (0o700, 0o700)


def test_one_emulator_at_a_time(tmp_path: Path) -> None:
    with Emulator.start(directory=tmp_path) as running:
        files = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "stderr.log"}
        code, text = refused_start("--out", str(tmp_path))
        assert (code, text) == (2, f"emulator: {tmp_path} is in use by another emulator\n")
        assert {name: (tmp_path / name).read_bytes() for name in files} == files
        assert Client(running).token()
    with Emulator.start(directory=tmp_path) as again:
        assert Client(again).token()


def test_one_that_was_killed_is_not_in_the_way(tmp_path: Path) -> None:
    killed = Emulator.start(directory=tmp_path)
    os.kill(killed.pid, signal.SIGKILL)
    killed._process.wait(timeout=10)
    with Emulator.start(directory=tmp_path) as again:
        assert Client(again).token()


def test_links_are_replaced_and_not_followed(tmp_path: Path) -> None:
    folder, target = tmp_path / "out", tmp_path / "target"
    folder.mkdir()
    target.write_text("precious")
    target.chmod(0o644)
    for name in FILES:
        (folder / name).symlink_to(target)
        (folder / f"{name}.new").symlink_to(target)
    (folder / "requests.jsonl").unlink()
    os.link(target, folder / "requests.jsonl")
    with Emulator.start(directory=folder) as running:
        Client(running).token()
        assert [(folder / name).is_symlink() for name in FILES] == [False] * len(FILES)
    assert (target.read_text(), mode(target)) == ("precious", 0o644)


def test_a_lock_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "target").touch()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".lock").symlink_to(tmp_path / "target")
    code, text = refused_start("--out", str(tmp_path / "out"))
    assert (code, text.startswith(f"emulator: cannot write {tmp_path}/out/.lock: ")) == (1, True), text


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, text = refused_start("--out", str(tmp_path / "file"))
    assert (code, text.startswith(f"emulator: cannot write {tmp_path}/file")) == (1, True), text


@pytest.mark.parametrize("name", ["../x", "/x", "a/b", "", ".", "..", "a\0b"])
def test_a_name_is_one_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = Folder(tmp_path / "inner")
    folder.path.mkdir()
    for use in (lambda: folder.write(name, "x"), lambda: folder.begin(name), lambda: folder.lock(name)):
        with pytest.raises(OSError, match="not a file's name"):
            use()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inner"]


def write_badly(folder: Folder) -> None:
    """Write the half of a file."""
    with folder.replacing("name") as file:
        file.write(b"half")
        file.write("no bytes")  # type: ignore[arg-type]


def test_a_write_that_fails_leaves_what_was(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("name", "before")
    with pytest.raises(TypeError):
        write_badly(folder)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("name", "before")]


@pytest.mark.parametrize("name", ["../../evil", "/tmp/evil", "ca", "a\nb", ".hidden"])
@pytest.mark.parametrize("kind", [{"certificate": "generate"}, {"federated": [{"issuer": "i", "subject": "s"}]}])
def test_callers_write_nowhere_else(tmp_path: Path, name: str, kind: dict[str, object]) -> None:
    """A seed can come by the control API, which asks for no token."""
    cloud = Cloud(tmp_path)
    before = cloud.world.store
    with pytest.raises(SeedError, match="no file can have that name"):
        cloud.world.load({**SEED, "callers": [{"name": name, **kind}]})
    assert cloud.world.store is before
    assert list(tmp_path.iterdir()) == []


def test_keys_of_callers_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path)
    for number in range(3):
        cloud.world.load({**SEED, "callers": [{"name": f"c{number}", "certificate": "generate"}]})
    assert list(cloud.world._files._certificates) == ["c2"]


def test_a_running_emulator_says_what_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with Emulator.start(directory=tmp_path / "out", state=tmp_path / "state") as running:
        (tmp_path / "state").mkdir()
        with pytest.raises(EmulatorError, match=f"cannot write {tmp_path}/state: "):
            running.control("POST", "save")
        (tmp_path / "state").rmdir()
