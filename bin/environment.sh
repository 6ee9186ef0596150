# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash

# Functions that bin/demo and bin/test share; sourced by them.

# Prints the first Python of at least 3.11: the one that PYTHON names, or one on PATH.
find_python() {
    local name
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "Python 3.11 or newer is needed${PYTHON:+, and $PYTHON is not}." >&2
    return 1
}

# make_environment DIRECTORY REQUIREMENT...: a virtual environment with these packages. One that was completed before
# with the same Python and the same requirements is used again.
make_environment() {
    local venv=$1 python wanted
    shift
    python=$(find_python) || return 1
    wanted=$("$python" -VV; echo "$python $*"; cat requirements.txt emulator/requirements.txt)
    if [[ -e $venv/complete && $(<"$venv/complete") == "$wanted" ]]; then
        return
    fi
    echo "Installing what is needed into $venv ..."
    rm -rf "$venv"
    if ! "$python" -m venv "$venv"; then
        rm -rf "$venv"
        echo "$python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2
        return 1
    fi
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" || return 1
    echo "$wanted" >"$venv/complete"
}
