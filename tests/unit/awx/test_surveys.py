# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job templates, surveys and workflows that are shipped for AWX, by AWX's own rules."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.awx.surveys import answers_of_the_form, default_answers, refused_answer, survey_faults

ROOT = Path(__file__).resolve().parents[3]
AWX = ROOT / "extensions" / "awx"


def shipped(folder: str) -> dict[str, dict[str, Any]]:
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted((AWX / folder).glob("*.json"))}


JOBS, WORKFLOWS = shipped("job_templates"), shipped("workflow_job_templates")
# Names and types of options of awx.awx.job_template and awx.awx.workflow_job_template, as of awx.awx 23.9.0.
JOB_OPTIONS: dict[str, type] = {
    "name": str,
    "description": str,
    "job_type": str,
    "playbook": str,
    "verbosity": int,
    "diff_mode": bool,
    "ask_job_type_on_launch": bool,
    "ask_diff_mode_on_launch": bool,
    "ask_credential_on_launch": bool,
    "ask_verbosity_on_launch": bool,
    "allow_simultaneous": bool,
    "survey_enabled": bool,
    "survey_spec": dict,
}
WORKFLOW_OPTIONS: dict[str, type] = {
    "name": str,
    "description": str,
    "allow_simultaneous": bool,
    "survey_enabled": bool,
    "survey_spec": dict,
    "workflow_nodes": list,
}
# Which variables the questions may set: those of a role, or of the playbook itself.
ROLES = {"system_identity": "system_identity", "user_identity": "user_identity", "retire_identity": "user_identity"}


def variables(job: str) -> set[str]:
    if job in ROLES:
        specs = yaml.safe_load((ROOT / "roles" / ROLES[job] / "meta" / "argument_specs.yml").read_text())
        return set(specs["argument_specs"]["main"]["options"])
    [play] = yaml.safe_load((ROOT / JOBS[job]["playbook"]).read_text())
    return set(play["vars"])


def test_there_are_some():
    assert set(JOBS) == {"identity_permissions", "retire_identity", "system_identity", "user_identity"}
    assert set(WORKFLOWS) == {"retire_identity", "system_identity", "user_identity"}


@pytest.mark.parametrize("name", JOBS)
class TestJobTemplate:
    def test_has_options_of_the_module(self, name: str):
        job = JOBS[name]
        assert {option: type(value) for option, value in job.items()} == JOB_OPTIONS
        assert job["job_type"] in ("run", "check")
        assert job["verbosity"] in range(5)

    def test_runs_a_playbook_of_this_project(self, name: str):
        text = (ROOT / JOBS[name]["playbook"]).read_text()
        # AWX takes a file for a playbook if it has such a line.
        assert re.search(r"^\s*-?\s*(?:hosts|(ansible\.builtin\.)?import_playbook):\s", text, re.MULTILINE)

    def test_awx_takes_its_survey(self, name: str):
        assert survey_faults(JOBS[name]["survey_spec"]) == []

    def test_questions_set_variables_that_there_are(self, name: str):
        asked = {question["variable"] for question in JOBS[name]["survey_spec"]["spec"]}
        assert asked <= variables(name)

    def test_what_is_not_required_may_be_left_as_it_is(self, name: str):
        survey = JOBS[name]["survey_spec"]
        answers = answers_of_the_form(survey)
        for question in survey["spec"]:
            answer = answers.get(question["variable"])
            assert refused_answer(question, answer) is None or (question["required"] and answer == "")

    def test_questions_are_sentences_of_their_own(self, name: str):
        for question in JOBS[name]["survey_spec"]["spec"]:
            assert question["question_name"][0].isupper()
            assert question["question_description"].endswith(".") or not question["question_description"]


