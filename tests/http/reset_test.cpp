// /_emulator/reset over a real socket.
#include "tests/support/difference.hpp"
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

TEST_CASE(
    "a reset of everything leaves a fresh start to the byte, without the accounts, rules and calls that were made")
{
    Served served;
    const std::string fresh = json::serialize(served.control("GET", "/_emulator/state"));
    const json::object account = served.make_account();
    served.code(by(account, "RenewInstances", renewal("ins-r8hr2upy")));
    served.code({.action = "RenewInstances", .params = renewal("ins-r8hr2upy")});
    served.control("POST", "/_emulator/clock", R"({"advance":"P1Y"})");
    served.control("POST", "/_emulator/faults", R"({"then":{"error":"InternalError"}})");
    CHECK(json::serialize(served.control("GET", "/_emulator/state")) != fresh);

    CHECK(served.control("POST", "/_emulator/reset").at("accounts") == 13);
    CHECK(cvm::test::json_text_difference(json::serialize(served.control("GET", "/_emulator/state")), fresh) == "");
    CHECK(served.control("GET", "/_emulator/faults").at("faults").as_array().empty());
    CHECK(served.control("GET", "/_emulator/requests").at("last") == 0);
    CHECK(served.code(by(account, "DescribeInstances")) == "AuthFailure.SecretIdNotFound");
    CHECK(served.code({.action = "DescribeInstances"}) == "OK");
}

TEST_CASE("a reset of one account leaves the others as they are")
{
    Served served;
    const json::object one = served.make_account();
    const json::object other = served.make_account();
    for (const json::object& account : {one, other})
        served.code(by(account, "RenewInstances", renewal("ins-r8hr2upy")));
    const std::string path = "/_emulator/state?account=" + text(other.at("Uin"));
    const std::string before = json::serialize(served.control("GET", path));
    served.control("POST", "/_emulator/reset?account=" + text(one.at("SecretId")));
    CHECK(cvm::test::json_text_difference(json::serialize(served.control("GET", path)), before) == "");
    const std::string calls = "/_emulator/requests?account=";
    CHECK(served.control("GET", calls + text(one.at("Uin"))).at("calls").as_array().empty());
    CHECK(served.control("GET", calls + text(other.at("Uin"))).at("calls").as_array().size() == 1);
    CHECK(served.problem("POST", "/_emulator/reset", R"({"hard":true})", 400) ==
          "a reset takes no members; name an account with ?account=");
}

} // namespace cvm::http::test
