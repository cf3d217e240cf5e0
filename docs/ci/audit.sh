#!/bin/sh
# Any other service, or cron: audit, keep the documents and the store, fail for what the committed baseline does not know.
# Without a baseline every finding counts. Make one once, look at it, and commit it:
#   cite-audit baseline update reports --baseline .cite-audit-baseline.json
set -eu
reports="${1:-reports}"
baseline="${BASELINE:-.cite-audit-baseline.json}"
store="${STORE:-.cite-audit/store.sqlite}" # keep its folder between runs, also when a run fails

set -- -f text -f json=citations.json -f html=citations.html --store "$store"
[ -f "$baseline" ] && set -- "$@" --baseline "$baseline"
mkdir -p "$(dirname "$store")"

code=0
cite-audit audit "$@" -- "$reports" || code=$?
case "$code" in
  0) echo "nothing new" ;;
  1) echo "new findings: see citations.html" ;;
  3) echo "could not finish; try again later" && code=0 ;;
  *) echo "cite-audit could not run" ;;
esac
exit "$code"
