# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes when each item of a loop was done to the file that MANAGED_IDENTITY_STAMPS names, a line each."""

from __future__ import annotations

import os
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: stamps
type: notification
short_description: Writes when each item of a loop was done, for benchmarks
description:
  - Writes the clock's seconds at the end of each item of a loop to the file that E(MANAGED_IDENTITY_STAMPS) names.
requirements: []
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "stamps"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_item_on_ok(self, result):
        with open(os.environ["MANAGED_IDENTITY_STAMPS"], "a", encoding="utf-8") as file:
            file.write(f"{time.perf_counter()}\n")
