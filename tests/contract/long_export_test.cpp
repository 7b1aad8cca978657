// An export that is sent while it is made.

#include "tests/support/difference.hpp"
#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cvm;

namespace {

// Two accounts, of which the first makes an export of several pieces.
std::string large_document()
{
    std::string instances;
    for (int i = 0; i < 1000; ++i)
        instances += (i > 0 ? "," : "") + std::string{R"({"InstanceId":"ins-)"} + std::to_string(10'000'000 + i) +
                     R"(","Placement":{"Zone":"ap-guangzhou-3"},"ExpiredTime":"2026-05-05T10:00:00Z"})";
    return R"({"format_version":1,"accounts":[{"Uin":"100000000001","Clock":{"FrozenAt":"2026-03-31T08:30:00Z"},)"
           R"("Instances":[)" +
           instances + R"(]},{"Uin":"100000000002","Clock":{"FrozenAt":"2026-03-31T08:30:00Z"}}]})";
}

http::Reply begin_export(test::Emulator& emulator)
{
    return emulator.app.handle(test::control_request("GET", "/_emulator/state"), {});
}

} // namespace

TEST_CASE("a long export comes in pieces, and is the state at the request")
{
    test::Emulator emulator;
    emulator.control("PUT", "/_emulator/state", large_document());
    std::vector<state::AccountState> accounts;
    for (const std::string& uin : emulator.store.account_uins())
        accounts.push_back(emulator.store.dump_account(uin).value());

    const http::Reply reply = begin_export(emulator);
    REQUIRE(reply.body);
    CHECK(reply.response.body().empty());
    std::string text = reply.body->next();
    CHECK(text.size() < 2 * DocumentPieces::piece_bytes);
    emulator.control("POST", "/_emulator/reset");
    std::size_t pieces = 1;
    for (std::string piece = reply.body->next(); !piece.empty(); piece = reply.body->next()) {
        text += piece;
        ++pieces;
    }
    CHECK(pieces > 2);
    CHECK(test::text_difference(to_document(accounts), text) == "");
    CHECK(reply.body->next().empty());
}

TEST_CASE("a short export comes whole")
{
    test::Emulator emulator;
    const http::Reply reply = begin_export(emulator);
    CHECK_FALSE(reply.body);
    CHECK(reply.response.body().ends_with("]}"));
}

TEST_CASE("the number of simultaneous exports is limited")
{
    test::Emulator emulator;
    emulator.control("PUT", "/_emulator/state", large_document());
    std::vector<http::Reply> sent;
    for (int i = 0; i < state::max_snapshots; ++i)
        REQUIRE(sent.emplace_back(begin_export(emulator)).body);
    CHECK(begin_export(emulator).response.result_int() == 503);
    sent.pop_back();
    CHECK(begin_export(emulator).response.result_int() == 200);
}
