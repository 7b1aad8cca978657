// /_emulator/health and /health over a real socket.
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

TEST_CASE("health answers on both paths, also to HEAD")
{
    Served served;
    for (const char* path : {"/health", "/_emulator/health"}) {
        const json::value health = served.control("GET", path);
        CHECK(text(health.at("status")) == "ok");
        CHECK(text(health.at("version")) == CVM_VERSION);
        const Answer head = Client{served.port()}.exchange(served.control_text("HEAD", path), BodySent::no);
        CHECK(head.status == 200);
        CHECK(head.field("Content-Length") != "0");
        served.problem("POST", path, "", 405);
    }
}

} // namespace cvm::http::test
