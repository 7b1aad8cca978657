#include "server/cli/sign_command.hpp"

#include "server/api/action.hpp"
#include "server/auth/tc3.hpp"
#include "server/base/near.hpp"
#include "server/base/text.hpp"
#include "server/cli/given.hpp"
#include "server/cli/shell.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace cvm::cli {

namespace json = boost::json;

namespace {

constexpr std::string_view example_id = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
constexpr std::string_view example_key = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";
constexpr std::string_view default_region = "ap-guangzhou";

// The product and version of a call: from the table of actions, or from a version given by the caller for an unknown
// action.
struct Aim {
    std::string version;
    std::string product;
    bool wants_region;
};

Aim aim_of(const ToSign& call)
{
    const api::Action* found = nullptr;
    std::vector<std::string> names;
    for (const api::Action* action : api::all_actions()) {
        if (action->version.empty())
            continue; // the legacy API, which does not use TC3
        names.emplace_back(action->name);
        if (found == nullptr && action->name == call.action &&
            (call.version.empty() || action->version == call.version))
            found = action;
    }
    if (found != nullptr)
        return {std::string{found->version}, std::string{found->product}, found->region == api::Region::required};
    if (!call.version.empty())
        return {call.version, std::string{api::product_of_version(call.version)}, true};
    const std::string hint = near_hint(call.action, names);
    throw UsageError{"there is no action " + printable(one_line(call.action)) +
                     (hint.empty() ? "; `coverage` lists them" : hint) +
                     " (with --version the call is signed whatever its name)"};
}

void check_params(const std::string& params)
{
    boost::system::error_code ec;
    const json::value value = json::parse(params, ec);
    if (ec)
        throw UsageError{"PARAMS is not JSON: " + ec.message()};
    if (!value.is_object())
        throw UsageError{R"(PARAMS must be a JSON object such as '{"InstanceIds":["ins-r8hr2upy"]}')"};
}

void check_header(std::string_view name, const std::string& value)
{
    if (std::ranges::any_of(value, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }))
        throw UsageError{std::string{name} + " has a character that is not allowed in a header"};
}

} // namespace

std::string curl_command(const ToSign& call, state::Instant now)
{
    const Aim aim = aim_of(call);
    check_params(call.params);
    if (call.secret_id.empty() != call.secret_key.empty())
        throw UsageError{"a SecretId and its SecretKey go together: give both or none"};
    const std::string id = call.secret_id.empty() ? std::string{example_id} : call.secret_id;
    const std::string key = call.secret_key.empty() ? std::string{example_key} : call.secret_key;
    std::string region = call.region;
    if (region.empty() && aim.wants_region)
        region = default_region;
    for (const auto& [name, value] :
         {std::pair{"ACTION", call.action}, std::pair{"--region", region}, std::pair{"--version", aim.version},
          std::pair{"--secret-id", id}, std::pair{"--token", call.token}})
        check_header(name, value);

    const std::string host = authority(call.url);
    std::vector<std::pair<std::string, std::string>> headers{
        {"Authorization", auth::tc3_authorization(id, key, host, aim.product, now, call.params)},
        {"Content-Type", "application/json"},
        {"Host", host},
        {"X-TC-Action", call.action},
        {"X-TC-Version", aim.version},
        {"X-TC-Timestamp", std::to_string(now.time_since_epoch().count())},
    };
    if (!region.empty())
        headers.emplace_back("X-TC-Region", region);
    if (!call.token.empty())
        headers.emplace_back("X-TC-Token", call.token);

    // --globoff, or curl would read brackets in an address as a pattern.
    std::string command = "curl -sS --globoff " + shell_quoted(to_text(call.url) + "/");
    for (const auto& [name, value] : headers)
        command += " \\\n  -H " + shell_quoted(name + ": " + value);
    return command + " \\\n  --data-binary " + shell_quoted(call.params) + "\n";
}

} // namespace cvm::cli
