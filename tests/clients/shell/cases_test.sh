# Plays ../cases.json with cvm.sh, one process for each call. To be sourced by run.

cases=$here/../cases.json
TENCENTCLOUD_REGION=$(jq -r .region "$cases")
export TENCENTCLOUD_REGION
client="shell, curl and openssl"
dialects=("TC3-HMAC-SHA256 POST" "TC3-HMAC-SHA256 GET" "HmacSHA256 POST" "HmacSHA256 GET" "HmacSHA1 POST" "HmacSHA1 GET")
transports=(http https "http proxy" "https proxy")

# The differences between an answer and the expected one, one per line.
differences='
def differences($expected; $at):
  if ($expected | type) == "object" and type == "object" then
    . as $got | $expected | keys_unsorted[] as $key | $got[$key] | differences($expected[$key]; "\($at)/\($key)")
  elif ($expected | type) == "array" and type == "array" and ($expected | length) == length then
    . as $got | range(length) as $i | $got[$i] | differences($expected[$i]; "\($at)/\($i)")
  elif . == $expected then empty
  else "\($at): expected \($expected | tojson), got \(tojson)" end;
def outcome: if has("code") then {Error: ({Code: .code} + if has("message") then {Message: .message} else {} end)} else {Error: null} + .answer end;
. as $got | ($step | outcome) as $expected | $got.Response | differences($expected; "")'

# The steps of a case as commands: make_request METHOD PATH BODY, make_call STEP SERVICE ACTION LANGUAGE SECRET-KEY JSON NAME=VALUE...
steps='
def pairs: paths(type != "object" and type != "array") as $path | "\($path | map(tostring) | join("."))=\(getpath($path))";
.cases[$index].steps[]
| if .control then ["make_request", .control.method, .control.path, (.control.body | tojson)]
  else ["make_call", tojson, .service, .action, .language // "en-US", .secret_key // "", (.params | tojson, pairs)] end
| @sh'

make_request() { control "$1" "$2?account=$account" "$3"; }

make_call() {
    local service=$2 action=$3 params=("$6") answer differing
    [ "$CVM_SIGNING $CVM_METHOD" = "TC3-HMAC-SHA256 POST" ] || params=("${@:7}")
    answer=$(CVM_LANGUAGE=$4 TENCENTCLOUD_SECRET_KEY=${5:-$TENCENTCLOUD_SECRET_KEY} \
        "$here/cvm.sh" "$service" "$action" "${params[@]}" -- "${curl_options[@]}")
    [ -n "$answer" ] || { printf '%s\n' "$service $action: no answer" && return 1; }
    differing=$(jq -r --argjson step "$1" "$differences" <<<"$answer")
    [ -z "$differing" ] || { printf '%s\n' "$service $action $6" "$differing" && return 1; }
}

# play INDEX DIALECT TRANSPORT [SETTINGS]: plays a case, in an account created with SETTINGS.
play() {
    local commands
    export CVM_SIGNING=${2% *} CVM_METHOD=${2#* }
    use_account "${4:-"{}"}"
    use_transport "$3"
    commands=$(jq -r --argjson index "$1" "$steps" "$cases")
    eval "$commands"
    [ -z "${CVM_MATRIX:-}" ] || jq -c --argjson index "$1" --arg client "$client" --arg dialect "$2" --arg transport "$3" \
        '.cases[$index].steps[] | select(.action) | {$client, call: .action, $dialect, $transport}' "$cases" >>"$CVM_MATRIX"
}

test_temporary_keys_need_their_token() {
    use_account '{"expires_in":"PT1H"}'
    use_transport http
    expect "a call without the token" AuthFailure.TokenFailure \
        "$(TENCENTCLOUD_TOKEN='' "$here/cvm.sh" cvm DescribeInstances | jq -r .Response.Error.Code)"
}

test_200_calls_over_one_connection() {
    use_account
    use_transport http
    . "$here/cvm.sh"
    sign cvm DescribeInstances
    local again=()
    for _ in {2..200}; do again+=(--url "$url/"); done
    expect "connections made" 1 "$(curl --silent "${request[@]}" "${again[@]}" --write-out '\n%{num_connects}\n' |
        awk '/^[0-9]+$/ {made += $1} END {print made}')"
    expect_calls DescribeInstances 200
}

test_50_calls_at_once_in_50_accounts() {
    local at calls=() accounts=()
    use_transport http
    . "$here/cvm.sh"
    for at in {1..50}; do
        use_account
        accounts+=("$account")
        sign cvm RenewInstances '{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}'
        [ "$at" = 1 ] || calls+=(--next)
        calls+=("${request[@]}" --no-progress-meter)
    done
    curl --parallel --parallel-immediate "${calls[@]}" >/dev/null
    for account in "${accounts[@]}"; do
        expect_calls RenewInstances 1
        expect_payments 1
    done
}

test_first_renewal_of_the_docs() {
    copy_client
    expect "the new expiry" 2030-02-28T08:00:00Z \
        "$(CVM_ENDPOINT=$address "$here/first_renewal.sh" | sed -n 's/.*"ExpiredTime": *"\(.*\)"/\1/p')"
}

test_https_of_the_docs() {
    copy_client
    use_account
    expect "answers" "12 12" "$(CVM_ENDPOINT=$address "$here/https.sh" | jq -rs 'map(.Response.TotalCount) | join(" ")')"
}

# exit_code VARIABLE=VALUE...: the exit code of curl over plain HTTP with these proxy variables.
exit_code() {
    local status=0
    (export "$@" && "$here/cvm.sh" cvm DescribeInstances >/dev/null 2>&1) || status=$?
    echo "$status"
}

test_proxy_variables() {
    local dead=http://127.0.0.1:1 refused=7 # CURLE_COULDNT_CONNECT
    use_account
    use_transport http
    expect "http_proxy" "$refused" "$(exit_code http_proxy=$dead)"
    expect "HTTP_PROXY" 0 "$(exit_code HTTP_PROXY=$dead)"
    expect "http_proxy and NO_PROXY with the address" 0 "$(exit_code http_proxy=$dead NO_PROXY=127.0.0.1)"
    expect "http_proxy and NO_PROXY with the address and the port" "$refused" "$(exit_code http_proxy=$dead "NO_PROXY=$address")"
}

add_cases() {
    local index everywhere name dialect transport
    while IFS=$'\t' read -r index everywhere name; do
        if [ "$everywhere" = true ]; then
            for dialect in "${dialects[@]}"; do
                for transport in "${transports[@]}"; do
                    add_test "$name: $dialect, $transport" play "$index" "$dialect" "$transport"
                done
            done
        else
            add_test "$name" play "$index" "${dialects[0]}" http
        fi
    done < <(jq -r '.cases | to_entries[] | [.key, (.value.everywhere // false), .value.name] | @tsv' "$cases")
    add_test "$(jq -r '.cases[0].name' "$cases"): temporary keys" play 0 "${dialects[0]}" http '{"expires_in":"PT1H"}'
}

add_cases
add_test "temporary keys need their token" test_temporary_keys_need_their_token
add_test "200 calls over one connection" test_200_calls_over_one_connection
add_test "50 calls at once in 50 accounts" test_50_calls_at_once_in_50_accounts
add_test "the first renewal of the docs" test_first_renewal_of_the_docs
add_test "https and the proxy of the docs" test_https_of_the_docs
add_test "what curl makes of proxy variables" test_proxy_variables
