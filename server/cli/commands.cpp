#include "server/cli/commands.hpp"

#include "server/cli/match.hpp"
#include "server/cli/url.hpp"
#include "server/wire/form.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::cli {

namespace json = boost::json;

namespace {

constexpr std::int64_t longest_wait_ms = 60'000; // the server's limit

std::string account_of(const Given& given) { return given.text("--account"); }

std::string at_account(std::string_view path, const Given& given)
{
    return with_query(path, {{"account", account_of(given)}});
}

// JSON members for the given flags, as texts.
struct Member {
    std::string_view flag;
    std::string_view name;
};

json::object texts(const Given& given, std::span<const Member> members)
{
    json::object o;
    for (const auto& [flag, name] : members)
        if (given.has(flag))
            o[name] = given.text(flag);
    return o;
}

// --- clock ---

HttpCall get_clock(const Given& given) { return {"GET", at_account("/_emulator/clock", given)}; }

HttpCall move_clock(const Given& given, json::object body, std::string doing)
{
    if (given.has("--dry-run"))
        body["dry_run"] = true;
    if (given.has("--hours"))
        body["hours"] = true;
    return {"POST", at_account("/_emulator/clock", given), json::serialize(body), std::move(doing)};
}

HttpCall advance_clock(const Given& given)
{
    return move_clock(given, {{"advance", given.text("DURATION")}}, "advancing the clock");
}

HttpCall set_clock(const Given& given)
{
    return move_clock(given, {{"set", given.text("INSTANT")}}, "advancing the clock");
}

HttpCall next_event(const Given& given)
{
    return move_clock(given, {{"advance_to", "next_event"}}, "advancing the clock");
}

HttpCall freeze_clock(const Given& given) { return move_clock(given, {{"frozen", true}}, "freezing the clock"); }

HttpCall thaw_clock(const Given& given) { return move_clock(given, {{"frozen", false}}, "thawing the clock"); }

// --- the state ---

HttpCall reset(const Given& given) { return {"POST", at_account("/_emulator/reset", given), {}, "resetting"}; }

HttpCall export_state(const Given& given)
{
    return {"GET", at_account("/_emulator/state", given), {}, "exporting the state"};
}

HttpCall import_state(const Given& given)
{
    return {"PUT", at_account("/_emulator/state", given), given.text("FILE"), "importing the state"};
}

// --- accounts ---

HttpCall list_accounts(const Given&) { return {"GET", "/_emulator/accounts"}; }

void refuse_env_as_json(const Given& given)
{
    if (given.has("--env") && given.has("--json"))
        throw UsageError{"give one of --env and --json"};
}

HttpCall create_account(const Given& given)
{
    refuse_env_as_json(given);
    constexpr std::array members{Member{"--from", "from"}, Member{"--uin", "Uin"}, Member{"--secret-id", "SecretId"},
                                 Member{"--secret-key", "SecretKey"}, Member{"--expires-in", "expires_in"}};
    // Also in the query, for a proxy in front of several emulators.
    return {"POST", with_query("/_emulator/accounts", {{"account", given.text("--secret-id")}}),
            json::serialize(texts(given, members)), "creating an account"};
}

HttpCall drop_account(const Given& given)
{
    return {"DELETE", with_query("/_emulator/accounts", {{"account", given.text("ACCOUNT")}})};
}

HttpCall create_credential(const Given& given)
{
    refuse_env_as_json(given);
    constexpr std::array members{Member{"--secret-id", "SecretId"}, Member{"--secret-key", "SecretKey"},
                                 Member{"--expires-in", "expires_in"}, Member{"--mfa", "MFA"}};
    json::object body = texts(given, members);
    if (given.has("--action"))
        body["Actions"] = json::array(given.all("--action").begin(), given.all("--action").end());
    return {"POST", at_account("/_emulator/accounts/credentials", given), json::serialize(body)};
}

// --- faults ---

HttpCall list_faults(const Given& given) { return {"GET", at_account("/_emulator/faults", given)}; }

constexpr std::array fault_flags{
    Flag{"RULE", "JSON", "The rule as JSON instead of flags; - reads it from stdin", Kind::document},
    Flag{"--action", "ACTION", "Calls of this action"},
    Flag{"--region", "REGION", "Calls in this region"},
    Flag{"--instance", "ID", "Calls that name this instance"},
    Flag{"--secret-id", "ID", "Calls signed with this SecretId"},
    Flag{"--param", "/POINTER=VALUE", "Calls with this value of a parameter, JSON or text; repeatable", Kind::repeated},
    Flag{"--nth", "N", "Only the Nth matching call", Kind::count},
    Flag{"--every", "N", "Every Nth matching call", Kind::count},
    Flag{"--times", "N", "At most this many times", Kind::count},
    Flag{"--probability", "P", "With this probability, 0 to 1"},
    Flag{"--seed", "N", "Seed of --probability", Kind::count},
    Flag{"--error", "CODE", "Answer with this error code"},
    Flag{"--message", "TEXT", "Answer with this text instead of the code's own"},
    Flag{"--status", "N", "Answer with this HTTP status", Kind::count},
    Flag{"--delay-ms", "N", "Delay the answer by this many milliseconds", Kind::count},
    Flag{"--drop", "", "Close the connection without an answer", Kind::mark},
    Flag{"--truncate", "BYTES", "Close the connection after this many bytes of the answer", Kind::count},
    Flag{"--bytes-per-second", "N", "Send the answer at this rate", Kind::count},
    Flag{"--commit-then-fail", "", "Carry out the action, then fail", Kind::mark},
    Flag{"--hide-for", "DURATION", "Leave new instances out for this time after they are created, such as PT5S"},
    Flag{"--hide-times", "N", "Leave each new instance out of the first N answers", Kind::count},
    Flag{"--ttl", "DURATION", "Remove the rule after this time, such as PT10M"},
};

HttpCall add_fault(const Given& given)
{
    const std::string target = at_account("/_emulator/faults", given);
    if (!given.has("RULE"))
        return {"POST", target, json::serialize(fault_of(given))};
    for (const Flag& flag : fault_flags)
        if (flag.name.starts_with("--") && given.has(flag.name))
            throw UsageError{"give the rule as JSON or with flags, not both"};
    boost::system::error_code ec;
    const json::value rule = json::parse(given.text("RULE"), ec);
    if (ec || !rule.is_object())
        throw UsageError{"RULE is not a JSON object" + (ec ? ": " + ec.message() : std::string{})};
    return {"POST", target, given.text("RULE")};
}

HttpCall clear_faults(const Given& given)
{
    return {"DELETE", with_query("/_emulator/faults", {{"account", account_of(given)}, {"id", given.text("ID")}})};
}

// --- requests ---

HttpCall list_requests(const Given& given)
{
    return {"GET", with_query("/_emulator/requests", {{"account", account_of(given)},
                                                      {"action", given.text("--action")},
                                                      {"code", given.text("--code")},
                                                      {"region", given.text("--region")},
                                                      {"instance", given.text("--instance")},
                                                      {"limit", given.text("--limit")}})};
}

HttpCall forget_requests(const Given& given) { return {"DELETE", at_account("/_emulator/requests", given)}; }

HttpCall verify_requests(const Given& given)
{
    return {"POST", at_account("/_emulator/requests/verify", given), json::serialize(expectation_of(given))};
}

HttpCall wait_for_requests(const Given& given)
{
    json::object body = expectation_of(given);
    HttpCall call{"POST", at_account("/_emulator/requests/wait", given), {}, "waiting for the calls"};
    if (const auto wait = given.number("--timeout-ms")) {
        if (*wait > longest_wait_ms)
            throw UsageError{"--timeout-ms must be at most " + std::to_string(longest_wait_ms)};
        body["timeout_ms"] = *wait;
        call.timeout = std::chrono::milliseconds{*wait} + std::chrono::seconds{30};
    }
    call.body = json::serialize(body);
    return call;
}

// --- signatures ---

HttpCall get_signature(const Given& given)
{
    if (!given.has("REQUEST_ID"))
        throw UsageError{
            "give the RequestId of a call (`requests` lists them), or a request with `signatures explain`"};
    return {"GET", at_account("/_emulator/signatures/" + wire::percent_encoded(given.text("REQUEST_ID")), given)};
}

HttpCall explain_signature(const Given& given)
{
    return {.method = "POST",
            .target = at_account("/_emulator/signatures/explain", given),
            .body = given.text("FILE"),
            .content_type = "text/plain"};
}

// --- the server ---

HttpCall get_coverage(const Given&) { return {"GET", "/_emulator/coverage"}; }

HttpCall get_ledger(const Given& given)
{
    return {"GET", at_account("/_emulator/ledger", given), {}, "reading the ledger"};
}

HttpCall deposit(const Given& given)
{
    json::object body{{"deposit", given.number("CENTS").value()}};
    if (given.has("--to"))
        body["to"] = given.text("--to");
    return {"POST", at_account("/_emulator/ledger", given), json::serialize(body)};
}

HttpCall get_invariants(const Given& given)
{
    return {"GET", at_account("/_emulator/invariants", given), {}, "checking the invariants"};
}

HttpCall get_health(const Given& given)
{
    constexpr std::int64_t max_seconds = 3600;
    const std::int64_t seconds = given.number("--timeout").value_or(3);
    if (seconds < 1 || seconds > max_seconds)
        throw UsageError{"--timeout must be a number of seconds from 1 to " + std::to_string(max_seconds)};
    return {.method = "GET", .target = "/_emulator/health", .timeout = std::chrono::seconds{seconds}};
}

// --- flags ---

constexpr Flag dry_run{"--dry-run", "", "Only show what would happen", Kind::mark};
constexpr Flag hours{"--hours", "", "Also list every hour that is charged", Kind::mark};
constexpr Flag env{"--env", "", "Print only shell commands: eval \"$(... --env)\"", Kind::mark};
constexpr Flag new_secret_id{"--secret-id", "ID", "Its SecretId; generated if omitted"};
constexpr Flag new_secret_key{"--secret-key", "KEY", "Its SecretKey; generated if omitted"};
constexpr Flag expires_in{"--expires-in", "DURATION", "Make the key pair temporary, with a token, for this time: PT2H"};

constexpr std::array clock_flags{dry_run, hours};
constexpr std::array advance_flags{
    Flag{.name = "DURATION", .value = "", .help = "How far: P1M, P10D, PT90S, P1Y2M10DT2H30M", .required = true},
    dry_run, hours};
constexpr std::array set_flags{
    Flag{.name = "INSTANT", .value = "", .help = "Such as 2026-12-01T00:00:00Z", .required = true}, dry_run, hours};

constexpr std::array export_flags{
    Flag{"FILE", "FILE", "File to write, replaced in one step; stdout if omitted", Kind::output}};
constexpr std::array import_flags{Flag{
    .name = "FILE", .value = "FILE", .help = "A state document; - for stdin", .kind = Kind::input, .required = true}};

constexpr std::array create_flags{
    Flag{"--from", "ACCOUNT",
         "What it starts as: default (like the default account), empty, or a Uin, SecretId or file of the fixtures"},
    Flag{"--uin", "UIN", "Its Uin; an unused one if omitted"},
    new_secret_id,
    new_secret_key,
    expires_in,
    env,
};
constexpr std::array drop_flags{
    Flag{.name = "ACCOUNT", .value = "", .help = "Its Uin or one of its SecretIds", .required = true}};
constexpr std::array<std::string_view, 3> mfa_words{"PASSED", "EXPIRED", "ABSENT"};
constexpr std::array credentials_flags{
    new_secret_id,
    new_secret_key,
    expires_in,
    Flag{"--action", "PATTERN", "What it may do, such as \"*:Describe*\"; everything if omitted; repeatable",
         Kind::repeated},
    Flag{"--mfa", "STATE", "State of its multi-factor authentication", Kind::text, mfa_words},
    env,
};

constexpr std::array clear_flags{Flag{"ID", "", "Id of the rule; all rules if omitted"}};

constexpr Flag by_action{"--action", "ACTION", "Calls of this action"};
constexpr Flag by_code{"--code", "CODE", "Calls answered with this code"};
constexpr Flag by_done{"--done", "", "Calls that were carried out, whatever the answer said", Kind::mark};
constexpr Flag by_region{"--region", "REGION", "Calls in this region"};
constexpr Flag by_instance{"--instance", "ID", "Calls that name this instance"};
constexpr Flag by_param{"--param", "/POINTER=VALUE", "Calls with this value of a parameter, JSON or text; repeatable",
                        Kind::repeated};
constexpr Flag exactly{"--exactly", "N", "Expect exactly N calls", Kind::count};
constexpr Flag at_least{"--at-least", "N", "Expect N calls or more; 1 if omitted", Kind::count};
constexpr Flag at_most{"--at-most", "N", "Expect N calls at most", Kind::count};
constexpr Flag after{"--after", "NUMBER", "Only calls numbered higher than this", Kind::count};
constexpr Flag in_order{"--in-order", "ACTION", "Expect calls of these actions in this order; repeatable",
                        Kind::repeated};

constexpr std::array requests_flags{by_action, by_code, by_region, by_instance,
                                    Flag{"--limit", "N", "Only the last N calls", Kind::count}};
constexpr std::array verify_flags{by_action, by_code,  by_done, by_region, by_instance, by_param,
                                  exactly,   at_least, at_most, in_order,  after};
constexpr std::array wait_flags{
    by_action,
    by_code,
    by_done,
    by_region,
    by_instance,
    by_param,
    exactly,
    at_least,
    in_order,
    after,
    Flag{"--timeout-ms", "N", "Give up after this many milliseconds; 10000 if omitted, 60000 at most", Kind::count}};

constexpr std::array signature_flags{Flag{"REQUEST_ID", "", "RequestId of the call"}};
constexpr std::array explain_flags{Flag{
    .name = "FILE", .value = "FILE", .help = "A raw HTTP request; - for stdin", .kind = Kind::input, .required = true}};

constexpr std::array sign_flags{
    Flag{.name = "ACTION", .value = "", .help = "Such as RenewInstances", .required = true},
    Flag{"PARAMS", "JSON", "Its parameters; {} if omitted; - reads them from stdin", Kind::document},
    Flag{"--region", "REGION", "Its region; ap-guangzhou if omitted and the action needs one"},
    Flag{.name = "--secret-id",
         .value = "ID",
         .help = "The SecretId; that of the vendor's documentation if omitted",
         .variable = "TENCENTCLOUD_SECRET_ID"},
    Flag{.name = "--secret-key",
         .value = "KEY",
         .help = "The SecretKey that belongs to it",
         .variable = "TENCENTCLOUD_SECRET_KEY"},
    Flag{.name = "--token",
         .value = "TOKEN",
         .help = "The token of a temporary key pair",
         .variable = "TENCENTCLOUD_TOKEN"},
    Flag{"--version", "DATE", "Version of the API; that of the action if omitted"},
    Flag{.name = "--url", .value = "URL", .help = "Where the emulator listens", .variable = "CVM_EMULATOR_URL"},
};

constexpr std::array coverage_flags{
    Flag{"ACTION", "", "Show its parameters and codes; if omitted, a line for each action"}};
constexpr std::array<std::string_view, 3> deposit_words{"cash", "income", "present"};
constexpr std::array deposit_flags{
    Flag{.name = "CENTS", .value = "", .help = "Amount in cents", .kind = Kind::count, .required = true},
    Flag{"--to", "PART", "Part of the balance; cash if omitted", Kind::text, deposit_words}};
constexpr std::array health_flags{
    Flag{"--timeout", "SECONDS", "Give up after this many seconds; 3 if omitted", Kind::count}};
constexpr std::array<std::string_view, 3> shell_words{"bash", "zsh", "fish"};
constexpr std::array completion_flags{
    Flag{.name = "SHELL", .value = "", .help = "Which shell", .words = shell_words, .required = true}};
constexpr std::array<std::string_view, 2> format_words{"man", "markdown"};
constexpr std::array manual_flags{
    Flag{"--format", "FORMAT", "Output format; man, for the man program, if omitted", Kind::text, format_words}};

constexpr std::array shared_flags{
    Flag{.name = "--url", .value = "URL", .help = "Where the emulator listens", .variable = "CVM_EMULATOR_URL"},
    Flag{.name = "--admin-token",
         .value = "TOKEN",
         .help = "The token that the emulator was started with",
         .variable = "CVM_EMULATOR_ADMIN_TOKEN"},
    Flag{"--json", "", "Print the answer as JSON", Kind::mark},
};

constexpr Flag the_account_flag{.name = "--account",
                                .value = "ACCOUNT",
                                .help = "A Uin or a SecretId; the default account if omitted",
                                .variable = "CVM_EMULATOR_ACCOUNT"};

// --- the commands ---

constexpr std::array table{
    Command{.path = "clock",
            .summary = "Show the account's clock and the next event, or move the clock",
            .examples = "clock\nclock advance P1M\nclock next --dry-run",
            .account = true,
            .request = get_clock,
            .show = show_clock},
    Command{.path = "clock advance",
            .summary = "Advance the clock and show what happens",
            .examples = "clock advance P1M\nclock advance P1Y --dry-run",
            .flags = advance_flags,
            .account = true,
            .request = advance_clock,
            .show = show_passage},
    Command{.path = "clock set",
            .summary = "Advance the clock to a point in time",
            .examples = "clock set 2026-12-01T00:00:00Z",
            .flags = set_flags,
            .account = true,
            .request = set_clock,
            .show = show_passage},
    Command{.path = "clock next",
            .summary = "Advance the clock to the next event",
            .examples = "clock next\nclock next --dry-run",
            .flags = clock_flags,
            .account = true,
            .request = next_event,
            .show = show_passage},
    Command{.path = "clock freeze",
            .summary = "Stop the clock",
            .examples = "clock freeze",
            .flags = clock_flags,
            .account = true,
            .request = freeze_clock,
            .show = show_passage},
    Command{.path = "clock thaw",
            .summary = "Let a stopped clock run again",
            .examples = "clock thaw",
            .flags = clock_flags,
            .account = true,
            .request = thaw_clock,
            .show = show_passage},
    Command{.path = "reset",
            .summary = "Reset everything, or one account, to the fixtures",
            .examples = "reset\nreset --account 100000000001",
            .account = true,
            .request = reset,
            .show = show_reset},
    Command{.path = "state",
            .summary = "Save the state to a file, or load it",
            .examples = "state export before.json\nstate import before.json",
            .does = Does::group},
    Command{.path = "state export",
            .summary = "Write the state as JSON, secret keys included",
            .examples = "state export before.json\nstate export | jq '.accounts[].Uin'",
            .flags = export_flags,
            .account = true,
            .request = export_state},
    Command{.path = "state import",
            .summary = "Load the state from a file that an export wrote",
            .examples = "state import before.json\nstate import - < before.json",
            .flags = import_flags,
            .account = true,
            .request = import_state,
            .show = show_import},
    Command{.path = "accounts",
            .summary = "List the accounts, or create and drop them",
            .examples = "accounts\neval \"$(cvm-renewal-emulator accounts create --env)\"",
            .request = list_accounts,
            .show = show_accounts},
    Command{.path = "accounts create",
            .summary = "Create an account with a key pair",
            .examples = "accounts create --from empty\neval \"$(cvm-renewal-emulator accounts create --env)\"",
            .flags = create_flags,
            .request = create_account,
            .show = show_credentials},
    Command{.path = "accounts drop",
            .summary = "Remove an account",
            .examples = "accounts drop 100000000099",
            .flags = drop_flags,
            .request = drop_account,
            .show = show_drop},
    Command{.path = "accounts credentials",
            .summary = "Create another key pair for an account",
            .examples = "accounts credentials --action '*:Describe*'\naccounts credentials --expires-in PT2H --env",
            .flags = credentials_flags,
            .account = true,
            .request = create_credential,
            .show = show_credentials},
    Command{.path = "faults",
            .summary = "List the fault rules, or add and clear them",
            .examples = "faults\nfaults add --action RenewInstances --error InternalError --times 2\nfaults clear",
            .account = true,
            .request = list_faults,
            .show = show_faults},
    Command{.path = "faults add",
            .summary = "Make matching calls fail, or be slow",
            .examples = "faults add --action RenewInstances --error InternalError --times 2\n"
                        "faults add --instance ins-r8hr2upy --delay-ms 1500 --ttl PT10M\n"
                        "faults add '{\"match\":{\"action\":\"RenewInstances\"},\"then\":{\"drop\":true}}'",
            .flags = fault_flags,
            .account = true,
            .request = add_fault,
            .show = show_fault},
    Command{.path = "faults clear",
            .summary = "Remove one fault rule, or all of them",
            .examples = "faults clear\nfaults clear fault-1",
            .flags = clear_flags,
            .account = true,
            .request = clear_faults,
            .show = show_faults_cleared},
    Command{.path = "requests",
            .summary = "List the calls received, or check them",
            .examples =
                "requests --action RenewInstances --limit 10\nrequests verify --action RenewInstances --exactly 1",
            .flags = requests_flags,
            .account = true,
            .request = list_requests,
            .show = show_requests},
    Command{.path = "requests clear",
            .summary = "Clear the request log",
            .examples = "requests clear",
            .account = true,
            .request = forget_requests,
            .show = show_requests_cleared},
    Command{.path = "requests verify",
            .summary = "Check which calls were received; exit code 1 if the check fails",
            .examples = "requests verify --action RenewInstances --param /InstanceChargePrepaid/Period=1 --exactly 1\n"
                        "requests verify --in-order DescribeInstances --in-order RenewInstances",
            .flags = verify_flags,
            .account = true,
            .request = verify_requests,
            .show = show_verdict},
    Command{.path = "requests wait",
            .summary = "Wait until such calls are received; exit code 1 if they do not come in time",
            .examples = "requests wait --action RenewInstances --timeout-ms 5000",
            .flags = wait_flags,
            .account = true,
            .request = wait_for_requests,
            .show = show_verdict},
    Command{.path = "signatures",
            .summary = "Explain why a call's signature was right or wrong",
            .examples = "signatures 8a5e1d8c-6f0b-4a7e-9a9c-0d3f5f2b7c11\nsignatures explain request.txt",
            .flags = signature_flags,
            .account = true,
            .request = get_signature,
            .show = show_signature},
    Command{.path = "signatures explain",
            .summary = "Explain the signature of a raw HTTP request",
            .examples = "signatures explain request.txt",
            .flags = explain_flags,
            .account = true,
            .request = explain_signature,
            .show = show_signature},
    Command{.path = "sign",
            .summary = "Print a signed curl command for an action",
            .examples = "sign DescribeInstances\n"
                        "sign RenewInstances '{\"InstanceIds\":[\"ins-r8hr2upy\"],"
                        "\"InstanceChargePrepaid\":{\"Period\":1}}' | sh",
            .flags = sign_flags,
            .does = Does::sign},
    Command{.path = "coverage",
            .summary = "List the actions and how their error codes can be reached",
            .examples = "coverage\ncoverage RenewInstances",
            .flags = coverage_flags,
            .request = get_coverage,
            .show = show_coverage},
    Command{.path = "ledger",
            .summary = "Show every movement of money and the balance",
            .examples = "ledger\nledger deposit 10000",
            .account = true,
            .request = get_ledger,
            .show = show_ledger},
    Command{.path = "ledger deposit",
            .summary = "Add money to the balance",
            .examples = "ledger deposit 10000\nledger deposit 500 --to present",
            .flags = deposit_flags,
            .account = true,
            .request = deposit,
            .show = show_ledger},
    Command{.path = "invariants",
            .summary = "Check that balance, ledger, orders and expiries agree; exit code 1 if not",
            .examples = "invariants",
            .account = true,
            .request = get_invariants,
            .show = show_invariants},
    Command{.path = "healthcheck",
            .summary = "Check whether the emulator is up; exit code 1 if not",
            .examples = "healthcheck\nhealthcheck --timeout 1",
            .flags = health_flags,
            .request = get_health,
            .show = show_health},
    Command{.path = "completion",
            .summary = "Print a completion script for bash, zsh or fish",
            .examples = "completion fish > ~/.config/fish/completions/cvm-renewal-emulator.fish\n"
                        "source <(cvm-renewal-emulator completion bash)",
            .flags = completion_flags,
            .does = Does::completion},
    Command{.path = "manual",
            .summary = "Print the manual: every flag, variable and command",
            .examples = "manual | man -l -\nmanual --format markdown",
            .flags = manual_flags,
            .does = Does::manual},
};

} // namespace

std::span<const Command> commands() noexcept { return table; }

std::span<const Flag> common_flags() noexcept { return shared_flags; }

const Flag& account_flag() noexcept { return the_account_flag; }

} // namespace cvm::cli
