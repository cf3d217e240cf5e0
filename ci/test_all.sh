#!/usr/bin/env bash
# Run the tests under every supported Python that is on PATH or that pyenv has: `make test-all`. Arguments go to pytest.
# Each gets an environment of its own, .venv-3.12, …; fewer than FEWEST interpreters is a failure, not a smaller test.
set -uo pipefail
cd "$(dirname "$0")/.."
. ci/interpreters.sh
FEWEST=${FEWEST:-3}

run() { # version, interpreter, pytest's arguments
  local venv=.venv-$1 python=$2
  shift 2
  [ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || return 1
  "$venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt \
    --editable '.[all,dev]' || return 1
  "$venv/bin/python" -m pytest -p no:cacheprovider "$@"
}

found=0 failed=""
for version in $VERSIONS; do
  python=$(interpreter "$version")
  if [ -z "$python" ]; then
    echo "Python $version: not here"
    continue
  fi
  found=$((found + 1))
  echo "Python $version: $python"
  run "$version" "$python" "$@" || failed="$failed $version"
done
if [ "$found" -lt "$FEWEST" ]; then
  echo "only $found of the Pythons $VERSIONS are here; at least $FEWEST are needed" >&2
  exit 1
fi
if [ -n "$failed" ]; then
  echo "the tests fail under Python$failed" >&2
  exit 1
fi
echo "the tests pass under $found Pythons"
