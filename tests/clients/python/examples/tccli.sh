# The commands of docs/clients/tccli.md, as they are typed after `pip install tccli`.
set -eu

# snippet: renew
emulator=${CVM_EMULATOR_URL:-http://127.0.0.1:8213}
export TENCENTCLOUD_SECRET_ID=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE TENCENTCLOUD_SECRET_KEY=Gu5t9xGARNpq86cd98joQYCN3EXAMPLE

tccli cvm RenewInstances --region ap-guangzhou --endpoint "$emulator" \
    --InstanceIds '["ins-r8hr2upy"]' --InstanceChargePrepaid '{"Period":1}'
# snippet: end

# snippet: configure
for product in cvm billing cbs tag; do tccli configure set "$product.endpoint" "$emulator"; done
tccli configure set region ap-guangzhou
tccli cvm DescribeInstances --InstanceIds '["ins-r8hr2upy"]' --filter 'InstanceSet[0].ExpiredTime'
# snippet: end

# snippet: unfold
tccli cvm RenewInstances --cli-unfold-argument --InstanceIds ins-r8hr2upy ins-5d8a23rs --InstanceChargePrepaid.Period 1
# snippet: end

# snippet: profile
tccli configure set secretId "$TENCENTCLOUD_SECRET_ID" secretKey "$TENCENTCLOUD_SECRET_KEY" --profile emulator
tccli configure set region ap-guangzhou cvm.endpoint "$emulator" --profile emulator
tccli cvm DescribeInstances --profile emulator --filter TotalCount
# snippet: end

# snippet: proxy
tccli cvm DescribeInstances --https-proxy "$emulator" --endpoint http://cvm.tencentcloudapi.com --filter TotalCount
# snippet: end

# snippet: waiter
tccli cvm DescribeInstances --InstanceIds '["ins-r8hr2upy"]' --filter 'InstanceSet[0].ExpiredTime' \
    --waiter '{"expr": "InstanceSet[0].InstanceState", "to": "RUNNING", "interval": 1, "timeout": 30}'
# snippet: end
