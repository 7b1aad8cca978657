#!/usr/bin/env bash
# Renews an instance by a month, once, also when answers are lost. Runs where cvm.sh is.
set -euo pipefail

# snippet: once
expiry() { ./cvm.sh cvm DescribeInstances '{"InstanceIds":["ins-r8hr2upy"]}' | grep -o '"ExpiredTime": *"[^"]*"'; }

before=$(expiry) || exit
for attempt in 1 2 3; do
    ./cvm.sh cvm RenewInstances '{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}' ||
        echo "attempt $attempt: no answer" >&2
    now=$(expiry) || exit # whether it is paid is not known: find out before you call again
    [ "$now" = "$before" ] || break
done
# snippet: end
[ "$now" != "$before" ]
