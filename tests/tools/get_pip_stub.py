# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-in for the pip bootstrap script that ansible-test downloads: runs pip from its wheel."""

from __future__ import annotations

import os
import runpy
import sys

here = os.path.dirname(os.path.abspath(os.environ["GET_PIP"]))
packages = [arg for arg in sys.argv[1:] if "==" in arg]
version = next(arg for arg in packages if arg.startswith("pip==")).split("==")[1]
sys.path.insert(0, os.path.join(here, f"pip-{version}-py3-none-any.whl"))
sys.argv[1:] = ["install", "--quiet", "--find-links", here, *packages]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
