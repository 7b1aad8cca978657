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

bool is_named(const AccountState& account, std::string_view name)
{
    return account.account.uin == name ||
           std::ranges::find(account.credentials, name, &state::Credential::secret_id) != account.credentials.end();
}

} // namespace

Fixtures Fixtures::built_in()
{
    // A test checks this file against the schema, so that every start need not.
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
            throw BadDocument{path + ": the folder holds no *.json"};
        files.insert(files.end(), in_folder.begin(), in_folder.end());
    }
    Fixtures fixtures;
    for (const fs::path& file : files) {
        const std::string origin = file.string();
        fixtures.sources_.push_back({read_document(read_file(file), origin), origin});
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

std::vector<AccountState> Fixtures::read(Instant wall) const
{
    std::vector<AccountState> all;
    for (const Source& source : sources_)
        std::ranges::move(read_accounts(source.document, source.origin, wall), std::back_inserter(all));
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
    return all;
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
            return std::move(read_accounts(source.document, source.origin, wall).front());
    return std::nullopt;
}

void replace_all(state::Store& store, std::span<const AccountState> accounts)
{
    state::Transaction transaction{store};
    for (const std::string& uin : store.account_uins())
        store.erase_account(uin);
    for (const AccountState& account : accounts)
        store.insert_account(account);
    transaction.commit();
}

} // namespace cvm
