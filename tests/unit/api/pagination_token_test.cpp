#include "server/api/pagination_token.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

using namespace cvm;
using api::pagination_token;
using api::read_pagination_token;

TEST_CASE("a token gives its offset back only for the request that it was made for")
{
    CHECK(read_pagination_token("", "a") == 0);
    for (const std::int64_t offset : {std::int64_t{0}, std::int64_t{1}, std::int64_t{50}, std::int64_t{200000},
                                      std::numeric_limits<std::int64_t>::max()}) {
        const std::string token = pagination_token("a", offset);
        CAPTURE(token);
        CHECK(token.size() <= 64);
        CHECK(read_pagination_token(token, "a") == offset);
        CHECK_FALSE(read_pagination_token(token, "b"));
        CHECK_FALSE(read_pagination_token(token + "0", "a"));
        CHECK_FALSE(read_pagination_token(token.substr(1), "a"));
        CHECK_FALSE(read_pagination_token(" " + token, "a"));
    }
    const std::string token = pagination_token("a", 50);
    CHECK_FALSE(read_pagination_token(token.substr(0, 32), "a"));
    CHECK_FALSE(read_pagination_token(token.substr(0, 32) + "-1", "a"));
    CHECK_FALSE(read_pagination_token(token.substr(0, 32) + "zzzzzzzzzzzzzzzzzzzz", "a"));
    CHECK_FALSE(read_pagination_token(std::string(100000, 'z'), "a"));
}
