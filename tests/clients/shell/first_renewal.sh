#!/usr/bin/env bash
# The first renewal of the docs. Runs where cvm.sh is.
set -euo pipefail

# snippet: first
export TENCENTCLOUD_SECRET_ID=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE
export TENCENTCLOUD_SECRET_KEY=Gu5t9xGARNpq86cd98joQYCN3EXAMPLE
export CVM_PROTOCOL=http CVM_ENDPOINT=${CVM_ENDPOINT:-127.0.0.1:8213}

./cvm.sh cvm RenewInstances '{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}'
./cvm.sh cvm DescribeInstances '{"InstanceIds":["ins-r8hr2upy"]}' | grep -o '"ExpiredTime": *"[^"]*"'
# snippet: end
