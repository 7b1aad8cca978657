#!/usr/bin/env bash
# Loses the answer of a renewal, and shows what became of it. Runs where cvm.sh is, with the emulator running and
# cvm-renewal-emulator on the PATH.
set -euo pipefail

# snippet: see
eval "$(cvm-renewal-emulator accounts create --env)" # an account of its own, with its keys
export CVM_PROTOCOL=http CVM_ENDPOINT=${CVM_ENDPOINT:-127.0.0.1:8213}
cvm-renewal-emulator faults add --action RenewInstances --nth 1 --commit-then-fail --drop

./cvm.sh cvm RenewInstances '{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}' ||
    echo "the client was told of an error"

cvm-renewal-emulator requests # the calls that came
cvm-renewal-emulator ledger   # what they cost
cvm-renewal-emulator requests verify --action RenewInstances --done --exactly 1
# snippet: end
