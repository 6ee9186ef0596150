# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: jobs of AWX against the emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.integration.awx.awx_credentials import Credential, stock
from tests.integration.awx.awx_job import Job, RunningJob, start_job
from tests.support.emulator import Emulator


@pytest.fixture
def application(emulator: Emulator) -> Credential:
    """The stock credential of an application, with the emulator's address as its cloud."""
    env = emulator.env
    return stock(
        subscription=env["AZURE_SUBSCRIPTION_ID"],
        client=env["AZURE_CLIENT_ID"],
        secret=env["AZURE_SECRET"],
        tenant=env["AZURE_TENANT"],
        cloud_environment=emulator.url,
    )


@pytest.fixture
def start_awx_job(emulator: Emulator, application: Credential, tmp_path: Path) -> Iterator[Callable[..., RunningJob]]:
    """Start a job; keywords as of ``start_job``, with the stock credential and the emulator's authority."""
    runs = count()
    started: list[RunningJob] = []
    authority = {name: emulator.env[name] for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")}

    def start(playbook: Any, *, env: dict[str, str] | None = None, **more: Any) -> RunningJob:
        more = {"credentials": [application], **more}
        folder = tmp_path / f"job{next(runs)}"
        started.append(start_job(folder, playbook, task_env={**authority, **(env or {})}, **more))
        return started[-1]

    yield start
    for job in started:
        job.process.kill()
        job.process.wait()


@pytest.fixture
def awx_job(start_awx_job: Callable[..., RunningJob]) -> Callable[..., Job]:
    """As ``start_awx_job``, but waits for the end, and sees to the exit status ``rc`` and to what was said."""

    def run(playbook: Any, *, rc: int = 0, **more: Any) -> Job:
        job = start_awx_job(playbook, **more).wait()
        assert job.rc == rc, job.runner_output + job.output
        assert "Traceback" not in job.output, job.output
        return job

    return run
