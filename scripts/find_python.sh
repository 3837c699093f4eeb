#!/bin/sh
# Print a Python that Mandrake runs on and that can make a virtual environment, or say what is missing.
# Candidates are tried, not trusted: a version manager's shim may name a Python it does not start.
check='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
if .venv/bin/python -I -c "$check" 2>/dev/null; then
    echo .venv/bin/python
    exit 0
fi
found=
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
    if "$candidate" -I -c "$check" 2>/dev/null; then
        found=$candidate
        if "$candidate" -I -c 'import ensurepip, venv' 2>/dev/null; then
            echo "$candidate"
            exit 0
        fi
    fi
done
if [ -n "$found" ]; then
    echo "mandrake: \`$found\` cannot make a virtual environment; on Debian or Ubuntu: apt install python3-venv" >&2
else
    echo "mandrake: needs Python 3.11, 3.12 or 3.13; install one, or name it: make run PYTHON=/path/to/python3" >&2
fi
exit 1
