# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""This repository as a project of AWX: its requirements are the collection itself, of the same version."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.integration.awx.awx_templates import answered, template
from tests.tools.copy_collection import copy_collection


def test_a_job_with_what_awx_installs_from_the_checkout(awx_job, emulator, tmp_path: Path) -> None:
    checkout = copy_collection("awx-project")
    collections = tmp_path / "requirements_collections"
    # As awx/playbooks/project_update.yml does it.
    subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-galaxy")),
            *("collection", "install", "-r", str(checkout / "collections" / "requirements.yml")),
            *("--collections-path", str(collections)),
        ],
        cwd=checkout,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        check=True,
        timeout=120,
    )
    installed = collections / "ansible_collections" / "managed_identity" / "azure"
    assert (installed / "extensions" / "awx" / "job_templates").is_dir()
    assert not (installed / "tests").exists()
    answers = answered("system_identity", system_identity_vms="rg-web/vm-web-01")
    job = awx_job(template("system_identity")["playbook"], answers=answers, collections=collections)
    assert len(job.artifacts["managed_identity_changed"]) == 1
