# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a contributor and CI run; ``bin/test`` makes the environment and calls this.

Sessions outside DEFAULT run when they are named. To add one, write a function like those below.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nox
from nox.command import CommandFailed

DEFAULT = [
    "lint",
    "sanity",
    "units",
    "integration",
    "molecule",
    "units_oldest",
    "integration_oldest",
    "execution_environment",
]
PLUGINS = "ansible_collections.managed_identity.azure.plugins"
TYPED = {
    f"{PLUGINS}.{name}": f"plugins/{name}" for name in ("module_utils", "plugin_utils", "action", "filter", "modules")
}
TYPED["emulator"] = "emulator"
UNITS = ["tests/unit", "tests/emulator"]
FAULTS = "tests/faults"
AWX = "tests/integration/awx"
# Of the fault campaign a sample.
INTEGRATION = ["tests/integration", FAULTS]
# What stands between us and ansible-core or the SDK; the rest of the unit tests meets neither.
UNITS_OLDEST = ["tests/unit/arm", "tests/unit/front", "tests/unit/filter"]
UNITS_OLDEST += sorted(map(str, Path("tests/emulator").glob("test_sdk*.py")))
MYPY = ["mypy", *(word for name, folder in TYPED.items() if Path(folder).is_dir() for word in ("-p", name))]
# What the unit tests need to compare our requests with those of Microsoft's clients.
REFEREE = ["-r", "tests/requirements-referee.txt"]
# A file's tests stay in one process: they share its emulator.
PARALLEL = ["--numprocesses=2", "--dist=loadfile"]
# Those of integration share one with all others of their process, and some files take minutes.
SPREAD = "--dist=worksteal"

nox.needs_version = ">=2024.10.9"
nox.options.sessions = DEFAULT
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_external_run = True


def _oldest() -> tuple[str | None, str]:
    """The interpreter (None: the one that runs nox) and the release of ansible-core for the oldest sessions.

    ansible-core 2.16 runs on Python 3.10 to 3.12. Where there is none, the oldest release that runs here stands in.
    """
    if sys.version_info < (3, 13):
        return None, "2.16"
    program = _first("python3.12", "python3.11", "python3.10")
    if program:
        return program, "2.16"
    return None, "2.18" if sys.version_info < (3, 14) else "2.20"


def _first(*names: str) -> str | None:
    """The first of these interpreters that there is."""
    for name in names:
        program = shutil.which(name)
        # A version manager puts names on PATH behind which there may be nothing.
        if program and subprocess.run([program, "-c", ""], capture_output=True, check=False).returncode == 0:
            return program
    return None


OLDEST_PYTHON, OLDEST_CORE = _oldest()
# That of execution-environment.yml, or the one that runs nox.
IMAGE_PYTHON = _first("python3.12")


def _copy(session: nox.Session) -> Path:
    """A copy of the collection that holds only what git would commit."""
    return Path(session.run("python", "-m", "tests.tools.copy_collection", session.name, silent=True).strip())


def _install_newest(session: nox.Session, *more: str) -> None:
    session.install("ansible-core", "-r", "tests/requirements.txt", *more)


def _install_oldest(session: nox.Session, *more: str) -> None:
    pins = "tests/constraints-azcollection.txt"
    session.install(f"ansible-core~={OLDEST_CORE}.0", "-r", "tests/requirements.txt", *more, "-c", pins)


def _failed(session: nox.Session, *commands: list[str], env: dict[str, str] | None = None) -> list[str]:
    """Run all commands, whatever the ones before say; returns the programs of those that failed."""
    failed = []
    for command in commands:
        try:
            session.run(*command, env=env)
        except CommandFailed:
            failed.append(command[0])
    return failed


def _pytest(session: nox.Session, folders: list[str], *options: str) -> None:
    """Run the tests in ``folders``, each in a run of its own: pytest fails a run that finds no test, not a folder."""
    there = [folder for folder in folders if any(Path(folder).rglob("test_*.py"))]
    if not there:
        session.skip(f"there is no test in {' or '.join(folders)}")
    session.run("ansible", "--version")
    if session.posargs:
        session.run("pytest", *there, *options, *session.posargs)
    elif failed := _failed(session, *(["pytest", folder, *PARALLEL, *options] for folder in there)):
        session.error(f"{len(failed)} of {len(there)} test folders failed")


