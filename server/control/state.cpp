#include "server/control/control.hpp"

#include "server/control/account_lookup.hpp"
#include "server/control/call_memory.hpp"
#include "server/document/streamed_document.hpp"

#include <boost/json.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace cvm::control {

namespace json = boost::json;

namespace {

constexpr auto origin = "the request";

// An export that has begun.
class Export final : public http::BodySource {
public:
    Export(std::string first, DocumentPieces rest) : first_{std::move(first)}, rest_{std::move(rest)} {}

    std::string next() override { return first_.empty() ? rest_.next() : std::exchange(first_, {}); }

private:
    std::string first_;
    DocumentPieces rest_;
};

// Keeps the origin of accounts that were created at run time, so that they can be reset after an import.
void keep_origin(state::Store& store, std::vector<state::AccountState>& accounts)
{
    for (state::AccountState& fresh : accounts)
        if (const auto before = store.find_account(fresh.account.uin)) {
            fresh.account.made_from = before->made_from;
            fresh.account.made_with = before->made_with;
        }
}

// Replaces the account with the same Uin; the others stay unchanged.
void replace_one(state::Store& store, const std::string& uin, std::vector<state::AccountState> accounts)
{
    if (accounts.size() != 1 || accounts.front().account.uin != uin)
        throw Problem{400, "with ?account= the document must hold just that account, " + uin};
    state::AccountState& fresh = accounts.front();
    const auto replaced = store.find_account(uin);
    if (!replaced)
        throw deleted_meanwhile(uin);
    fresh.account.is_default = replaced->is_default;
    for (const state::Credential& credential : fresh.credentials)
        if (const auto known = store.find_credential(credential.secret_id); known && known->uin != uin)
            throw Problem{409, "the SecretId `" + credential.secret_id + "` belongs to another account"};
    store.replace_account(fresh);
}

// Replaces everything by a large document, instance by instance. nullopt, with nothing changed, if it must be read as a
// whole.
std::optional<std::size_t> replace_streaming(state::Store& store, std::string_view text, state::Instant wall)
try {
    if (text.size() < streamed_from_bytes)
        return std::nullopt;
    const auto document = StreamedDocument::read(text, origin);
    if (!document)
        return std::nullopt;
    auto accounts = document->accounts(wall);
    reject_duplicates(accounts, origin);
    choose_default(accounts, origin);
    keep_origin(store, accounts);
    state::Transaction transaction{store};
    for (const std::string& uin : store.account_uins())
        store.erase_account(uin);
    if (!insert_streamed(store, *document, accounts, wall))
        return std::nullopt;
    transaction.commit();
    return accounts.size();
} catch (const BadDocument&) {
    return std::nullopt; // reading the whole document reports the first problem
}

std::size_t replace_everything(state::Store& store, std::string_view text, state::Instant wall)
{
    if (const auto count = replace_streaming(store, text, wall))
        return *count;
    auto accounts = to_accounts(read_document(text, origin), origin, wall);
    keep_origin(store, accounts);
    replace_all(store, accounts);
    return accounts.size();
}

} // namespace

Answer get_state(const Accounts& accounts, const Request& request)
{
    std::vector<std::string> uins;
    if (request.query.contains("account")) {
        uins.push_back(accounts.current(request).uin);
    } else {
        uins = accounts.store.account_uins();
        for (const std::string& uin : uins)
            accounts.caught_up(uin);
    }
    auto snapshot = accounts.store.snapshot();
    if (!snapshot)
        throw Problem{503, std::to_string(state::max_snapshots) + " exports are being sent already; try again later"};
    DocumentPieces document{std::move(snapshot), std::move(uins)};
    std::string first = document.next();
    if (document.ended())
        return Answer{.text = std::move(first)};
    return Answer{.pieces = std::make_unique<Export>(std::move(first), std::move(document))};
}

Answer put_state(state::Store& store, const CallMemory& memory, const state::WallClock& wall, const Request& request)
{
    if (request.query.contains("account")) {
        auto accounts = to_accounts(read_document(request.body, origin), origin, wall.now());
        keep_origin(store, accounts);
        state::Transaction transaction{store};
        replace_one(store, account_of(store, request).uin, std::move(accounts));
        transaction.commit();
        return {200, json::object{{"accounts", 1}}};
    }
    const auto before = store.account_uins();
    const std::size_t count = replace_everything(store, request.body, wall.now());
    for (const std::string& uin : before)
        if (!store.find_account(uin))
            memory.forget(uin);
    return {200, json::object{{"accounts", count}}};
}

} // namespace cvm::control
