#!/bin/sh
# A scheduled audit: reads what has changed since the last run, holds it against the declared list, and
# leaves a report of the day. Run it in the folder of pii-scan.yaml; its exit code is that of the check:
# 0 clean, 1 new findings, 2 configuration, 3 something could not be looked at, 4 internal error.
set -u
reports="${PII_SCAN_REPORTS:-reports}"
mkdir -p "$reports"

# The first time there is no run to go on from, so everything is read.
if pii-scan inventory runs | grep -q ' complete$'; then since="--since last"; else since=""; fi
# shellcheck disable=SC2086 # no word at all, or two
pii-scan scan -q $since "$@"
scanned=$?
if [ "$scanned" -ne 0 ] && [ "$scanned" -ne 3 ]; then
  exit "$scanned"
fi

baseline=""
if [ -f baseline.json ]; then baseline="--baseline baseline.json"; fi
# shellcheck disable=SC2086
pii-scan check --fail-on high $baseline -o "$reports/audit-$(date +%Y-%m-%d).md" -o "$reports/latest.json"
checked=$?
pii-scan purge --keep 30 --yes > /dev/null || { [ "$checked" -ne 0 ] || checked=2; }
exit "$checked"