@pytest.mark.parametrize("name", WORKFLOWS)
class TestWorkflow:
    def test_has_options_of_the_module(self, name: str):
        assert {option: type(value) for option, value in WORKFLOWS[name].items()} == WORKFLOW_OPTIONS

    def test_asks_what_its_job_asks(self, name: str):
        assert WORKFLOWS[name]["survey_spec"] == JOBS[name]["survey_spec"]

    def test_looks_asks_and_changes(self, name: str):
        look, approve, change = WORKFLOWS[name]["workflow_nodes"]
        assert [node["identifier"] for node in (look, approve, change)] == ["look", "approve", "change"]
        after = [
            [there["identifier"] for there in node["related"]["success_nodes"]] for node in (look, approve, change)
        ]
        assert after == [["approve"], ["change"], []]
        for node in (look, approve, change):
            assert set(node["related"]) == {"always_nodes", "credentials", "failure_nodes", "success_nodes"}
        assert (look["job_type"], look["diff_mode"]) == ("check", True)
        assert change["job_type"] == "run"
        assert approve["unified_job_template"]["type"] == "workflow_approval"

    def test_its_nodes_set_only_what_the_job_prompts_for(self, name: str):
        job = JOBS[name]
        for node in WORKFLOWS[name]["workflow_nodes"]:
            if node["unified_job_template"]["type"] == "job_template":
                assert node["unified_job_template"]["name"] == job["name"]
                prompts = set(node) - {"identifier", "unified_job_template", "related"}
                assert {prompt for prompt in prompts if not job[f"ask_{prompt}_on_launch"]} == set()


def test_names_differ():
    names = [one["name"] for one in (*JOBS.values(), *WORKFLOWS.values())]
    assert len(set(names)) == len(names)


QUESTION = {"question_name": "Q", "variable": "v", "type": "text", "required": False, "default": ""}


@pytest.mark.parametrize(
    "change",
    [
        {"type": "bool"},
        {"type": None},
        {"required": "yes"},
        {"variable": 1},
        {"question_name": None},
        {"default": 1},
        {"default": ["a"]},
        {"default": "$encrypted$"},
        {"min": "1"},
        {"max": 1.5},
        {"type": "integer", "default": "1"},
        {"type": "multiplechoice"},
        {"type": "multiplechoice", "choices": ["a"], "default": "b"},
        {"type": "multiplechoice", "choices": "a\nb", "default": "a\nb"},
        {"type": "multiselect", "choices": ["a", "b"], "default": ["a"]},
        {"type": "multiselect", "choices": ["a", "b"], "default": "a\nc"},
    ],
)
def test_what_awx_refuses_is_noticed(change: dict[str, Any]):
    survey = {"name": "", "description": "", "spec": [QUESTION]}
    assert survey_faults(survey) == []
    assert survey_faults({**survey, "spec": [{**QUESTION, **change}]}) != []


@pytest.mark.parametrize("change", [{"spec": []}, {"spec": None}, {"name": None}, {"spec": [QUESTION, QUESTION]}])
def test_a_survey_that_is_none_is_noticed(change: dict[str, Any]):
    assert survey_faults({"name": "", "description": "", "spec": [QUESTION], **change}) != []


@pytest.mark.parametrize(
    ("question", "answer", "taken"),
    [
        ({"type": "text", "min": 1}, "", False),
        ({"type": "text", "max": 2}, "abc", False),
        ({"type": "text"}, ["a"], False),
        ({"type": "textarea", "min": 0}, "", True),
        ({"type": "integer", "min": 0, "max": 5}, 0, True),
        ({"type": "integer", "min": 1}, 0, False),
        ({"type": "integer"}, "5", False),
        ({"type": "integer"}, True, False),
        ({"type": "float"}, 1, True),
        ({"type": "multiplechoice", "choices": "a\nb"}, "a", True),
        ({"type": "multiplechoice", "choices": ["a"]}, "", False),
        ({"type": "multiselect", "choices": ["a", "b"]}, ["b"], True),
        ({"type": "multiselect", "choices": ["a", "b"]}, "b", False),
        ({"type": "multiselect", "choices": ["a", "b"]}, ["c"], False),
    ],
)
def test_answers_that_awx_takes(question: dict[str, Any], answer: Any, taken: bool):
    assert (refused_answer(question, answer) is None) is taken


def test_the_default_of_a_list_of_choices_reaches_no_job_that_is_launched_without_answers():
    survey = copy.deepcopy(JOBS["identity_permissions"]["survey_spec"])
    assert "identity_permissions_operations" not in default_answers(survey)
    assert answers_of_the_form(survey)["identity_permissions_operations"] == ["enable"]
