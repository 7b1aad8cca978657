// --tls required: tests that a client uses HTTPS, which the real service requires.
#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

using namespace cvm;
namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

struct Strict {
    test::Emulator emulator;
    App app{emulator.services(emulator.store), emulator.catalog, emulator.ids, emulator.log, {.tls_required = true}};

    http::Response send(const http::Request& request, bool encrypted)
    {
        return app.handle(request, {.encrypted = encrypted}).response;
    }

    std::string code(const http::Request& request, bool encrypted)
    {
        const json::value body = json::parse(send(request, encrypted).body());
        const auto* problem = body.at("Response").as_object().if_contains("Error");
        return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
    }
};

} // namespace

TEST_CASE("a call over plain HTTP is refused, one over HTTPS is not")
{
    Strict strict;
    const http::Request call = test::sign({.action = "RenewInstances",
                                           .params = {{"InstanceIds", json::array{"ins-r8hr2upy"}},
                                                      {"InstanceChargePrepaid", json::object{{"Period", 1}}}}},
                                          test::test_time);
    const json::object before = strict.emulator.instance("ins-r8hr2upy");
    CHECK(strict.code(call, false) == "UnsupportedProtocol");
    CHECK(strict.emulator.instance("ins-r8hr2upy") == before);
    CHECK(strict.code(call, true) == "OK");
    CHECK(strict.emulator.instance("ins-r8hr2upy") != before);
}

TEST_CASE("the legacy API answers with the code that it documents for this")
{
    Strict strict;
    const http::Request numeric{bhttp::verb::get, "/v2/index.php?Action=RenewInstance", 11};
    CHECK(json::parse(strict.send(numeric, false).body()).at("code").to_number<int>() == 4600);
}

TEST_CASE("health and the control API are available over both, so that probes need no certificate")
{
    Strict strict;
    for (const char* target : {"/health", "/_emulator/clock"})
        for (const bool encrypted : {false, true})
            CHECK(strict.send(http::Request{bhttp::verb::get, target, 11}, encrypted).result_int() == 200);
}
