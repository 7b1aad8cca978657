// /_emulator/invariants over a real socket.
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

TEST_CASE("the sums hold after whatever happened")
{
    Served served;
    const json::object account = served.make_account();
    const std::string query = "?account=" + text(account.at("Uin"));
    served.code(by(account, "RenewInstances", renewal("ins-r8hr2upy", 3)));
    served.control("POST", "/_emulator/clock" + query, R"({"advance":"P2M"})");
    const json::value sums = served.control("GET", "/_emulator/invariants" + query);
    CHECK(sums.at("ok").as_bool());
    CHECK(sums.at("checks").as_array().size() == 9);
}

} // namespace cvm::http::test
