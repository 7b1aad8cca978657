#!/bin/sh
# Renews an instance with curl, by calls that are signed for the vendor's host.
set -eu

call() {
    command=$("$EMULATOR" sign --url http://cvm.tencentcloudapi.com:80 "$@" | sed 's|http://|https://|')
    eval "$command"
}
expiry() { call DescribeInstances '{"InstanceIds":["ins-r8hr2upy"]}' | sed 's/.*"ExpiredTime": *"\([^"]*\)".*/\1/'; }

before=$(expiry)
call RenewInstances '{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}' >/dev/null
printf '["%s", "%s"]\n' "$before" "$(expiry)"
