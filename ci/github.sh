#!/usr/bin/env bash
# The audit step of action.yml. Everything it is told comes from the environment; nothing is evaluated.
set -uo pipefail
shopt -s globstar nullglob

folder="${RUNNER_TEMP:?}/cite-audit"
mkdir -p "$folder"
json="$folder/audit.json" sarif="$folder/audit.sarif" markdown="$folder/audit.md"

reports=()
while IFS= read -r pattern; do
  pattern="${pattern#"${pattern%%[![:space:]]*}"}"
  pattern="${pattern%"${pattern##*[![:space:]]}"}"
  [ -z "$pattern" ] && continue
  IFS= found=($pattern) # a pattern becomes its files; without words to split, only the globbing is left
  [ -e "$pattern" ] && found=("$pattern")
  [ "${#found[@]}" -eq 0 ] && found=("$pattern") # no match: cite-audit says so, and ends with 2
  reports+=("${found[@]}")
done <<<"${REPORTS:-}"

options=(--store "$folder/store.sqlite" -f github -f "json=$json" -f "sarif=$sarif" -f "markdown=$markdown")
[ -n "${FAIL_ON:-}" ] && options+=(--fail-on "$FAIL_ON")
[ -n "${FAIL_GRADE:-}" ] && options+=(--fail-grade "$FAIL_GRADE")
[ -n "${MAX_UNKNOWN:-}" ] && options+=(--max-unknown "$MAX_UNKNOWN")
[ -n "${BASELINE:-}" ] && options+=(--baseline "$BASELINE")
[ -n "${CONFIG:-}" ] && options+=(--config "$CONFIG")
[ -n "${HTML:-}" ] && options+=(-f "html=$HTML")
[ "${OFFLINE:-}" = true ] && options+=(--offline)

rm -f "$json" "$sarif" "$markdown"
cite-audit audit "${options[@]}" -- "${reports[@]}"
code=$?

[ "${SUMMARY:-}" = true ] && [ -f "$markdown" ] && cat "$markdown" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
{
  echo "exit-code=$code"
  if [ -f "$json" ]; then
    echo "json=$json"
    echo "sarif=$sarif"
    python -I - "$json" <<'PYTHON'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    audit = json.load(file)
letters = [r["grade"]["letter"] for r in audit["reports"] if r["grade"] and r["grade"]["letter"]]
order = "A+ A A- B+ B B- C+ C C- D+ D D- F".split()
print("grade=" + max(letters, key=lambda letter: order.index(letter) if letter in order else -1, default=""))
print("findings=" + str(sum(f["state"] == "new" for r in audit["reports"] for f in r["findings"])))
PYTHON
  fi
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$code"