@nox.session
def lint(session: nox.Session) -> None:
    """Formatting, types, shell, licences, YAML, changelog, documentation and Ansible's production profile."""
    session.install("ansible-core", "-r", "tests/requirements-lint.txt", "-r", "tests/requirements.txt")
    session.run("python", "-m", "tests.tools.link_collection", silent=True)
    failed = _failed(
        session,
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["shellcheck", "--exclude=SC1091", ".ci/run", *map(str, sorted(Path("bin").iterdir()))],
        ["yamllint", "--strict", "."],
        MYPY,
        ["reuse", "lint", "--lines"],
        ["antsibull-changelog", "lint"],
    )
    copy = _copy(session)
    env = {"ANSIBLE_COLLECTIONS_PATH": str(copy.parents[2])}
    with session.chdir(copy):
        failed += _failed(
            session,
            ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=all", "."],
            ["ansible-lint", "--offline", "--profile=production"],
            env=env,
        )
    if failed:
        session.error(f"not clean: {', '.join(failed)}")


@nox.session
def sanity(session: nox.Session) -> None:
    """ansible-test sanity, with nothing ignored, on the newest ansible-core for this Python."""
    session.install("ansible-core", "pip")
    session.run("python", "-m", "tests.tools.sanity", *session.posargs)


@nox.session
def units(session: nox.Session) -> None:
    """Unit tests and the emulator's own, newest ansible-core and Azure SDK."""
    _install_newest(session, *REFEREE)
    _pytest(session, UNITS)


@nox.session
def integration(session: nox.Session) -> None:
    """Modules and roles against the emulator, newest ansible-core and Azure SDK."""
    _install_newest(session)
    # What AWX runs, it runs with the versions of our image: the session execution_environment has that.
    _pytest(session, INTEGRATION, *([] if session.posargs else [SPREAD, f"--ignore={AWX}"]))


@nox.session
def quick(session: nox.Session) -> None:
    """What to run before a commit: style, types, the unit tests of what decides, some lives; at most 90 s."""
    session.install("ansible-core", "-r", "tests/requirements-lint.txt", "-r", "tests/requirements.txt")
    session.run("python", "-m", "tests.tools.link_collection", silent=True)
    decide = ["tests/unit/core", "tests/unit/engine", "tests/unit/front", "tests/unit/test_layers.py"]
    failed = _failed(
        session,
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        MYPY,
        ["pytest", "--quiet", *decide, "tests/unit/test_repository.py", *PARALLEL],
        ["pytest", "--quiet", "tests/integration", "-m", "quick", f"--ignore={AWX}", *PARALLEL],
    )
    if failed:
        session.error(f"not clean: {', '.join(failed)}")


@nox.session
def molecule(session: nox.Session) -> None:
    """The roles' scenarios against the emulator: check on an empty estate, converge, idempotence, verify."""
    session.install("ansible-core", "molecule>=25.6", "-r", "tests/requirements.txt")
    collections = session.run("python", "-m", "tests.tools.link_collection", silent=True).strip()
    scenarios = session.posargs or ["--all"]
    session.run("molecule", "test", *scenarios, env={"ANSIBLE_COLLECTIONS_PATH": collections})


@nox.session(python=OLDEST_PYTHON)
def units_oldest(session: nox.Session) -> None:
    """Unit tests of what meets ansible-core or the SDK: the oldest supported one, and what azure.azcollection pins."""
    _install_oldest(session, *REFEREE)
    session.run("ansible", "--version")
    session.run("pytest", *UNITS_OLDEST, *(session.posargs or PARALLEL))


@nox.session(python=OLDEST_PYTHON)
def integration_oldest(session: nox.Session) -> None:
    """Integration on the oldest supported ansible-core, with the packages that azure.azcollection pins.

    Of the tests those marked ``oldest``: the fronts, the ways to sign in, and a life of each module and role.
    """
    _install_oldest(session)
    _pytest(session, ["tests/integration"], *([] if session.posargs else [SPREAD, "-m", "oldest"]))


@nox.session(python=IMAGE_PYTHON)
def execution_environment(session: nox.Session) -> None:
    """All that AWX runs: its jobs, credentials and projects, with the versions of our execution environment."""
    pins = "execution-environment-constraints.txt"
    session.install("ansible-core", "-r", "tests/requirements.txt", "-c", pins)
    session.env["EXECUTION_ENVIRONMENT"] = "1"
    session.run("ansible", "--version")
    session.run("pytest", AWX, *(session.posargs or ["--numprocesses=2", SPREAD]))


