# What curl does when the answer to a renewal is lost or the call is refused. To be sourced by run.

renewal='{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}'
lost='{"commit_then_fail":true,"drop":true}'

# fail_renewal THEN: applies the fault to the account's first renewal.
fail_renewal() {
    use_account
    use_transport http
    control POST "faults?account=$account" "{\"match\":{\"action\":\"RenewInstances\"},\"when\":{\"nth\":1},\"then\":$1}"
}

# expect_renewal EXIT CALLS PAYMENTS [CURL-OPTION...]: checks curl's exit code, the journal and the ledger.
expect_renewal() {
    local status=0
    "$here/cvm.sh" cvm RenewInstances "$renewal" -- "${@:4}" || status=$?
    expect "exit code of curl" "$1" "$status"
    expect_calls RenewInstances "$2"
    expect_payments "$3"
}

test_lost() {
    fail_renewal "$lost"
    expect_renewal 52 1 1 # CURLE_GOT_NOTHING
}

test_retry_after_a_lost_answer() {
    fail_renewal "$lost"
    expect_renewal 52 1 1 --retry 3
}

test_retry_all_errors() {
    fail_renewal "$lost"
    expect_renewal 0 2 2 --retry 3 --retry-all-errors
}

test_retry_after_a_bad_gateway() {
    fail_renewal '{"commit_then_fail":true,"status":502}'
    expect_renewal 0 2 2 --retry 3
}

test_retry_after_a_timeout() {
    fail_renewal '{"delay_ms":60000}'
    expect_renewal 0 2 2 --retry 3 --max-time 2
}

test_retry_of_a_refused_call() {
    fail_renewal '{"error":"RequestLimitExceeded"}'
    expect_renewal 0 1 0 --retry 3 --retry-all-errors
}

# Two calls in one process: the second uses the connection of the first.
test_connection_in_use() {
    fail_renewal "$lost"
    . "$here/cvm.sh"
    sign cvm DescribeInstances '{"InstanceIds":["ins-r8hr2upy"]}'
    local look=("${request[@]}")
    sign cvm RenewInstances "$renewal"
    curl "${look[@]}" --next "${request[@]}"
    expect_calls RenewInstances 2
    expect_payments 2
}

call_twice_over_two_connections() {
    # snippet: close
    . ./cvm.sh
    sign cvm DescribeInstances '{"InstanceIds":["ins-r8hr2upy"]}'
    look=("${request[@]}" --header 'Connection: close')
    sign cvm RenewInstances '{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}'
    curl "${look[@]}" --next "${request[@]}"
    # snippet: end
}

test_connection_closed() {
    local status=0
    fail_renewal "$lost"
    copy_client
    call_twice_over_two_connections || status=$?
    expect "exit code of curl" 52 "$status"
    expect_calls RenewInstances 1
    expect_payments 1
}

test_renew_once() {
    fail_renewal "$1"
    copy_client
    "$here/renew_once.sh"
    expect_calls RenewInstances "$2"
    expect_payments 1
}

test_example_of_the_docs() {
    local said
    copy_client
    ln -s "$CVM_EMULATOR_BINARY" cvm-renewal-emulator
    said=$(PATH=$PWD:$PATH CVM_EMULATOR_URL=$url CVM_ENDPOINT=$address "$here/lost_answer.sh")
    expect "what the client was told" 1 "$(grep -c "the client was told of an error" <<<"$said")"
    expect "the verdict" 1 "$(grep -c "^ok, calls that match: 1" <<<"$said")"
    expect "payments" 1 "$(grep -c "request.* 76\.50$" <<<"$said")"
}

test_renew_once_that_cannot_look() {
    local status=0
    fail_renewal "$lost"
    control POST "faults?account=$account" '{"match":{"action":"DescribeInstances"},"when":{"nth":2},"then":{"error":"InternalError"}}'
    copy_client
    "$here/renew_once.sh" || status=$?
    expect "exit code" 1 "$status"
    expect_calls RenewInstances 1
}

add_test "a lost answer: an error, paid once" test_lost
add_test "a lost answer and --retry: an error, paid once" test_retry_after_a_lost_answer
add_test "a lost answer and --retry-all-errors: success, paid twice" test_retry_all_errors
add_test "502 after the work and --retry: success, paid twice" test_retry_after_a_bad_gateway
add_test "a time-out and --retry: success, paid twice" test_retry_after_a_timeout
add_test "RequestLimitExceeded: curl does not retry it" test_retry_of_a_refused_call
add_test "a lost answer on a connection in use: success, paid twice" test_connection_in_use
add_test "a lost answer on a connection of its own: an error, paid once" test_connection_closed
add_test "renew_once.sh and a lost answer: paid once" test_renew_once "$lost" 1
add_test "renew_once.sh and a refused call: paid once" test_renew_once '{"error":"RequestLimitExceeded"}' 2
add_test "renew_once.sh that cannot look afterwards: an error, and no further call" test_renew_once_that_cannot_look
add_test "the lost answer of the docs" test_example_of_the_docs
