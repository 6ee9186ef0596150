# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX accepts as a survey, which answers it takes, and which it hands to a job that is launched without any.

From awx/api/views/__init__.py (JobTemplateSurveySpec) and awx/main/models/mixins.py (SurveyJobTemplateMixin).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["answers_of_the_form", "default_answers", "refused_answer", "survey_faults"]

_KINDS: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": float,
}
_CHOICES = ("multiplechoice", "multiselect")


def survey_faults(survey: Any) -> list[str]:
    """Why AWX would refuse a survey; nothing if it takes it."""
    faults = [
        f"{name} is not a {kind.__name__}"
        for name, kind in (("name", str), ("description", str), ("spec", list))
        if not isinstance(survey.get(name), kind)
    ]
    if faults or not survey["spec"]:
        return faults or ["there is no question"]
    seen: set[str] = set()
    for number, question in enumerate(survey["spec"]):
        faults += [f"question {number}: {fault}" for fault in _question_faults(question)]
        if question.get("variable") in seen:
            faults.append(f"question {number}: its variable is that of another one")
        seen.add(question.get("variable"))
    return faults


def _question_faults(question: Mapping[str, Any]) -> list[str]:
    faults = [
        f"{name} is not a {kind.__name__}"
        for name, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool))
        if not isinstance(question.get(name), kind)
    ]
    kind = question.get("type")
    if kind not in _KINDS:
        return [*faults, f"there is no type {kind}"]
    default = question.get("default", "")
    # A float's default may not be written as an integer; that of a list of choices is text, a line for each.
    if default != "" and not isinstance(default, _KINDS[kind]):
        faults.append(f"its default is not a {_KINDS[kind]}")
    for name in ("min", "max"):
        if question.get(name) is not None and not isinstance(question[name], int):
            faults.append(f"{name} is not an integer")
    if isinstance(default, str) and default.startswith("$encrypted$"):
        faults.append("$encrypted$ is reserved")
    return faults + (_choice_faults(question, default) if kind in _CHOICES and isinstance(default, str) else [])


def _choice_faults(question: Mapping[str, Any], default: str) -> list[str]:
    if "choices" not in question:
        return ["it has no choices"]
    choices, defaults = _choices(question), [line for line in default.splitlines() if line.strip()]
    faults = [f"the default {line} is none of its choices" for line in defaults if line not in choices]
    if question["type"] == "multiplechoice" and len(defaults) > 1:
        faults.append("it has several defaults")
    return faults


def _choices(question: Mapping[str, Any]) -> list[str]:
    choices = question["choices"]
    return [line for line in choices.splitlines() if line.strip()] if isinstance(choices, str) else list(choices)


def refused_answer(question: Mapping[str, Any], answer: Any) -> str | None:
    """Why AWX would refuse an answer; None if it takes it."""
    kind, least, most = question["type"], question.get("min"), question.get("max")
    if kind in ("text", "textarea", "password"):
        if not isinstance(answer, str):
            return "not a text"
        size = len(answer)
    elif kind in _CHOICES:
        given = answer if kind == "multiselect" else [answer]
        if not isinstance(given, list):
            return "not a list"
        return next((f"{item} is no choice" for item in given if item not in _choices(question)), None)
    else:
        allowed = (int,) if kind == "integer" else (int, float)
        if type(answer) not in allowed:
            return "not a number"
        size = answer
    # 0 is a limit; an empty text, which the form makes of none, is not.
    if least not in ("", None) and size < least:
        return f"less than {least}"
    if most not in ("", None) and size > most:
        return f"more than {most}"
    return None


def default_answers(survey: Mapping[str, Any]) -> dict[str, Any]:
    """What a job gets that is launched without answers: the defaults that are themselves valid answers.

    The default of a list of choices is text, and so never among them.
    """
    return {
        question["variable"]: question["default"]
        for question in survey["spec"]
        if question.get("default") is not None and not refused_answer(question, question["default"])
    }


def answers_of_the_form(survey: Mapping[str, Any]) -> dict[str, Any]:
    """What AWX's form sends of a survey that nobody has changed: texts, numbers, and lists of choices."""
    answers: dict[str, Any] = {}
    for question in survey["spec"]:
        default = question.get("default", "")
        if question["type"] == "multiselect":
            default = default.splitlines()
        # The form leaves out a choice that was not made, and a number that was not given.
        if default != "" or question["type"] in ("text", "textarea"):
            answers[question["variable"]] = default
    return answers
