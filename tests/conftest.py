# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every test needs: the checkout as a collection, and the hypothesis profiles."""

from __future__ import annotations

import importlib.util
import os
import sys

from hypothesis import HealthCheck, Phase, settings

from tests.tools.link_collection import link_collection

COLLECTIONS = link_collection()


def _use_collections() -> None:
    """Let this process and its children find the collection, with and without Ansible's own import hook."""
    path = os.pathsep.join(filter(None, [str(COLLECTIONS), os.environ.get("ANSIBLE_COLLECTIONS_PATH")]))
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = path
    sys.path.insert(0, str(COLLECTIONS))
    if importlib.util.find_spec("ansible") is None:
        return
    from ansible.plugins.loader import init_plugin_loader

    # Before the first import from ansible_collections: a package that was imported without the hook
    # has no metadata, and Ansible then finds none of its plugins.
    init_plugin_loader()


def _register_profiles() -> None:
    """Hypothesis profiles; the run picks one with HYPOTHESIS_PROFILE. No deadlines: machines differ."""
    slow_ok = [HealthCheck.too_slow]
    settings.register_profile("default", deadline=None, suppress_health_check=slow_ok)
    settings.register_profile(
        "ci", deadline=None, max_examples=300, derandomize=True, print_blob=True, suppress_health_check=slow_ok
    )
    settings.register_profile(
        "mutation",
        deadline=None,
        max_examples=40,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=slow_ok,
    )
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))


_use_collections()
_register_profiles()
