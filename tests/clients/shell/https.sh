#!/usr/bin/env bash
# HTTPS, and the emulator as a proxy, of the docs. Runs where cvm.sh is, with keys in the environment.
set -euo pipefail

# snippet: https
endpoint=${CVM_ENDPOINT:-127.0.0.1:8213}
curl --silent --output ca.pem "http://$endpoint/_emulator/ca.pem"
CVM_PROTOCOL=https CVM_ENDPOINT=$endpoint ./cvm.sh cvm DescribeInstances -- --cacert ca.pem
# snippet: end

# snippet: proxy
unset CVM_PROTOCOL CVM_ENDPOINT # so that the vendor's host is called
HTTPS_PROXY=http://$endpoint ./cvm.sh cvm DescribeInstances -- --cacert ca.pem
# snippet: end
