#!/usr/bin/env bash
# Install a built wheel without extras under each supported Python that is here, and audit a report offline: FOLDER.
# The environments are made side by side, each in the folder; the program must be the wheel's, not the checkout's.
set -uo pipefail
cd "$(dirname "$0")/.."
. ci/interpreters.sh
folder=$1

audit() { # version, interpreter
  local venv="$PWD/$folder/venv-$1"
  "$2" -m venv "$venv" || return
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt "$folder"/*.whl || return
  cd "$folder" || return
  "$venv/bin/cite-audit" audit ../../fixtures/reports/sochi-2020-09-14.md --offline --no-config --fail-on never -qq || return
  "$venv/bin/python" -I -c "import cite_audit, sys; assert cite_audit.__file__.startswith(sys.prefix)" || return
  [ -s "$venv/share/man/man1/cite-audit.1" ] || { echo "no man page"; return 1; }
  case "$("$venv/bin/cite-audit" links ../../fixtures/same-report.pdf 2>&1)" in
    *"pip install"*) ;;
    *) echo "no hint for PDF"; return 1 ;;
  esac
  echo "Python $1: the wheel audits"
}

pids=()
for version in $VERSIONS; do
  python=$(interpreter "$version")
  [ -n "$python" ] || { echo "Python $version: not here"; continue; }
  audit "$version" "$python" &
  pids+=($!)
done
code=0
for pid in "${pids[@]}"; do wait "$pid" || code=1; done
[ "${#pids[@]}" -gt 0 ] || { echo "no supported Python is here" >&2; code=1; }
exit "$code"
