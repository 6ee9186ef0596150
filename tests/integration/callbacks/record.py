# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes every task result to the file that MANAGED_IDENTITY_RECORD names, a JSON line each."""

from __future__ import annotations

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: record
type: notification
short_description: Writes task results to a file, for tests
description:
  - Writes every task result, and each item of a loop, to the file that E(MANAGED_IDENTITY_RECORD) names.
requirements: []
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, outcome, result):
        task = getattr(result, "task", None) or result._task
        body = getattr(result, "result", None) or result._result
        host = getattr(result, "host", None) or result._host
        line = {"task": task.get_name(), "host": host.get_name(), "outcome": outcome}
        line["result"] = json.loads(json.dumps(body, default=str))
        with open(os.environ["MANAGED_IDENTITY_RECORD"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def v2_runner_on_ok(self, result):
        self._write("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write("failed", result)

    def v2_runner_on_skipped(self, result):
        self._write("skipped", result)

    def v2_runner_item_on_ok(self, result):
        self._write("item", result)

    def v2_runner_item_on_failed(self, result):
        self._write("item_failed", result)
