#!/usr/bin/env bash
# The audit step of action.yml. Everything it is told comes from the environment; nothing is evaluated.
set -uo pipefail
shopt -s globstar nullglob

folder="${RUNNER_TEMP:?}/cite-audit"
mkdir -p "$folder"
json="$folder/audit.json" sarif="$folder/audit.sarif" markdown="$folder/audit.md" comment="$folder/comment.md"

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

store="${STORE:-$folder/store.sqlite}"
mkdir -p "$(dirname "$store")"
options=(--store "$store" -f github -f "json=$json" -f "sarif=$sarif" -f "markdown=$markdown" -f "comment=$comment")
[ -n "${FAIL_ON:-}" ] && options+=(--fail-on "$FAIL_ON")
[ -n "${FAIL_GRADE:-}" ] && options+=(--fail-grade "$FAIL_GRADE")
[ -n "${MAX_UNKNOWN:-}" ] && options+=(--max-unknown "$MAX_UNKNOWN")
if [ -n "${BASELINE:-}" ] && [ -e "$BASELINE" ]; then
  options+=(--baseline "$BASELINE")
elif [ -n "${BASELINE:-}" ]; then
  echo "::notice title=cite-audit::the baseline is not there: every finding counts"
fi
[ -n "${CONFIG:-}" ] && options+=(--config "$CONFIG")
[ -n "${HTML:-}" ] && options+=(-f "html=$HTML")
[ "${OFFLINE:-}" = true ] && options+=(--offline)

rm -f "$json" "$sarif" "$markdown" "$comment"
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
new = [f for r in audit["reports"] for f in r["findings"] if f["state"] == "new"]
print(f"findings={len(new)}")
print(f"problems={sum(f['severity'] != 'note' for f in new)}")
PYTHON
    end="$(python -I -c 'import secrets; print(secrets.token_hex(16))')" # which no text can hold
    printf 'comment<<%s\n' "$end"
    cat "$comment"
    printf '%s\n' "$end"
  fi
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$code"
