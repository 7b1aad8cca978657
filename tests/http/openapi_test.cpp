// /_emulator/openapi.json over a real socket. Its content is compared with the server in
// tests/contract/openapi_test.cpp.
#include "server/control/control.hpp"
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

TEST_CASE("the OpenAPI document has every path of the server")
{
    Served served;
    const json::value document = served.control("GET", "/_emulator/openapi.json");
    CHECK(text(document.at("openapi")).starts_with("3.1"));
    for (const control::Route& route : control::routes())
        CHECK(document.at("paths").as_object().contains(route.path));
}

TEST_CASE("an unknown path says where there is something, and a wrong method which there are")
{
    Served served;
    CHECK(served.problem("GET", "/_emulator/nothing", "", 404) == "no such path: /_emulator/nothing");
    CHECK(served.problem("PATCH", "/_emulator/faults", "", 405) == "/_emulator/faults takes GET, POST, DELETE");
    CHECK(served.problem("GET", "/_emulator/faults?acount=1", "", 400) ==
          "unknown query parameter `acount`; there is `account`");
    CHECK(served.problem("DELETE", "/_emulator/faults?x=1", "", 400) ==
          "unknown query parameter `x`; there are `account`, `id`");
    CHECK(served.problem("GET", "/_emulator/accounts?account=1", "", 400) ==
          "unknown query parameter `account`; this path takes none");
}

} // namespace cvm::http::test
