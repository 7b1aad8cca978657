#pragma once

#include "server/document/state_document.hpp"
#include "server/document/streamed_document.hpp"
#include "state/store/store.hpp"

#include <boost/json/value.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cvm {

// The accounts that the server starts with and that a reset restores.
class Fixtures {
public:
    // The documents embedded in the binary.
    static Fixtures built_in();

    // Reads files, and every *.json of folders, in order of name. Throws BadDocument.
    static Fixtures from_files(std::span<const std::string> paths);

    // Adds a key pair to the default account; it replaces one with the same id. If another account has the id,
    // accounts() throws BadDocument.
    void add_credential(const std::string& secret_id, const std::string& secret_key);

    // All accounts, as loaded at `wall`. Valid until the next call. Throws BadDocument.
    const std::vector<state::AccountState>& accounts(state::Instant wall) const;

    // Adds all accounts to the store, large documents instance by instance, and returns their number. Throws
    // BadDocument.
    std::size_t insert_into(state::Store& store, state::Instant wall) const;

    // Replaces everything in the store by the accounts. Otherwise works as insert_into().
    std::size_t replace_all_in(state::Store& store, state::Instant wall) const;

    // Throws BadDocument if the documents cannot be used.
    void check(state::Instant wall) const;

    // The account to copy for a new one: the default account ("default"), an account without resources ("empty"), the
    // account with this Uin or SecretId, or the first account of the file with this name (without .json). nullopt if
    // there is none.
    std::optional<state::AccountState> model(std::string_view name, state::Instant wall) const;

private:
    // For a large document only the text is kept.
    struct Source {
        boost::json::value document;
        std::string origin;
        std::shared_ptr<const std::string> text{};
        std::optional<StreamedDocument> streamed{};
    };

    static std::vector<state::AccountState> read_source(const Source& source, state::Instant wall);
    void complete(std::vector<state::AccountState>& all) const;
    std::vector<state::AccountState> read(state::Instant wall) const;
    bool large() const;
    bool insert_streaming(state::Store& store, state::Instant wall) const;

    std::vector<Source> sources_;
    std::vector<state::Credential> extra_;
    // A cache: tests reset and create accounts many times a second, and most of that time would be spent reading.
    mutable state::Instant read_at_{};
    mutable std::vector<state::AccountState> read_;
};

// Replaces everything in the store, in one transaction. The second overload returns the number of accounts.
void replace_all(state::Store& store, std::span<const state::AccountState> accounts);
std::size_t replace_all(state::Store& store, const Fixtures& fixtures, state::Instant wall);

} // namespace cvm
