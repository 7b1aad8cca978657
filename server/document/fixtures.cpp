#include "server/document/fixtures.hpp"

#include "server/base/embedded.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace cvm {

namespace json = boost::json;
namespace fs = std::filesystem;

using state::AccountState;
using state::Instant;

namespace {

std::string read_file(const fs::path& path)
{
    std::ifstream in{path, std::ios::binary};
    std::string content{std::istreambuf_iterator<char>{in}, {}};
    if (!in)
        throw BadDocument{path.string() + ": cannot be read"};
    return content;
}

void erase_all(state::Store& store)
{
    for (const std::string& uin : store.account_uins())
        store.erase_account(uin);
}

// Whether the store contains exactly these accounts, in this order, and none of them has to give up something that
// another one gets: a key pair, or the default flag.
bool can_stay(state::Store& store, std::span<const AccountState> accounts)
{
    const auto uin = [](const AccountState& account) -> const std::string& { return account.account.uin; };
    const auto stays = [&](const AccountState& account) {
        const auto own = [&](const state::Credential& credential) {
            const auto known = store.find_credential(credential.secret_id);
            return !known || known->uin == uin(account);
        };
        return store.find_account(uin(account)).value().is_default == account.account.is_default &&
               std::ranges::all_of(account.credentials, own);
    };
    return std::ranges::equal(store.account_uins(), accounts, {}, {}, uin) && std::ranges::all_of(accounts, stays);
}

// Resets are frequent, and most accounts have hardly changed, so only differences are written.
std::size_t replace_each(state::Store& store, std::span<const AccountState> accounts)
{
    for (const std::string& uin : store.account_uins())
        if (std::ranges::none_of(accounts, [&](const AccountState& a) { return a.account.uin == uin; }))
            store.erase_account(uin);
    if (can_stay(store, accounts)) {
        for (const AccountState& account : accounts)
            store.replace_account(account);
    } else {
        erase_all(store);
        for (const AccountState& account : accounts)
            store.insert_account(account);
    }
    return accounts.size();
}

bool is_named(const AccountState& account, std::string_view name)
{
    return account.account.uin == name ||
           std::ranges::find(account.credentials, name, &state::Credential::secret_id) != account.credentials.end();
}

} // namespace

Fixtures Fixtures::built_in()
{
    // A test checks this file against the schema, so that not every start has to.
    constexpr auto name = "fixtures/default.json";
    Fixtures fixtures;
    fixtures.sources_.push_back({parse_document(embedded_file(name), name), name});
    return fixtures;
}

Fixtures Fixtures::from_files(std::span<const std::string> paths)
{
    std::vector<fs::path> files;
    for (const std::string& path : paths) {
        std::error_code ec;
        if (!fs::is_directory(path, ec)) {
            files.emplace_back(path);
            continue;
        }
        std::set<fs::path> in_folder;
        const fs::directory_iterator folder{path, ec};
        if (ec)
            throw BadDocument{path + ": cannot be read: " + ec.message()};
        for (const auto& entry : folder)
            if (entry.is_regular_file() && entry.path().extension() == ".json")
                in_folder.insert(entry.path());
        if (in_folder.empty())
            throw BadDocument{path + ": the folder has no *.json file"};
        files.insert(files.end(), in_folder.begin(), in_folder.end());
    }
    Fixtures fixtures;
    for (const fs::path& file : files) {
        const std::string origin = file.string();
        Source source{nullptr, origin, std::make_shared<const std::string>(read_file(file))};
        if (source.text->size() >= streamed_from_bytes)
            source.streamed = StreamedDocument::read(*source.text, origin);
        if (!source.streamed) {
            source.document = read_document(*source.text, origin);
            source.text.reset();
        }
        fixtures.sources_.push_back(std::move(source));
    }
    return fixtures;
}

void Fixtures::add_credential(const std::string& secret_id, const std::string& secret_key)
{
    read_.clear();
    extra_.push_back({.secret_id = secret_id, .secret_key = secret_key, .uin = {}, .token = {}, .expires_at = {}});
}

const std::vector<AccountState>& Fixtures::accounts(Instant wall) const
{
    if (read_.empty() || read_at_ != wall) {
        read_ = read(wall);
        read_at_ = wall;
    }
    return read_;
}

