# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command and notes what its process took: RECORD PROGRAM ARGUMENTS... Imports next to nothing itself."""

from __future__ import annotations

import os
import sys
import time


def main(record: str, command: list[str]) -> int:
    """Run the command and add a line of JSON to the file ``record``."""
    began = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ)
    _pid, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - began
    with open(record, "a", encoding="utf-8") as file:
        cpu = used.ru_utime + used.ru_stime
        file.write(f'{{"wall": {wall}, "cpu": {cpu}, "peak": {used.ru_maxrss * 1024}}}\n')
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
