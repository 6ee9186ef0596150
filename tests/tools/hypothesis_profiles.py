# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hypothesis profiles; HYPOTHESIS_PROFILE names one. No deadlines: machines differ."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

__all__ = ["load_profile"]

SLOW_OK = [HealthCheck.too_slow]


def load_profile() -> None:
    """Register the profiles and load the one that is asked for; in CI that is ``ci``."""
    settings.register_profile("default", deadline=None, suppress_health_check=SLOW_OK)
    settings.register_profile(
        "ci", deadline=None, max_examples=300, derandomize=True, print_blob=True, suppress_health_check=SLOW_OK
    )
    # Not the same ones each time: what it finds it prints as code to copy.
    settings.register_profile(
        "fuzz", deadline=None, max_examples=10_000, print_blob=True, suppress_health_check=SLOW_OK
    )
    # Few examples, always the same ones, and no shrinking: a mutant only has to be noticed.
    settings.register_profile(
        "mutation",
        deadline=None,
        max_examples=50,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=SLOW_OK,
    )
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))
