# For `run` and the test files: the emulator, accounts, and tests that run in parallel. To be sourced.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
names=()
commands=()
running=()

# The developer's .curlrc must not interfere.
export CURL_HOME=$work

start_emulator() {
    local line
    mkfifo "$work/out"
    "$CVM_EMULATOR_BINARY" --port 0 --log-level warn --fixtures "$here/../account.json" >"$work/out" 2>"$work/log" &
    emulator=$!
    exec 3<"$work/out"
    while read -r -t 10 line <&3; do
        case $line in "Ready. "*) url=${line#Ready. } && break ;; esac
    done
    [ -n "${url:-}" ] || { cat "$work/log" && exit 1; }
    address=${url#http://}
    curl --silent --fail --output "$work/ca.pem" "$url/_emulator/ca.pem"
}

stop_emulator() {
    kill "$emulator" && wait "$emulator"
    rm -rf "$work"
}

# control METHOD RESOURCE [JSON]: sends a request to the control API.
control() { curl --silent --show-error --fail-with-body --request "$1" --header 'Content-Type: application/json' "$url/_emulator/$2" ${3+--data-raw "$3"}; }

# use_account [JSON]: creates an account for the test and gives its keys to cvm.sh. It is deleted with the emulator.
use_account() {
    local made
    made=$(control POST accounts "${1:-"{}"}")
    read -r account TENCENTCLOUD_SECRET_ID TENCENTCLOUD_SECRET_KEY TENCENTCLOUD_TOKEN < <(jq -r '"\(.Uin) \(.SecretId) \(.SecretKey) \(.Token // "")"' <<<"$made")
    export TENCENTCLOUD_SECRET_ID TENCENTCLOUD_SECRET_KEY TENCENTCLOUD_TOKEN
}

# use_transport NAME: sets how cvm.sh reaches the emulator; additional options for curl go into $curl_options.
use_transport() {
    export CVM_PROTOCOL=${1%% *}
    curl_options=()
    [ "$CVM_PROTOCOL" = http ] || curl_options=(--cacert "$work/ca.pem")
    case $1 in
    http | https) export CVM_ENDPOINT=$address ;;
    "http proxy") export http_proxy=$url ;;
    "https proxy") export HTTPS_PROXY=$url ;;
    *) echo "no transport '$1'" && return 1 ;;
    esac
}

# copy_client: copies cvm.sh into a folder of the test and changes to it, as a reader of the docs does.
copy_client() {
    cd "$(mktemp -d -p "$work")"
    cp "$here/cvm.sh" .
}

# expect WHAT EXPECTED GOT
expect() { [ "$2" = "$3" ] || { printf '%s: expected %s, got %s\n' "$1" "$2" "$3" && return 1; }; }

# expect_calls ACTION COUNT: checks the account's journal.
expect_calls() {
    local verdict
    verdict=$(control POST "requests/verify?account=$account" "{\"match\":{\"action\":\"$1\"},\"exactly\":$2}")
    jq -er '.ok or (.why | halt_error(1))' <<<"$verdict" >/dev/null
}

# expect_payments COUNT: checks for payments of a month of ins-r8hr2upy in the account's ledger.
expect_payments() {
    expect payments "$1" "$(control GET "ledger?account=$account" | jq '[.lines[] | select(.Cause == "request" and .Amount == 7650)] | length')"
}

# add_test NAME COMMAND...
add_test() {
    names+=("$1")
    commands+=("$(printf '%q ' "${@:2}")")
}

# run_tests [TEXT]: runs the tests whose names contain TEXT, four at a time; prints the output of failing ones.
run_tests() {
    local at log passed=0 failed=0
    for at in "${!names[@]}"; do
        case ${names[at]} in *"${1:-}"*) ;; *) continue ;; esac
        log=$work/$at
        {
            trap 'echo $? >"$log.status"' EXIT
            eval "${commands[at]}" >"$log.log" 2>&1 </dev/null
        } 3<&- &
        running+=($!)
        [ ${#running[@]} -lt 4 ] || { wait "${running[0]}" || true; running=("${running[@]:1}"); }
    done
    [ ${#running[@]} -eq 0 ] || wait "${running[@]}" || true
    for at in "${!names[@]}"; do
        case ${names[at]} in *"${1:-}"*) ;; *) continue ;; esac
        log=$work/$at
        # A test that was killed has left no status.
        if [ "$(cat "$log.status" 2>/dev/null)" = 0 ]; then
            echo "ok - ${names[at]}"
            passed=$((passed + 1))
        else
            echo "not ok - ${names[at]}"
            sed 's/^/    /' "$log.log"
            failed=$((failed + 1))
        fi
    done
    echo "shell: $passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
