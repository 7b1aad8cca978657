// /_emulator/ledger over a real socket.
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

TEST_CASE("a payment is in the ledger of its account alone, with the call that caused it")
{
    Served served;
    const json::object account = served.make_account();
    const std::string query = "?account=" + text(account.at("Uin"));
    const auto lines = [&](const std::string& of) {
        return served.control("GET", "/_emulator/ledger" + of).at("lines").as_array();
    };
    const std::size_t before = lines(query).size();
    const std::size_t elsewhere = lines("").size();
    const json::object answer = served.response(by(account, "RenewInstances", renewal("ins-r8hr2upy")));
    REQUIRE(lines(query).size() == before + 1);
    CHECK(json::serialize(lines(query).back()).find(text(answer.at("RequestId"))) != std::string::npos);
    CHECK(lines("").size() == elsewhere);

    served.control("POST", "/_emulator/ledger" + query, R"({"deposit":100,"to":"income"})");
    CHECK(served.control("GET", "/_emulator/ledger" + query).at("balance").at("income") == 100);
    served.problem("POST", "/_emulator/ledger" + query, R"({"deposit":-1})", 400);
}

} // namespace cvm::http::test
