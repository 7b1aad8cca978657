#include "server/api/temporary_keys.hpp"

#include "server/api/policy.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <vector>

namespace cvm::api {

namespace {

constexpr std::size_t shortest_session = 2;
constexpr std::size_t longest_session = 128;

// Lengths of generated values, in characters: as long as the vendor's, or nearly so.
constexpr std::size_t secret_id_letters = 60; // after AKID
constexpr std::size_t secret_key_letters = 44;
constexpr std::size_t token_letters = 96;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Deletes the keys of expired sessions and, if there is still no room, those that expire first.
void make_room(const Context& context)
{
    std::vector<state::Credential> keys = context.store.list_credentials(context.call.account.uin);
    std::erase_if(keys, [](const state::Credential& key) { return key.session.empty() || !key.expires_at; });
    std::ranges::stable_sort(keys, {}, &state::Credential::expires_at);
    std::size_t left = keys.size();
    for (const state::Credential& key : keys) {
        if (*key.expires_at > context.call.real_now && left < max_temporary_keys)
            break;
        context.store.erase_credential(key.secret_id);
        --left;
    }
}

} // namespace

bool is_session_name(std::string_view text)
{
    return text.size() >= shortest_session && text.size() <= longest_session && std::ranges::all_of(text, [](char c) {
               return is_letter_or_digit(c) || std::string_view{"+=,.@_-"}.find(c) != std::string_view::npos;
           });
}

Result<std::chrono::seconds> read_duration(const Params& params, std::chrono::seconds usual,
                                           std::chrono::seconds longest)
{
    const auto given = params.integer("DurationSeconds");
    if (!given)
        return usual;
    if (*given < 1 || *given > longest.count())
        return error(Errc::invalid_parameter_over_time_error);
    return std::chrono::seconds{*given};
}

Result<std::optional<state::ActionPolicy>> read_policy_of(const Context& context, const Params& params)
{
    const auto text = params.string("Policy");
    if (!text)
        return std::optional<state::ActionPolicy>{};
    auto policy = read_policy(*text, context.call.account.uin);
    if (!policy)
        return policy.error();
    return std::optional{*std::move(policy)};
}

boost::json::object give_temporary_key(const Context& context, state::Credential wanted, std::chrono::seconds duration)
{
    make_room(context);
    state::Credential key = std::move(wanted);
    Random& random = *context.call.random;
    key.secret_id = "AKID" + random.word(secret_id_letters);
    key.secret_key = random.word(secret_key_letters);
    key.token = random.word(token_letters);
    key.uin = context.call.account.uin;
    key.expires_at = context.call.real_now + duration;
    context.store.add_credential(key);
    return {
        {"Credentials",
         boost::json::object{{"Token", key.token}, {"TmpSecretId", key.secret_id}, {"TmpSecretKey", key.secret_key}}},
        {"ExpiredTime", key.expires_at->time_since_epoch().count()},
        {"Expiration", state::format_instant(*key.expires_at)}};
}

} // namespace cvm::api
