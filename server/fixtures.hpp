#pragma once

#include "state/account.hpp"
#include "state/store.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Fixtures and state are one format, described by fixtures/state.schema.json: what --fixtures reads is what
// GET /_emulator/state writes and PUT /_emulator/state takes.

namespace cvm {

// A document that cannot be used. The text names the origin and the place: "my.json: accounts[0].Uin: ...".
struct BadDocument : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Parses and checks against the schema. `origin` is what messages call it: a file name, or "the request".
boost::json::value read_document(std::string_view text, const std::string& origin);

// The accounts of a document that read_document has checked. Times that are durations count from the account's clock
// when the real time is `wall`. Exactly one account is the default one. Throws BadDocument for what a schema cannot
// say: the same id twice, a time outside the calendar, an expiry of an instance that has none.
std::vector<state::AccountState> to_accounts(const boost::json::value& document, const std::string& origin,
                                             state::Instant wall);

boost::json::object to_document(std::span<const state::AccountState> accounts);

// What the server starts from and goes back to.
class Fixtures {
public:
    // The documents in the binary.
    static Fixtures built_in();

    // Files, or folders of which every *.json counts, in the order of their names. Throws BadDocument.
    static Fixtures from_files(std::span<const std::string> paths);

    // Adds a key pair to the default account, in place of the one with the same id. If another account has the id,
    // accounts() throws BadDocument.
    void add_credential(const std::string& secret_id, const std::string& secret_key);

    // All accounts, as they are when loaded at `wall`. Throws BadDocument.
    std::vector<state::AccountState> accounts(state::Instant wall) const;

private:
    struct Source {
        boost::json::value document;
        std::string origin;
    };

    std::vector<Source> sources_;
    std::vector<state::Credential> extra_;
};

// Replaces everything in the store by these accounts, in one transaction.
void replace_all(state::Store& store, std::span<const state::AccountState> accounts);

} // namespace cvm