std::vector<AccountState> Fixtures::read_source(const Source& source, Instant wall)
{
    if (!source.streamed)
        return read_accounts(source.document, source.origin, wall);
    return read_accounts(parse_document(*source.text, source.origin), source.origin, wall);
}

// Everything that depends on all documents.
void Fixtures::complete(std::vector<AccountState>& all) const
{
    const std::string origin = sources_.size() == 1 ? sources_.front().origin : "the fixtures together";
    choose_default(all, origin);
    for (const state::Credential& extra : extra_) {
        const auto owner = std::ranges::find_if(all, [](const AccountState& a) { return a.account.is_default; });
        state::Credential credential = extra;
        credential.uin = owner->account.uin;
        std::erase_if(owner->credentials, [&](const state::Credential& c) { return c.secret_id == extra.secret_id; });
        owner->credentials.push_back(std::move(credential));
    }
    reject_duplicates(all, origin);
}

std::vector<AccountState> Fixtures::read(Instant wall) const
{
    std::vector<AccountState> all;
    for (const Source& source : sources_)
        std::ranges::move(read_source(source, wall), std::back_inserter(all));
    complete(all);
    return all;
}

bool Fixtures::large() const
{
    return std::ranges::any_of(sources_, [](const Source& source) { return source.streamed.has_value(); });
}

// False if a document must be read as a whole after all; the store then contains a part of it.
bool Fixtures::insert_streaming(state::Store& store, Instant wall) const
try {
    std::vector<std::size_t> sizes;
    std::vector<AccountState> all;
    for (const Source& source : sources_) {
        auto accounts = source.streamed ? source.streamed->accounts(wall) : read_source(source, wall);
        sizes.push_back(accounts.size());
        std::ranges::move(accounts, std::back_inserter(all));
    }
    complete(all);
    auto first = all.begin();
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        const auto last = first + static_cast<std::ptrdiff_t>(sizes[i]);
        const std::vector<AccountState> accounts{std::move_iterator{first}, std::move_iterator{last}};
        first = last;
        if (sources_[i].streamed) {
            if (!insert_streamed(store, *sources_[i].streamed, accounts, wall))
                return false;
        } else {
            for (const AccountState& account : accounts)
                store.insert_account(account);
        }
    }
    return true;
} catch (const BadDocument&) {
    return false; // reading the whole document reports the first problem
}

void Fixtures::check(Instant wall) const
{
    if (!large()) {
        accounts(wall);
        return;
    }
    std::vector<AccountState> all;
    for (const Source& source : sources_) {
        auto found = source.streamed ? source.streamed->accounts(wall) : read_source(source, wall);
        if (source.streamed && !source.streamed->each_instance(found, wall, [](auto, auto) {})) {
            accounts(wall); // reading the whole document reports the first problem
            return;
        }
        std::ranges::move(found, std::back_inserter(all));
    }
    complete(all);
}

std::size_t Fixtures::insert_into(state::Store& store, Instant wall) const
{
    if (large()) {
        if (insert_streaming(store, wall))
            return store.account_uins().size();
        erase_all(store);
    }
    const auto& all = accounts(wall);
    for (const AccountState& account : all)
        store.insert_account(account);
    return all.size();
}

std::optional<AccountState> Fixtures::model(std::string_view name, Instant wall) const
{
    if (name == "empty")
        return AccountState{};
    for (const AccountState& account : accounts(wall))
        if (name == "default" ? account.account.is_default : is_named(account, name))
            return account;
    for (const Source& source : sources_)
        if (fs::path{source.origin}.stem() == fs::path{name})
            return std::move(read_source(source, wall).front());
    return std::nullopt;
}

std::size_t Fixtures::replace_all_in(state::Store& store, Instant wall) const
{
    if (!large())
        return replace_each(store, accounts(wall));
    erase_all(store);
    return insert_into(store, wall);
}

void replace_all(state::Store& store, std::span<const AccountState> accounts)
{
    state::Transaction transaction{store};
    replace_each(store, accounts);
    transaction.commit();
}

std::size_t replace_all(state::Store& store, const Fixtures& fixtures, Instant wall)
{
    state::Transaction transaction{store};
    const std::size_t count = fixtures.replace_all_in(store, wall);
    transaction.commit();
    return count;
}

} // namespace cvm
