#!/bin/sh
# Any other service, or cron: audit, keep the documents, fail only for what is new since the baseline.
set -eu
reports="${1:-reports}"
baseline=".cite-audit-baseline.json"

code=0
if [ ! -f "$baseline" ]; then
  cite-audit baseline update "$reports" --baseline "$baseline" || code=$?
fi
if [ "$code" -eq 0 ]; then
  cite-audit audit "$reports" --baseline "$baseline" -f text -f json=citations.json -f html=citations.html || code=$?
fi
case "$code" in
  0) echo "nothing new" ;;
  1) echo "new findings: see citations.html" ;;
  3) echo "could not finish; try again later" && code=0 ;;
  *) echo "cite-audit could not run" ;;
esac
exit "$code"
