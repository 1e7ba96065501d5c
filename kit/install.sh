#!/bin/sh
# Install kbfix from this folder into an environment of its own, without a network:
#     sh install.sh [FOLDER]          (~/kbfix unless given)
# Needs Python 3.11, 3.12 or 3.13; PYTHON=/path/to/python names one.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=${1:-$HOME/kbfix}

fail() {
  echo "install.sh: $1" >&2
  echo "  next: $2" >&2
  exit 2
}

fits() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

python=
if [ -n "${PYTHON:-}" ]; then
  set -- "$PYTHON"
else
  set -- python3.13 python3.12 python3.11 python3 python
fi
for each in "$@"; do
  if fits "$each"; then
    python=$each
    break
  fi
done
[ -n "$python" ] || fail 'there is no Python 3.11, 3.12 or 3.13' 'install one, or name it: PYTHON=/path/to/python sh install.sh'

# What was damaged on its way is found before it is installed.
"$python" - "$here" <<'CHECK' || fail 'files of the kit are damaged or missing' 'copy the kit again'
import hashlib, pathlib, sys
folder = pathlib.Path(sys.argv[1])
bad = 0
for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
    digest, name = line.split("  ", 1)
    path = folder / name
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        print("damaged or missing:", name, file=sys.stderr)
        bad += 1
sys.exit(bad > 0)
CHECK

# Without pip: not every system's Python can make it. The kit carries one that runs from its wheel.
"$python" -m venv --without-pip "$target" || fail "$target cannot be made" 'name another folder: sh install.sh FOLDER'
# No setting of this machine's may add an index, or ask for other versions.
PIP_CONFIG_FILE=/dev/null "$target/bin/python" "$(echo "$here"/wheels/pip-*.whl)/pip" --isolated install \
  --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" --requirement "$here/requirements.txt" ||
  fail 'the wheels do not fit this machine' 'compare it with platforms.txt'

"$target/bin/kbfix" --version
echo "try: $target/bin/kbfix --home $target/trial import $here/corpus"
