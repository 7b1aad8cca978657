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

// Fixtures and state share one format, described by fixtures/state.schema.json: --fixtures reads what GET
// /_emulator/state writes and PUT /_emulator/state accepts. state_reader.cpp reads it, state_writer.cpp writes it.

namespace cvm {

inline constexpr std::int64_t state_format_version = 1;

inline constexpr unsigned max_json_depth = 32;

// A document that cannot be used. The text names the origin and the place: "my.json: accounts[0].Uin: ...".
struct BadDocument : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Only parses the text. `origin` names it in messages: a file name, or "the request".
boost::json::value parse_document(std::string_view text, const std::string& origin);

// Parses the text and checks it against the schema.
boost::json::value read_document(std::string_view text, const std::string& origin);

// The accounts of a document that read_document() has checked. Durations count from the account's clock when the real
// time is `wall`. Throws BadDocument for problems within an account that a schema cannot express: a time outside the
// calendar, an expiry of an instance that cannot have one.
std::vector<state::AccountState> read_accounts(const boost::json::value& document, const std::string& origin,
                                               state::Instant wall);

// Reads one instance of an account that was already read; the text of BadDocument lacks the place.
state::Instance read_instance(const boost::json::object& instance, const state::AccountState& account,
                              state::Instant wall);

// Exactly one account is the default one: the one that is marked, or the first. Throws BadDocument for two marked ones.
void choose_default(std::vector<state::AccountState>& accounts, const std::string& origin);

// Throws BadDocument for a duplicate id.
void reject_duplicates(std::span<const state::AccountState> accounts, const std::string& origin);

// The accounts of a self-contained document.
std::vector<state::AccountState> to_accounts(const boost::json::value& document, const std::string& origin,
                                             state::Instant wall);

boost::json::object to_json(const state::LedgerLine& line);

// The text of an export, generated piece by piece.
class DocumentPieces {
public:
    // For those of the accounts that the snapshot contains.
    DocumentPieces(std::unique_ptr<state::StoreSnapshot> snapshot, std::vector<std::string> uins);
    ~DocumentPieces();
    DocumentPieces(DocumentPieces&&) noexcept;
    DocumentPieces& operator=(DocumentPieces&&) noexcept;

    // The next piece, of about `piece_bytes`; empty at the end of the text.
    std::string next();
    bool ended() const noexcept; // true after the last piece

    static constexpr std::size_t piece_bytes = 256 * 1024;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

std::string to_document(std::span<const state::AccountState> accounts);

} // namespace cvm
