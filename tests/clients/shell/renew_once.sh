#!/usr/bin/env bash
# Renews an instance by a month, once, also when answers are lost. Runs where cvm.sh is.
set -euo pipefail

# snippet: once
expiry() { ./cvm.sh cvm DescribeInstances '{"InstanceIds":["ins-r8hr2upy"]}' | grep -o '"ExpiredTime": *"[^"]*"'; }

before=$(expiry)
for attempt in 1 2 3; do
    ./cvm.sh cvm RenewInstances '{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}' ||
        echo "attempt $attempt: no answer" >&2
    [ "$(expiry)" = "$before" ] || break
done
# snippet: end
[ "$(expiry)" != "$before" ]
