// /_emulator/state over a real socket.
#include "tests/support/difference.hpp"
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

TEST_CASE("what is exported can be imported, into the same account and into another server")
{
    Served served;
    const json::object account = served.make_account();
    const std::string path = "/_emulator/state?account=" + text(account.at("Uin"));
    served.code(by(account, "RenewInstances", renewal("ins-r8hr2upy")));
    const std::string middle = json::serialize(served.control("GET", path));
    CHECK(middle.find(text(account.at("SecretKey"))) != std::string::npos);
    served.code(by(account, "RenewInstances", renewal("ins-r8hr2upy")));
    CHECK(json::serialize(served.control("GET", path)) != middle);
    served.control("PUT", path, middle);
    CHECK(cvm::test::json_text_difference(json::serialize(served.control("GET", path)), middle) == "");

    const std::string all = json::serialize(served.control("GET", "/_emulator/state"));
    Served other;
    CHECK(other.control("PUT", "/_emulator/state", all).at("accounts") == 14);
    CHECK(cvm::test::json_text_difference(json::serialize(other.control("GET", "/_emulator/state")), all) == "");
    CHECK(other.code(by(account, "DescribeInstances")) == "OK");
}

TEST_CASE("an import keeps the rules and calls of accounts that stay and drops those of accounts that go")
{
    Served served;
    const json::object stays = served.make_account();
    const std::string with = json::serialize(served.control("GET", "/_emulator/state"));
    const json::object goes = served.make_account();
    for (const json::object& account : {stays, goes})
        served.control("POST", "/_emulator/faults?account=" + text(account.at("Uin")),
                       R"({"then":{"error":"InternalError"}})");
    served.control("PUT", "/_emulator/state", with);
    CHECK(served.code(by(stays, "DescribeInstances")) == "InternalError");
    const json::object again = served.make_account(R"({"Uin":")" + text(goes.at("Uin")) + "\"}");
    CHECK(served.code(by(again, "DescribeInstances")) == "OK");
    CHECK(served.control("GET", "/_emulator/requests?account=" + text(goes.at("Uin"))).at("last") == 1);
}

TEST_CASE("an invalid document changes nothing")
{
    Served served;
    const std::string before = json::serialize(served.control("GET", "/_emulator/state"));
    for (const char* bad :
         {"", "{}", "[]", R"({"format_version":1,"accounts":[]})", R"({"format_version":2,"accounts":[{"Uin":"1"}]})",
          R"({"format_version":1,"accounts":[{"Uin":"1"},{"Uin":"1"}]})"})
        served.problem("PUT", "/_emulator/state", bad, 400);
    CHECK(cvm::test::json_text_difference(json::serialize(served.control("GET", "/_emulator/state")), before) == "");
}

} // namespace cvm::http::test
