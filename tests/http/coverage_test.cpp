// /_emulator/coverage over a real socket.
#include "server/api/action.hpp"
#include "server/base/answer_text.hpp"
#include "server/base/error.hpp"
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

TEST_CASE("coverage lists for every action its parameters and how each of its codes is reached")
{
    Served served;
    const json::value coverage = served.control("GET", "/_emulator/coverage");
    CHECK(coverage.at("actions").as_array().size() == api::all_actions().size());
    std::size_t ignored = 0;
    for (const json::value& action : coverage.at("actions").as_array()) {
        const AnswerPage* page = answer_page(text(action.at("action")), text(action.at("version")));
        REQUIRE(page != nullptr);
        CHECK(action.at("without_effect").as_array().size() == page->without_effect.size());
        ignored += page->without_effect.size();
        for (const json::value& code : action.at("codes").as_array())
            CHECK(find_code(text(code.at("code"))).has_value());
    }
    CHECK(ignored > 30);
}

} // namespace cvm::http::test
