#include "server/base/text.hpp"
#include "server/control/account_lookup.hpp"
#include "server/control/body.hpp"
#include "server/control/call_memory.hpp"
#include "server/control/control.hpp"
#include "server/control/fresh_account.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace cvm::control {

namespace json = boost::json;

namespace {

constexpr std::size_t max_accounts = 1000;
constexpr std::size_t max_credentials = 100; // per account, without those of sts, which has its own limit
constexpr std::size_t max_patterns = 100;    // of permitted actions of one key pair

constexpr std::size_t max_key_bytes = 128;
constexpr std::size_t max_uin_digits = 19; // as fixtures/state.schema.json

// Generated Uins differ from those of the fixtures, which begin with 10. They end before 200000000000: from there on
// clients take an account for an international one, billed in USD (cloudmux). They are random, so that the Uin of a
// dropped account is not reused soon.
constexpr std::uint64_t first_made_uin = 110'000'000'000;
constexpr std::uint64_t made_uins = 90'000'000'000;

bool is_word(std::string_view text)
{
    return !text.empty() && text.size() <= max_key_bytes &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '/' && c != ','; });
}

std::string word_of(const json::value& value, std::string_view name)
{
    std::string word = text(value, name);
    if (!is_word(word))
        throw Problem{400, "`" + std::string{name} +
                               "` must be 1 to 128 visible ASCII characters, without slashes or commas"};
    return word;
}

// The key pair that the body describes; missing members are generated. A key pair with expires_in is temporary.
state::Credential read_credential(state::Store& store, state::Instant now, Random& random, const json::object& body)
{
    state::Credential credential;
    const auto* id = body.if_contains("SecretId");
    const auto* key = body.if_contains("SecretKey");
    credential.secret_id = id != nullptr ? word_of(*id, "SecretId") : "AKID" + random.word(32);
    credential.secret_key = key != nullptr ? word_of(*key, "SecretKey") : random.word(32);
    if (const auto* expires_in = body.if_contains("expires_in")) {
        credential.token = random.word(96);
        credential.expires_at = after(now, *expires_in, "expires_in");
    }
    if (is_number(credential.secret_id))
        throw Problem{400, "`SecretId` must not be a number: that would be a Uin"};
    if (credential.secret_id == nobody || store.find_credential(credential.secret_id))
        throw Problem{409, "the SecretId `" + credential.secret_id + "` is taken"};
    return credential;
}

// The only place where a secret is shown: to whoever created the key pair.
json::object show(const state::Credential& credential)
{
    json::object o{{"Uin", credential.uin}, {"SecretId", credential.secret_id}, {"SecretKey", credential.secret_key}};
    if (!credential.token.empty())
        o["Token"] = credential.token;
    if (credential.expires_at)
        o["ExpiredTime"] = state::format_instant(*credential.expires_at);
    return o;
}

// ?account= also sets the SecretId, so that a proxy that distributes accounts over servers need not read the body.
void choose_by_query(const Request& request, json::object& body)
{
    const auto account = request.query.find("account");
    if (account == request.query.end())
        return;
    const std::string chosen = word_of(json::value(account->second), "account");
    if (is_number(chosen))
        throw Problem{400, "?account= sets the SecretId of the new account, which must not be a number; `Uin` in the "
                           "body sets its Uin"};
    if (const auto* id = body.if_contains("SecretId"); id != nullptr && text(*id, "SecretId") != chosen)
        throw Problem{400, "?account= sets the SecretId `" + chosen + "`, but the body has the SecretId `" +
                               text(*id, "SecretId") + "`; give only one, or the same"};
    body["SecretId"] = chosen;
}

std::string unused_uin(state::Store& store, Random& random)
{
    for (;;) {
        std::string uin = std::to_string(first_made_uin + random.next() % made_uins);
        if (!store.find_account(uin))
            return uin;
    }
}

std::string uin_of(state::Store& store, Random& random, const json::object& body)
{
    const auto* given = body.if_contains("Uin");
    if (given == nullptr)
        return unused_uin(store, random);
    std::string uin = text(*given, "Uin");
    if (uin.empty() || uin.size() > max_uin_digits || !is_number(uin) || uin.front() == '0')
        throw Problem{400, "`Uin` must be 1 to 19 digits and not begin with 0"};
    if (store.find_account(uin))
        throw Problem{409, "there is an account " + uin + " already"};
    return uin;
}