@nox.session
def awx(session: nox.Session) -> None:
    """playbooks/awx_setup.yml with the real awx.awx, which the package ansible 9 has, against a stand-in for AWX."""
    folder = Path(session.create_tmp()).resolve()
    session.install("ansible-core", "pip", "-r", "tests/requirements.txt")
    if not any(folder.glob("ansible-*.whl")):
        download = ["--quiet", "--no-deps", "--dest", str(folder)]
        session.run("python", "-m", "pip", "download", *download, "ansible==9.13.0")
    (wheel,) = folder.glob("ansible-*.whl")
    session.run("python", "-m", "tests.tools.unpack_collection", str(wheel), str(folder), "awx.awx")
    session.run("pytest", "tests/awx", *session.posargs, env={"AWX_COLLECTION_PATH": str(folder)})


@nox.session
def mutation(session: nox.Session) -> None:
    """How many mutants of the pure core its unit tests notice; fails below the floor."""
    session.install("-r", "tests/requirements.txt", "mutmut>=3.8,<4")
    session.run("python", "-m", "tests.tools.mutation")


@nox.session
def fuzz(session: nox.Session) -> None:
    """10,000 requests of each kind that nobody would send to the emulator: it must answer them all."""
    _install_newest(session)
    session.run("pytest", "tests/emulator/test_fuzz.py", *session.posargs, env={"HYPOTHESIS_PROFILE": "fuzz"})


@nox.session
def faults(session: nox.Session) -> None:
    """The whole fault campaign, with a report; arguments go to pytest, such as -k for some of its cells."""
    _install_newest(session)
    # Most of the time is waiting: more processes than cores.
    options = ["--faults=all", "--numprocesses=8", "--quiet"]
    short = ["-k", "test_cell", "--tb=no", "-rN"]
    session.run("pytest", FAULTS, *options, *(session.posargs or short))


@nox.session
def build(session: nox.Session) -> None:
    """The Galaxy artifact, and Galaxy's importer over it."""
    session.install("ansible-core", "galaxy-importer")
    copy = _copy(session)
    artifacts = copy.parents[2] / "artifacts"
    shutil.rmtree(artifacts, ignore_errors=True)
    session.run("ansible-galaxy", "collection", "build", str(copy), "--output-path", str(artifacts))
    (artifact,) = artifacts.glob("*.tar.gz")
    with session.chdir(artifacts):
        session.run("python", "-m", "galaxy_importer.main", str(artifact))


@nox.session
def clients(session: nox.Session) -> None:
    """Clients that nobody here wrote against the emulator: the Azure CLI, and the Azure SDK, sync and async."""
    session.install("ansible-core", "-r", "tests/requirements.txt", "azure-cli")
    # The Azure CLI looks for extensions here; this one is the only one it needs, and nobody's own are found.
    find = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(session.run("python", "-c", find, silent=True).strip())
    extension = packages / "azure-cli-extensions" / "resource-graph"
    if not extension.is_dir():
        session.install("--no-deps", "--target", str(extension), "resource-graph")
    _pytest(session, ["tests/clients"])


@nox.session(venv_backend="none", requires=["clients"])
def az(session: nox.Session) -> None:
    """Another name of the session clients."""


@nox.session
def benchmark(session: nox.Session) -> None:
    """What one task on one VM costs; arguments go to the program."""
    _install_newest(session)
    program = Path("tests/benchmark/one_vm.py")
    if not program.is_file():
        session.skip(f"there is no {program}")
    collections = session.run("python", "-m", "tests.tools.link_collection", silent=True).strip()
    env = {"ANSIBLE_COLLECTIONS_PATH": collections, "PYTHONPATH": f"{Path.cwd()}:{collections}"}
    session.run("python", str(program), *session.posargs, env=env)


@nox.session
def azcollection(session: nox.Session) -> None:
    """azure.azcollection 4.1.0, unchanged, against the emulator; downloads about a gigabyte from PyPI."""
    folder = Path(session.create_tmp()).resolve()
    session.install("pip")
    download = ["--no-deps", "--only-binary=:all:", "--python-version=3.14", "--dest", str(folder)]
    session.run("python", "-m", "pip", "download", "--quiet", *download, "ansible==15.0.0a3")
    (wheel,) = folder.glob("ansible-*.whl")
    session.run("python", "-m", "tests.tools.azcollection", str(wheel), str(folder))
    pinned = str(folder / "requirements.txt")
    session.install("ansible-core", "-r", pinned, "-r", "tests/requirements.txt", "-r", "emulator/requirements.txt")
    env = {"ANSIBLE_COLLECTIONS_PATH": str(folder)}
    session.run("pytest", "tests/clients/test_azcollection.py", *session.posargs, env=env)
