# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every test needs: the checkout as a collection, nothing of the user's settings, and a hypothesis profile."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import sys

import pytest

# Helpers assert too; before any of them is imported.
pytest.register_assert_rewrite("tests.emulator", "tests.integration", "tests.support", "tests.unit")

from tests.tools.hypothesis_profiles import load_profile  # noqa: E402
from tests.tools.link_collection import link_collection  # noqa: E402

COLLECTIONS = link_collection()
KEPT = {"ANSIBLE_COLLECTIONS_PATH"}


def _forget_settings() -> None:
    """No test may see the Azure account or the Ansible settings of whoever runs it."""
    for name in list(os.environ):
        if name.startswith(("AZURE_", "ARM_", "ANSIBLE_")) and name not in KEPT:
            del os.environ[name]


def _hand_down_signals() -> None:
    """What tests start must hear what this process ignores: SIGINT in the background of a shell, SIGHUP by nohup.

    A handler that does nothing is as good as ignoring, and is not handed down.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_caught: None)


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


def pytest_unconfigure() -> None:
    """Remove the folder that Ansible made when it was imported here: a process of many ends without its clean-up."""
    if "ansible.constants" in sys.modules:
        shutil.rmtree(sys.modules["ansible.constants"].DEFAULT_LOCAL_TMP, ignore_errors=True)


_forget_settings()
_hand_down_signals()
_use_collections()
load_profile()
