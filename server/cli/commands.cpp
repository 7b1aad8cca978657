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

HttpCall thaw_clock(const Given& given) { return move_clock(given, {{"frozen", false}}, "letting the clock run"); }

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
    Flag{"--secret-id", "ID", "Calls signed with this key"},
    Flag{"--param", "/POINTER=VALUE", "Calls with this value of a parameter, JSON or text; repeatable", Kind::repeated},
    Flag{"--nth", "N", "Only the Nth matching call", Kind::count},
    Flag{"--every", "N", "Every Nth matching call", Kind::count},
    Flag{"--times", "N", "No more often than this", Kind::count},
    Flag{"--probability", "P", "By chance, 0 to 1"},
    Flag{"--seed", "N", "What the chance begins with", Kind::count},
    Flag{"--error", "CODE", "Answer with this error code"},
    Flag{"--message", "TEXT", "and with this text in place of the code's own"},
    Flag{"--status", "N", "with this HTTP status", Kind::count},
    Flag{"--delay-ms", "N", "Answer this many milliseconds late", Kind::count},
    Flag{"--drop", "", "Close the connection without an answer", Kind::mark},
    Flag{"--truncate", "BYTES", "Close it after so many bytes of the answer", Kind::count},
    Flag{"--bytes-per-second", "N", "Send the answer slowly", Kind::count},
    Flag{"--commit-then-fail", "", "Do what is asked, then fail", Kind::mark},
    Flag{"--hide-for", "DURATION", "Do not show instances in this time after they are made, such as PT5S"},
    Flag{"--hide-times", "N", "Leave each new instance out of the first N answers", Kind::count},
    Flag{"--ttl", "DURATION", "Forget the rule after this time, such as PT10M"},
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
        throw UsageError{"RULE is no JSON object" + (ec ? ": " + ec.message() : std::string{})};
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
    return {"GET", at_account("/_emulator/invariants", given), {}, "checking the books"};
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

constexpr Flag dry_run{"--dry-run", "", "Tell what would happen, and do nothing", Kind::mark};
constexpr Flag hours{"--hours", "", "List every hour that is charged, too", Kind::mark};
constexpr Flag env{"--env", "", "Print only lines for the shell: eval \"$(... --env)\"", Kind::mark};
constexpr Flag new_secret_id{"--secret-id", "ID", "Its SecretId; chosen otherwise"};
constexpr Flag new_secret_key{"--secret-key", "KEY", "Its SecretKey; chosen otherwise"};
constexpr Flag expires_in{"--expires-in", "DURATION", "Make the key pair temporary, with a token: PT2H"};

constexpr std::array clock_flags{dry_run, hours};
constexpr std::array advance_flags{
    Flag{.name = "DURATION", .value = "", .help = "How far: P1M, P10D, PT90S, P1Y2M10DT2H30M", .required = true},
    dry_run, hours};
constexpr std::array set_flags{
    Flag{.name = "INSTANT", .value = "", .help = "Where to: 2026-12-01T00:00:00Z", .required = true}, dry_run, hours};

constexpr std::array export_flags{
    Flag{"FILE", "FILE", "Where to, in one piece; stdout if there is none", Kind::output}};
constexpr std::array import_flags{Flag{
    .name = "FILE", .value = "FILE", .help = "A state document; - for stdin", .kind = Kind::input, .required = true}};

constexpr std::array create_flags{
    Flag{"--from", "ACCOUNT",
         "What it begins as: default (like the default account), empty, a Uin, SecretId or file of the fixtures"},
    Flag{"--uin", "UIN", "Its Uin; a free one is chosen otherwise"},
    new_secret_id,
    new_secret_key,
    expires_in,
    env,
};
constexpr std::array drop_flags{
    Flag{.name = "ACCOUNT", .value = "", .help = "Its Uin or a SecretId of it", .required = true}};
constexpr std::array<std::string_view, 3> mfa_words{"PASSED", "EXPIRED", "ABSENT"};
constexpr std::array credentials_flags{
    new_secret_id,
    new_secret_key,
    expires_in,
    Flag{"--action", "PATTERN", "What it may do, such as \"*:Describe*\"; everything otherwise; repeatable",
         Kind::repeated},
    Flag{"--mfa", "STATE", "What its multi-factor authentication is", Kind::text, mfa_words},
    env,
};

constexpr std::array clear_flags{Flag{"ID", "", "Of one rule; all without it"}};

