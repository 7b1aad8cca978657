#pragma once

#include "server/document/state_document.hpp"
#include "state/store/store.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvm {

// From this size on a document is streamed: its instances as trees and values would take twenty times its size.
inline constexpr std::size_t streamed_from_bytes = std::size_t{8} * 1024 * 1024;

// A document that is read instance by instance: it refers to the text, and has a tree only of the rest of the document.
// Every document that read() accepts is valid according to the schema.
class StreamedDocument {
public:
    // nullopt for a document that must be read as a whole: an invalid one, whose first problem read_document() and
    // to_accounts() report, and one in which other parts depend on its instances.
    static std::optional<StreamedDocument> read(std::string_view text, const std::string& origin);

    // The accounts without their instances, otherwise as from read_accounts().
    std::vector<state::AccountState> accounts(state::Instant wall) const;

    // Calls `take` with each instance of `accounts` and the index of its account, in the order of the document. Returns
    // false at the first invalid instance: the document is invalid after all.
    bool each_instance(const std::vector<state::AccountState>& accounts, state::Instant wall,
                       const std::function<void(std::size_t, state::Instance&&)>& take) const;

private:
    StreamedDocument(std::string_view text, std::string origin, boost::json::value rest);

    std::string_view text_;
    std::string origin_;
    boost::json::value rest_;
};

// Adds accounts of the document to the store. False if the document is invalid after all; a part of it has then been
// added.
bool insert_streamed(state::Store& store, const StreamedDocument& document,
                     const std::vector<state::AccountState>& accounts, state::Instant wall);

} // namespace cvm
