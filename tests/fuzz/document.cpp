#include "server/document/state_document.hpp"

#include "server/document/streamed_document.hpp"
#include "state/store/sqlite_store.hpp"
#include "tests/fuzz/server.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/json.hpp>

#include <optional>

namespace cvm::fuzz {

namespace {

using state::AccountState;

constexpr auto origin = "it";

// The document, read and written again; nullopt if it is refused.
std::optional<std::string> read_whole(std::string_view text)
try {
    return to_document(to_accounts(read_document(text, origin), origin, test::test_time));
} catch (const BadDocument&) {
    return std::nullopt;
}

// The same with the code for large documents; nullopt if it is refused or must be read as a whole.
std::optional<std::string> read_streaming(std::string_view text)
try {
    const auto streamed = StreamedDocument::read(text, origin);
    if (!streamed)
        return std::nullopt;
    std::vector<AccountState> accounts = streamed->accounts(test::test_time);
    reject_duplicates(accounts, origin);
    choose_default(accounts, origin);
    std::vector<std::pair<std::size_t, state::Instance>> found;
    const bool good = streamed->each_instance(accounts, test::test_time, [&](std::size_t at, state::Instance&& one) {
        found.emplace_back(at, std::move(one));
    });
    if (!good)
        return std::nullopt;
    for (auto& [at, one] : found)
        accounts[at].instances.push_back(std::move(one));
    return to_document(accounts);
} catch (const BadDocument&) {
    return std::nullopt;
}

} // namespace

// A document of fixtures or state. An accepted document can be exported, and the export is accepted and gives the same
// export; reading instance by instance gives the same result as reading the whole.
void document(std::string_view input)
{
    const auto whole = read_whole(input);
    const auto streamed = read_streaming(input);
    expect(!streamed || whole == streamed, "a streamed document says what the whole says");

    test::Emulator& server = fresh_server();
    const auto imported = expect_control_answer(server, "PUT", "/_emulator/state", input);
    expect((imported.result_int() == 200) == whole.has_value(), "an import accepts what can be read", imported.body());
    if (whole)
        expect_good_state(server);
}

} // namespace cvm::fuzz