constexpr Flag by_action{"--action", "ACTION", "Calls of this action"};
constexpr Flag by_code{"--code", "CODE", "Calls answered with this code"};
constexpr Flag by_region{"--region", "REGION", "Calls in this region"};
constexpr Flag by_instance{"--instance", "ID", "Calls that name this instance"};
constexpr Flag by_param{"--param", "/POINTER=VALUE", "Calls with this value of a parameter, JSON or text; repeatable",
                        Kind::repeated};
constexpr Flag exactly{"--exactly", "N", "There must be exactly so many", Kind::count};
constexpr Flag at_least{"--at-least", "N", "There must be so many or more; 1 if nothing is said", Kind::count};
constexpr Flag at_most{"--at-most", "N", "There must be no more", Kind::count};
constexpr Flag after{"--after", "NUMBER", "Only calls with a larger number", Kind::count};
constexpr Flag in_order{"--in-order", "ACTION", "Calls of these actions must follow each other so; repeatable",
                        Kind::repeated};

constexpr std::array requests_flags{by_action, by_code, by_region, by_instance,
                                    Flag{"--limit", "N", "The last so many", Kind::count}};
constexpr std::array verify_flags{by_action, by_code,  by_region, by_instance, by_param,
                                  exactly,   at_least, at_most,   in_order,    after};
constexpr std::array wait_flags{by_action,
                                by_code,
                                by_region,
                                by_instance,
                                by_param,
                                exactly,
                                at_least,
                                in_order,
                                after,
                                Flag{"--timeout-ms", "N",
                                     "Give up after so many milliseconds; 10000 if nothing is said, 60000 at most",
                                     Kind::count}};

constexpr std::array signature_flags{Flag{"REQUEST_ID", "", "Of the call"}};
constexpr std::array explain_flags{Flag{
    .name = "FILE", .value = "FILE", .help = "A raw HTTP request; - for stdin", .kind = Kind::input, .required = true}};

constexpr std::array sign_flags{
    Flag{.name = "ACTION", .value = "", .help = "Such as RenewInstances", .required = true},
    Flag{"PARAMS", "JSON", "Its parameters, {} if there are none; - reads them from stdin", Kind::document},
    Flag{"--region", "REGION", "Where; ap-guangzhou for actions that want one"},
    Flag{.name = "--secret-id",
         .value = "ID",
         .help = "The key pair; that of the vendor's documentation without one",
         .variable = "TENCENTCLOUD_SECRET_ID"},
    Flag{.name = "--secret-key", .value = "KEY", .help = "The other half", .variable = "TENCENTCLOUD_SECRET_KEY"},
    Flag{.name = "--token", .value = "TOKEN", .help = "Of a temporary key pair", .variable = "TENCENTCLOUD_TOKEN"},
    Flag{"--version", "DATE", "Of the API; that of the action if there is none"},
    Flag{.name = "--url", .value = "URL", .help = "Where the emulator listens", .variable = "CVM_EMULATOR_URL"},
};

constexpr std::array coverage_flags{Flag{"ACTION", "", "Its parameters and codes; a line for each action without it"}};
constexpr std::array<std::string_view, 3> deposit_words{"cash", "income", "present"};
constexpr std::array deposit_flags{
    Flag{.name = "CENTS", .value = "", .help = "How much", .kind = Kind::count, .required = true},
    Flag{"--to", "PART", "Which part of the balance; cash if nothing is said", Kind::text, deposit_words}};
constexpr std::array health_flags{
    Flag{"--timeout", "SECONDS", "Give up after so many; 3 if nothing is said", Kind::count}};
constexpr std::array<std::string_view, 3> shell_words{"bash", "zsh", "fish"};
constexpr std::array completion_flags{
    Flag{.name = "SHELL", .value = "", .help = "Which one", .words = shell_words, .required = true}};
constexpr std::array<std::string_view, 2> format_words{"man", "markdown"};
constexpr std::array manual_flags{
    Flag{"--format", "FORMAT", "man, for the man program, if nothing is said", Kind::text, format_words}};

constexpr std::array shared_flags{
    Flag{.name = "--url", .value = "URL", .help = "Where the emulator listens", .variable = "CVM_EMULATOR_URL"},
    Flag{.name = "--admin-token",
         .value = "TOKEN",
         .help = "The token that it was started with",
         .variable = "CVM_EMULATOR_ADMIN_TOKEN"},
    Flag{"--json", "", "Print the answer as the JSON that it is", Kind::mark},
};

constexpr Flag the_account_flag{.name = "--account",
                                .value = "ACCOUNT",
                                .help = "A Uin or a SecretId; the default account without it",
                                .variable = "CVM_EMULATOR_ACCOUNT"};

