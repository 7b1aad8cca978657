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

// From this size on a document is streamed: as trees and values its instances take twenty times its size.
inline constexpr std::size_t streamed_from_bytes = std::size_t{8} * 1024 * 1024;

// A document that is read instance by instance: it holds the text, which it borrows, and of the rest of the document a
// tree. Every document that it takes is good as far as the schema can say.
class StreamedDocument {
public:
    // nullopt for a document that must be read whole: a bad one, whose first problem read_document() and to_accounts()
    // name, and one whose other parts depend on what its instances are.
    static std::optional<StreamedDocument> read(std::string_view text, const std::string& origin);

    // The accounts without their instances, as read_accounts() reads them.
    std::vector<state::AccountState> accounts(state::Instant wall) const;

    // Calls `take` with each instance of `accounts` and the index of its account, in the order of the document. False
    // as soon as one must not be taken: the document is bad after all.
    bool each_instance(const std::vector<state::AccountState>& accounts, state::Instant wall,
                       const std::function<void(std::size_t, state::Instance&&)>& take) const;

private:
    StreamedDocument(std::string_view text, std::string origin, boost::json::value rest);

    std::string_view text_;
    std::string origin_;
    boost::json::value rest_;
};

// Adds accounts of the document to the store. False if it is bad after all; then a part of it has been added.
bool insert_streamed(state::Store& store, const StreamedDocument& document,
                     const std::vector<state::AccountState>& accounts, state::Instant wall);

} // namespace cvm