json::object show(const Accounts& accounts, const state::Account& account)
{
    json::array ids;
    for (const state::Credential& credential : accounts.store.list_credentials(account.uin))
        ids.emplace_back(credential.secret_id);
    return {{"Uin", account.uin},
            {"default", account.is_default},
            {"from", account.made_from.empty() ? json::value(nullptr) : json::value(account.made_from)},
            {"SecretIds", std::move(ids)},
            {"instances", accounts.store.count_instances(account.uin)},
            {"balance", account.balance.real().value}};
}

void read_permissions(const json::object& body, state::Credential& credential)
{
    if (const auto* actions = body.if_contains("Actions")) {
        if (!actions->is_array())
            throw Problem{400, "`Actions` must be an array of strings such as \"cvm:Describe*\""};
        if (actions->get_array().size() > max_patterns)
            throw Problem{400, "`Actions` may have at most " + std::to_string(max_patterns) + " patterns"};
        credential.allowed.clear();
        for (const json::value& pattern : actions->get_array())
            credential.allowed.push_back(word_of(pattern, "Actions"));
    }
    if (const auto* mfa = body.if_contains("MFA")) {
        const auto known = state::parse<state::Mfa>(text(*mfa, "MFA"));
        if (!known)
            throw Problem{400, "`MFA` must be PASSED, EXPIRED or ABSENT"};
        credential.mfa = *known;
    }
}

} // namespace

Answer get_accounts(const Accounts& accounts)
{
    json::array list;
    for (const std::string& uin : accounts.store.account_uins())
        if (const auto account = accounts.caught_up(uin))
            list.push_back(show(accounts, *account));
    return {200, json::object{{"accounts", std::move(list)}}};
}

Answer post_accounts(state::Store& store, const FreshAccounts& fresh, const state::WallClock& wall, Random& random,
                     const Request& request)
{
    json::object body = body_of(request);
    expect_members(body, {"from", "Uin", "SecretId", "SecretKey", "expires_in"});
    choose_by_query(request, body);
    const auto* from = body.if_contains("from");

    state::Transaction transaction{store};
    if (store.account_uins().size() >= max_accounts)
        throw Problem{409,
                      "there are " + std::to_string(max_accounts) + " accounts, the most allowed; DELETE some of them"};
    state::Account made;
    made.uin = uin_of(store, random, body);
    made.made_from = from != nullptr ? text(*from, "from") : "default";
    state::Credential credential = read_credential(store, wall.now(), random, body);
    credential.uin = made.uin;
    made.made_with = credential.secret_id;
    store.insert_account(fresh.make(made, credential));
    transaction.commit();
    return {200, show(credential)};
}

Answer delete_accounts(state::Store& store, const CallMemory& memory, const Request& request)
{
    if (!request.query.contains("account"))
        throw Problem{400, "name the account with ?account="};
    state::Transaction transaction{store};
    const state::Account account = account_of(store, request);
    if (account.is_default)
        throw Problem{409,
                      "the default account " + account.uin + " cannot be deleted; POST /_emulator/reset restores it"};
    store.erase_account(account.uin);
    transaction.commit();
    memory.forget(account.uin);
    return {200, json::object{{"deleted", account.uin}}};
}

Answer post_credentials(state::Store& store, const state::WallClock& wall, Random& random, const Request& request)
{
    const json::object body = body_of(request);
    expect_members(body, {"SecretId", "SecretKey", "expires_in", "Actions", "MFA"});
    state::Transaction transaction{store};
    const state::Account account = account_of(store, request);
    const auto known = store.list_credentials(account.uin);
    if (std::cmp_greater_equal(std::ranges::count(known, "", &state::Credential::session), max_credentials))
        throw Problem{409, "the account has " + std::to_string(max_credentials) +
                               " key pairs, the most allowed; a reset removes them"};
    state::Credential credential = read_credential(store, wall.now(), random, body);
    credential.uin = account.uin;
    read_permissions(body, credential);
    store.add_credential(credential);
    transaction.commit();
    return {200, show(credential)};
}

} // namespace cvm::control
