#include "server/api/policy.hpp"

#include "server/api/resource_name.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace cvm::api {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_action = 128;

// nullopt for a percent sign without two hexadecimal digits after it.
std::optional<std::string> percent_decoded(std::string_view text)
{
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at] == '+' ? ' ' : text[at];
            continue;
        }
        unsigned char byte = 0;
        const std::string_view digits = text.substr(at + 1, 2);
        const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() != 2 || ec != std::errc{} || end != digits.data() + 2)
            return std::nullopt;
        decoded += static_cast<char>(byte);
        at += 2;
    }
    return decoded;
}

// A string or a list of strings; nullopt for anything else, including an empty list.
std::optional<std::vector<std::string>> one_or_more(const json::value* value)
{
    if (value == nullptr)
        return std::nullopt;
    if (const auto* one = value->if_string())
        return std::vector{std::string{*one}};
    const auto* list = value->if_array();
    if (list == nullptr || list->empty())
        return std::nullopt;
    std::vector<std::string> texts;
    for (const json::value& item : *list) {
        const auto* text = item.if_string();
        if (text == nullptr)
            return std::nullopt;
        texts.emplace_back(*text);
    }
    return texts;
}

// "*" or "<service>:<action>".
bool is_action_pattern(std::string_view pattern)
{
    return pattern.size() <= longest_action && (pattern == "*" || pattern.find(':') != std::string_view::npos) &&
           std::ranges::all_of(pattern, [](char c) { return c > ' ' && c < '\x7f'; });
}

std::optional<Errc> flaw_of_resource(const std::string& resource, std::string_view uin)
{
    if (resource == "*")
        return std::nullopt;
    const auto name = parse_resource_name(resource, uin);
    if (!name)
        return Errc::invalid_parameter_resouce_error;
    if (name->account != "uin/*" && !name->may_belong_to(uin))
        return Errc::invalid_parameter_grant_other_resource;
    return std::nullopt;
}

// Adds the actions of a statement to the policy.
std::optional<Error> add_statement(state::ActionPolicy& policy, const json::value& value, std::string_view uin)
{
    const Error invalid = error(Errc::invalid_parameter_strategy_invalid);
    const auto* statement = value.if_object();
    if (statement == nullptr || statement->contains("principal"))
        return invalid;
    const auto effect = one_or_more(statement->if_contains("effect"));
    auto actions = one_or_more(statement->if_contains("action"));
    const auto resources = one_or_more(statement->if_contains("resource"));
    if (!effect || !actions || !resources || (effect->front() != "allow" && effect->front() != "deny"))
        return invalid;
    for (const std::string& resource : *resources)
        if (const auto flaw = flaw_of_resource(resource, uin))
            return error(*flaw);
    for (std::string& action : *actions) {
        constexpr std::string_view prefix = "name/";
        if (action.starts_with(prefix))
            action.erase(0, prefix.size());
        if (!is_action_pattern(action))
            return invalid;
    }
    // Resources are not evaluated. A denial counts only if it is for all resources of a kind; a denial for single
    // resources has no effect.
    const bool of_everything =
        std::ranges::any_of(*resources, [](const std::string& resource) { return resource.ends_with('*'); });
    if (effect->front() == "allow")
        policy.allowed.insert(policy.allowed.end(), actions->begin(), actions->end());
    else if (of_everything && !statement->contains("condition"))
        policy.denied.insert(policy.denied.end(), actions->begin(), actions->end());
    return std::nullopt;
}

} // namespace

Result<state::ActionPolicy> read_policy(std::string_view text, std::string_view uin)
{
    const auto decoded = percent_decoded(text);
    if (!decoded)
        return error(Errc::invalid_parameter_strategy_format_error);
    if (decoded->size() > longest_policy)
        return error(Errc::invalid_parameter_policy_too_long, std::to_string(decoded->size()));
    boost::system::error_code ec;
    const json::value parsed = json::parse(*decoded, ec);
    const auto* document = parsed.if_object();
    if (ec || document == nullptr)
        return error(Errc::invalid_parameter_strategy_format_error);

    const auto version = one_or_more(document->if_contains("version"));
    const auto* statements = document->if_contains("statement");
    if (version != std::vector<std::string>{"2.0"} || statements == nullptr)
        return error(Errc::invalid_parameter_strategy_invalid);
    const json::array alone{*statements};
    const json::array& list = statements->is_array() ? statements->get_array() : alone;
    if (list.empty())
        return error(Errc::invalid_parameter_strategy_invalid);
    state::ActionPolicy policy;
    for (const json::value& statement : list)
        if (auto problem = add_statement(policy, statement, uin))
            return *std::move(problem);
    return policy;
}

} // namespace cvm::api
