#!/usr/bin/env bash
# Ways to run the emulator with docker alone:
#
#   docker-run.sh plain     state in memory
#   docker-run.sh keep      state and certificate authority in the volume cvm-state
#   docker-run.sh fixtures  starts from the *.json of ./fixtures, instead of the built-in fixtures
#   docker-run.sh https     fetches the certificate authority of a running emulator to ca.pem and uses it
#   docker-run.sh proxy     the same, with the vendor's own host name: the emulator is the proxy
#   docker-run.sh stop
set -euo pipefail

image=${EMULATOR_IMAGE:-cvm-renewal-emulator:0.1.0}
url=http://127.0.0.1:8213

# start [OPTION...]: what every way has in common, and a wait until it answers.
start() {
    docker run --detach --rm --name emulator --publish 127.0.0.1:8213:8213 \
        --read-only --cap-drop ALL --security-opt no-new-privileges "$@" "$image"
    for _ in $(seq 100); do
        ! curl --silent --fail --noproxy '*' "$url/health" || return 0
        sleep 0.1
    done
    docker logs emulator
    return 1
}

authority() { curl --silent --fail --noproxy '*' --output ca.pem "$url/_emulator/ca.pem"; }

case ${1:-plain} in
plain) start ;;
keep) start --volume cvm-state:/data --env CVM_EMULATOR_DB=/data/emulator.db ;;
fixtures) start --volume "$PWD/fixtures:/etc/cvm-renewal-emulator/fixtures.d:ro" ;;
https)
    authority
    curl --silent --fail --noproxy '*' --cacert ca.pem https://127.0.0.1:8213/health
    ;;
proxy) # in the shell: export HTTPS_PROXY=http://127.0.0.1:8213
    authority
    curl --silent --fail --proxy http://127.0.0.1:8213 --cacert ca.pem https://cvm.tencentcloudapi.com/health
    ;;
stop) docker stop emulator ;;
*) sed -n '2,9s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac
