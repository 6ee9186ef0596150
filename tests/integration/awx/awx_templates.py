# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job templates and workflows as they are shipped, launched as AWX launches them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.awx.surveys import answers_of_the_form, default_answers, refused_answer

__all__ = ["answered", "arguments", "template", "unanswered", "workflow"]

AWX = Path(__file__).resolve().parents[3] / "extensions" / "awx"


def template(name: str) -> dict[str, Any]:
    """A job template."""
    return json.loads((AWX / "job_templates" / f"{name}.json").read_text(encoding="utf-8"))


def workflow(name: str) -> list[dict[str, Any]]:
    """The nodes of a workflow, in the order in which they run if all goes well."""
    return json.loads((AWX / "workflow_job_templates" / f"{name}.json").read_text(encoding="utf-8"))["workflow_nodes"]


def answered(name: str, **answers: Any) -> dict[str, Any]:
    """What the form sends with these answers, and the defaults for the rest; fails if AWX would refuse one."""
    survey = template(name)["survey_spec"]
    sent = {**answers_of_the_form(survey), **answers}
    _check(survey, sent)
    return sent


def unanswered(name: str, **answers: Any) -> dict[str, Any]:
    """What a job gets that is launched through the API with these answers only."""
    survey = template(name)["survey_spec"]
    _check(survey, answers)
    return {**default_answers(survey), **answers}


def _check(survey: dict[str, Any], sent: dict[str, Any]) -> None:
    for question in survey["spec"]:
        variable = question["variable"]
        if variable in sent:
            assert refused_answer(question, sent[variable]) is None, question
        elif question["required"]:
            assert question.get("default"), f"{variable} has to be answered"


def arguments(node: dict[str, Any]) -> list[str]:
    """The arguments of ansible-playbook that come of a job template's fields, or of a node's."""
    check = ["--check"] if node.get("job_type") == "check" else []
    return [*check, *(["--diff"] if node.get("diff_mode") else [])]
