# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/awx_setup.yml with the real modules of awx.awx, against a stand-in for AWX. Session awx of noxfile.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.awx.server import Awx, serving
from tests.tools.link_collection import ROOT, link_collection

COLLECTION = os.environ.get("AWX_COLLECTION_PATH", "")
pytestmark = pytest.mark.skipif(not COLLECTION, reason="AWX_COLLECTION_PATH names no tree with awx.awx")


def run(awx: Awx, home: Path, **variables: Any) -> str:
    """Run it; returns what it said, its last line above all: ok, changed, failed."""
    with serving(awx) as env:
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("ansible-playbook")),
                "managed_identity.azure.awx_setup",
                "--extra-vars",
                json.dumps(variables),
            ],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "LC_ALL": "C.UTF-8",
                "ANSIBLE_COLLECTIONS_PATH": f"{link_collection()}:{COLLECTION}",
                "ANSIBLE_LOCALHOST_WARNING": "False",
                "ANSIBLE_NOCOLOR": "1",
                **env,
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def shipped(folder: str) -> list[dict[str, Any]]:
    return [json.loads(file.read_text()) for file in sorted((ROOT / "extensions" / "awx" / folder).glob("*.json"))]


@pytest.fixture(scope="module")
def awx(tmp_path_factory: pytest.TempPathFactory) -> Awx:
    awx = Awx(ROOT)
    awx.create("credentials", {"name": "Azure production"})
    output = run(
        awx,
        tmp_path_factory.mktemp("home"),
        awx_setup_credentials=["Azure production"],
        awx_setup_image="registry.example.com/ee:1",
    )
    assert "failed=0" in output
    return awx


def test_all_is_there(awx: Awx) -> None:
    for kind in ("projects", "inventories", "execution_environments"):
        assert awx.names(kind) == ["Azure managed identities"]
    assert len(awx.names("credential_types")) == 3
    assert awx.names("job_templates") == sorted(job["name"] for job in shipped("job_templates"))
    assert awx.names("workflow_job_templates") == sorted(one["name"] for one in shipped("workflow_job_templates"))


def test_the_host_runs_on_the_interpreter_of_ansible(awx: Awx) -> None:
    [host] = awx.items["hosts"].values()
    assert json.loads(host["variables"]) == {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }


def test_job_templates_have_survey_and_credential(awx: Awx) -> None:
    [credential] = awx.items["credentials"]
    for job in shipped("job_templates"):
        [there] = awx.find("job_templates", {"name": job["name"]})
        assert awx.surveys[there["related"]["survey_spec"]] == job["survey_spec"]
        assert awx.linked[f"{there['url']}credentials/"] == [credential]


def test_workflows_look_ask_and_change(awx: Awx) -> None:
    for workflow in shipped("workflow_job_templates"):
        [there] = awx.find("workflow_job_templates", {"name": workflow["name"]})
        nodes = awx.find("workflow_job_template_nodes", {"workflow_job_template": str(there["id"])})
        by_name = {node["identifier"]: node for node in nodes}
        assert list(by_name) == ["look", "approve", "change"]
        after = {name: awx.linked.get(f"{node['url']}success_nodes/", []) for name, node in by_name.items()}
        assert after == {"look": [by_name["approve"]["id"]], "approve": [by_name["change"]["id"]], "change": []}
        assert (by_name["look"]["job_type"], by_name["look"]["diff_mode"]) == ("check", True)
        assert by_name["change"]["job_type"] == "run"
        assert by_name["approve"]["unified_job_template"] in awx.items["workflow_approval_templates"]
        assert by_name["look"]["unified_job_template"] == by_name["change"]["unified_job_template"]


def test_again_changes_nothing(awx: Awx, tmp_path: Path) -> None:
    before = json.dumps([awx.items, awx.surveys, awx.linked])
    output = run(awx, tmp_path, awx_setup_credentials=["Azure production"], awx_setup_image="registry.example.com/ee:1")
    assert json.dumps([awx.items, awx.surveys, awx.linked]) == before
    # The module calls a workflow with an approval changed at every run: AWX's answer lacks a field that it sends.
    changed = [line for line in output.splitlines() if line.startswith("changed:")]
    assert [line for line in changed if not line.endswith(", with approval)")] == []
