#!/usr/bin/env bash
# A client of Tencent Cloud's API 3.0 with bash, curl and openssl alone.
#
#   cvm.sh SERVICE ACTION [JSON | NAME=VALUE...] [-- CURL-OPTION...]
#   cvm.sh cvm RenewInstances '{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}'
#   cvm.sh cvm RenewInstances InstanceIds.0=ins-r8hr2upy InstanceChargePrepaid.Period=1
#
# TC3-HMAC-SHA256 by POST takes JSON; everything else takes NAME=VALUE. From the environment:
#   TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_TOKEN, TENCENTCLOUD_REGION
#   CVM_PROTOCOL, CVM_ENDPOINT   http and 127.0.0.1:8213 for the emulator; without them https and the vendor's host
#   CVM_SIGNING                  TC3-HMAC-SHA256 (default), HmacSHA256 or HmacSHA1
#   CVM_METHOD, CVM_LANGUAGE     POST (default) or GET; en-US or zh-CN
set -euo pipefail

declare -A versions=([billing]=2018-07-09 [cbs]=2017-03-12 [cvm]=2017-03-12 [tag]=2018-08-13)

# digest OPTION...: of the standard input, by openssl, as hex digits.
digest() {
    local line
    line=$(openssl dgst "$@")
    echo "${line##* }"
}

hmac() { printf %s "$2" | digest -sha256 -mac HMAC -macopt "$1"; }

# encode TEXT: as a query has it, into $encoded.
encode() {
    local LC_ALL=C text=$1 at byte # in the C locale a character is a byte
    encoded=
    for ((at = 0; at < ${#text}; at++)); do
        byte=${text:at:1}
        case $byte in
        [A-Za-z0-9_.~-]) ;;
        *) printf -v byte %02X "'$byte" && byte=%${byte: -2} ;;
        esac
        encoded+=$byte
    done
}

# to_query NAME=VALUE...: into $query.
to_query() {
    local pair
    query=
    for pair in "$@"; do
        encode "${pair#*=}"
        query+=${query:+&}${pair%%=*}=$encoded
    done
}

# sign_tc3 SERVICE ACTION [JSON | NAME=VALUE...]
sign_tc3() {
    local service=$1 action=$2 type=application/json body='' query='' now day hashed key signature
    shift 2
    if [ "$method" = GET ]; then
        type=application/x-www-form-urlencoded
        to_query "$@"
        request=("$url/?$query")
    else
        body=${1:-'{}'}
        request=("$url/" --data-raw "$body")
    fi
    now=$(date +%s)
    day=$(date -u -d "@$now" +%F)
    hashed=$(printf '%s\n' "$method" / "$query" "content-type:$type" "host:$host" '' 'content-type;host')
    hashed=$(printf '%s\n%s' "$hashed" "$(printf %s "$body" | digest -sha256)" | digest -sha256)
    key=$(hmac "key:TC3$TENCENTCLOUD_SECRET_KEY" "$day")
    key=$(hmac "hexkey:$key" "$service")
    key=$(hmac "hexkey:$key" tc3_request)
    signature=$(hmac "hexkey:$key" "$(printf '%s\n' TC3-HMAC-SHA256 "$now" "$day/$service/tc3_request" "$hashed")")
    request+=(
        -H "Authorization: TC3-HMAC-SHA256 Credential=$TENCENTCLOUD_SECRET_ID/$day/$service/tc3_request, SignedHeaders=content-type;host, Signature=$signature"
        -H "Content-Type: $type" -H "X-TC-Action: $action" -H "X-TC-Version: ${versions[$service]}" -H "X-TC-Timestamp: $now"
        -H "X-TC-Region: $region" -H "X-TC-Language: $language" -H "X-TC-Token: ${TENCENTCLOUD_TOKEN:-}"
    )
}

# sign_v1 SERVICE ACTION [NAME=VALUE...]: HmacSHA1 or HmacSHA256, as $signing says.
sign_v1() {
    local service=$1 action=$2 algorithm=${signing#Hmac} pairs text query
    shift 2
    pairs=("Action=$action" "Version=${versions[$service]}" "Region=$region" "Timestamp=$(date +%s)" "Nonce=$((RANDOM + 1))"
        "SecretId=$TENCENTCLOUD_SECRET_ID" "SignatureMethod=$signing" "Language=$language" "$@")
    [ -z "${TENCENTCLOUD_TOKEN:-}" ] || pairs+=("Token=$TENCENTCLOUD_TOKEN")
    mapfile -d '' -t pairs < <(printf '%s\0' "${pairs[@]}" | LC_ALL=C sort -z -t = -k 1,1)
    printf -v text '&%s' "${pairs[@]}"
    pairs+=("Signature=$(printf %s "$method$host/?${text:1}" | openssl dgst "-${algorithm,,}" -hmac "$TENCENTCLOUD_SECRET_KEY" -binary | openssl base64 -A)")
    to_query "${pairs[@]}"
    if [ "$method" = GET ]; then
        request=("$url/?$query")
    else
        request=("$url/" --data-raw "$query")
    fi
}

# sign SERVICE ACTION [JSON | NAME=VALUE...]: puts what curl needs to send the call into the array $request.
sign() {
    local method=${CVM_METHOD:-POST} signing=${CVM_SIGNING:-TC3-HMAC-SHA256} host=${CVM_ENDPOINT:-$1.tencentcloudapi.com}
    local region=${TENCENTCLOUD_REGION:-ap-guangzhou} language=${CVM_LANGUAGE:-en-US} url
    url=${CVM_PROTOCOL:-https}://$host
    if [ "$signing" = TC3-HMAC-SHA256 ]; then sign_tc3 "$@"; else sign_v1 "$@"; fi
}

# A script that sources this one has the functions and calls curl by itself.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    call=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        call+=("$1")
        shift
    done
    sign "${call[@]}"
    exec curl --silent --show-error "${request[@]}" "${@:2}"
fi