// --- the commands ---

constexpr std::array table{
    Command{.path = "clock",
            .summary = "Show the account's clock and the next event, or move it",
            .examples = "clock\nclock advance P1M\nclock next --dry-run",
            .account = true,
            .request = get_clock,
            .show = show_clock},
    Command{.path = "clock advance",
            .summary = "Let time pass: show what happens on the way",
            .examples = "clock advance P1M\nclock advance P1Y --dry-run",
            .flags = advance_flags,
            .account = true,
            .request = advance_clock,
            .show = show_passage},
    Command{.path = "clock set",
            .summary = "Let time pass until an instant",
            .examples = "clock set 2026-12-01T00:00:00Z",
            .flags = set_flags,
            .account = true,
            .request = set_clock,
            .show = show_passage},
    Command{.path = "clock next",
            .summary = "Let time pass until something happens",
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
            .summary = "Let a stopped clock run on",
            .examples = "clock thaw",
            .flags = clock_flags,
            .account = true,
            .request = thaw_clock,
            .show = show_passage},
    Command{.path = "reset",
            .summary = "Make everything, or one account, as the fixtures say",
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
            .summary = "Take the state from a file that an export wrote",
            .examples = "state import before.json\nstate import - < before.json",
            .flags = import_flags,
            .account = true,
            .request = import_state,
            .show = show_import},
    Command{.path = "accounts",
            .summary = "List the accounts, or make and drop them",
            .examples = "accounts\neval \"$(cvm-renewal-emulator accounts create --env)\"",
            .request = list_accounts,
            .show = show_accounts},
    Command{.path = "accounts create",
            .summary = "Make an account for yourself, with a key pair",
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
            .summary = "Make another key pair for an account",
            .examples = "accounts credentials --action '*:Describe*'\naccounts credentials --expires-in PT2H --env",
            .flags = credentials_flags,
            .account = true,
            .request = create_credential,
            .show = show_credentials},
    Command{.path = "faults",
            .summary = "List the faults that calls will meet, or add and clear them",
            .examples = "faults\nfaults add --action RenewInstances --error InternalError --times 2\nfaults clear",
            .account = true,
            .request = list_faults,
            .show = show_faults},
    Command{.path = "faults add",
            .summary = "Let matching calls fail, or be slow",
            .examples = "faults add --action RenewInstances --error InternalError --times 2\n"
                        "faults add --instance ins-r8hr2upy --delay-ms 1500 --ttl PT10M\n"
                        "faults add '{\"match\":{\"action\":\"RenewInstances\"},\"then\":{\"drop\":true}}'",
            .flags = fault_flags,
            .account = true,
            .request = add_fault,
            .show = show_fault},
    Command{.path = "faults clear",
            .summary = "Remove a fault, or all of them",
            .examples = "faults clear\nfaults clear fault-1",
            .flags = clear_flags,
            .account = true,
            .request = clear_faults,
            .show = show_faults_cleared},
    Command{.path = "requests",
            .summary = "List the calls that came, or check them",
            .examples =
                "requests --action RenewInstances --limit 10\nrequests verify --action RenewInstances --exactly 1",
            .flags = requests_flags,
            .account = true,
            .request = list_requests,
            .show = show_requests},
    Command{.path = "requests clear",
            .summary = "Forget the calls that came",
            .examples = "requests clear",
            .account = true,
            .request = forget_requests,
            .show = show_requests_cleared},
    Command{.path = "requests verify",
            .summary = "Check which calls came; exit code 1 if others did",
            .examples = "requests verify --action RenewInstances --param /InstanceChargePrepaid/Period=1 --exactly 1\n"
                        "requests verify --in-order DescribeInstances --in-order RenewInstances",
            .flags = verify_flags,
            .account = true,
            .request = verify_requests,
            .show = show_verdict},
    Command{.path = "requests wait",
            .summary = "Wait until such calls have come; exit code 1 if they do not",
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
            .summary = "Put money in",
            .examples = "ledger deposit 10000\nledger deposit 500 --to present",
            .flags = deposit_flags,
            .account = true,
            .request = deposit,
            .show = show_ledger},
    Command{.path = "invariants",
            .summary = "Check that the books are right; exit code 1 if not",
            .examples = "invariants",
            .account = true,
            .request = get_invariants,
            .show = show_invariants},
    Command{.path = "healthcheck",
            .summary = "Ask whether the emulator is up; exit code 1 if not",
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
