#pragma once

#include "state/model/account.hpp"
#include "state/store/store.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Fixtures and state are one format, described by fixtures/state.schema.json: what --fixtures reads is what
// GET /_emulator/state writes and PUT /_emulator/state takes. Reading is in state_reader.cpp, writing in
// state_writer.cpp.

namespace cvm {

inline constexpr std::int64_t state_format_version = 1;

inline constexpr unsigned max_json_depth = 32;

// A document that cannot be used. The text names the origin and the place: "my.json: accounts[0].Uin: ...".
struct BadDocument : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Parses the text alone. `origin` is what messages call it: a file name, or "the request".
boost::json::value parse_document(std::string_view text, const std::string& origin);

// Parses and checks against the schema.
boost::json::value read_document(std::string_view text, const std::string& origin);

// The accounts of a document that read_document has checked. Times that are durations count from the account's clock
// when the real time is `wall`. Throws BadDocument for what a schema cannot say of one account: a time outside the
// calendar, an expiry of an instance that has none.
std::vector<state::AccountState> read_accounts(const boost::json::value& document, const std::string& origin,
                                               state::Instant wall);

// One instance of an account that is read already, without the place in the text of BadDocument.
state::Instance read_instance(const boost::json::object& instance, const state::AccountState& account,
                              state::Instant wall);

// Exactly one account is the default one: the one that says so, or the first. Throws BadDocument for two.
void choose_default(std::vector<state::AccountState>& accounts, const std::string& origin);

// Throws BadDocument for the same id twice.
void reject_duplicates(std::span<const state::AccountState> accounts, const std::string& origin);

// The accounts of a document that stands alone.
std::vector<state::AccountState> to_accounts(const boost::json::value& document, const std::string& origin,
                                             state::Instant wall);

boost::json::object to_json(const state::LedgerLine& line);

// The text of an export, made piece by piece.
class DocumentPieces {
public:
    // Of those accounts that the snapshot holds.
    DocumentPieces(std::unique_ptr<state::StoreSnapshot> snapshot, std::vector<std::string> uins);
    ~DocumentPieces();
    DocumentPieces(DocumentPieces&&) noexcept;
    DocumentPieces& operator=(DocumentPieces&&) noexcept;

    // The next piece, of about `piece_bytes`; empty: the text has ended.
    std::string next();
    bool ended() const noexcept; // with the last piece

    static constexpr std::size_t piece_bytes = 256 * 1024;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

std::string to_document(std::span<const state::AccountState> accounts);

} // namespace cvm
