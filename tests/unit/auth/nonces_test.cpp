#include "server/auth/nonces.hpp"

#include <doctest/doctest.h>

#include <iterator>

using namespace cvm::auth;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds now = std::chrono::sys_days{2026y / 3 / 31} + 8h;

} // namespace

TEST_CASE("nonces of one key, or of all, can be forgotten")
{
    Nonces nonces;
    for (const char* id : {"a", "b", "a"})
        nonces.first_use(id, 1, static_cast<std::int64_t>(nonces.size()), now);
    nonces.forget("a");
    CHECK(nonces.size() == 1);
    CHECK(nonces.first_use("a", 1, 0, now));
    CHECK_FALSE(nonces.first_use("b", 1, 1, now));
    nonces.clear();
    CHECK(nonces.size() == 0);
    CHECK(nonces.first_use("b", 1, 1, now));
}

TEST_CASE("a Nonce is refused the second time and every time after")
{
    Nonces nonces;
    CHECK(nonces.first_use("AKID", 1, 11886, now));
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(nonces.first_use("AKID", 1, 11886, now + 1s * i));
    CHECK(nonces.size() == 1);
}

TEST_CASE("a Nonce is unique only within its key and Timestamp")
{
    struct Case {
        std::string_view what;
        std::string_view secret_id;
        std::int64_t timestamp;
        std::int64_t nonce;
    };
    const Case cases[] = {
        {"another key", "AKIE", 1, 11886},
        {"a key that begins like it", "AKID2", 1, 11886},
        {"a key in lower case", "akid", 1, 11886},
        {"no key", "", 1, 11886},
        {"another Timestamp", "AKID", 2, 11886},
        {"another Nonce", "AKID", 1, 11887},
        {"both swapped", "AKID", 11886, 1},
        {"the negative Nonce", "AKID", 1, -11886},
        {"zero", "AKID", 1, 0},
    };
    Nonces nonces;
    CHECK(nonces.first_use("AKID", 1, 11886, now));
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(nonces.first_use(c.secret_id, c.timestamp, c.nonce, now));
        CHECK_FALSE(nonces.first_use(c.secret_id, c.timestamp, c.nonce, now));
    }
    CHECK_FALSE(nonces.first_use("AKID", 1, 11886, now));
    CHECK(nonces.size() == 1 + std::size(cases));
}

TEST_CASE("a Nonce is remembered for as long as its Timestamp can be fresh")
{
    // From a client two hours ahead of the clock to one two hours behind it.
    struct Case {
        std::string_view what;
        std::chrono::seconds later;
        bool first_again;
    };
    const Case cases[] = {
        {"at once", 0s, false},      {"a second", 1s, false},          {"one window", 2h, false},
        {"both windows", 4h, false}, {"a second more", 4h + 1s, true}, {"a day", 24h, true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Nonces nonces;
        CHECK(nonces.first_use("AKID", 1, 11886, now));
        CHECK(nonces.first_use("AKID", 1, 11886, now + c.later) == c.first_again);
        CHECK(nonces.size() == 1);
    }
}

TEST_CASE("a refused repetition does not extend how long a Nonce is remembered")
{
    Nonces nonces;
    CHECK(nonces.first_use("AKID", 1, 11886, now));
    CHECK_FALSE(nonces.first_use("AKID", 1, 11886, now + 3h));
    CHECK(nonces.first_use("AKID", 1, 11886, now + 4h + 1s));
}

TEST_CASE("old Nonces are forgotten by age and young ones kept")
{
    Nonces nonces;
    for (int i = 0; i < 10; ++i)
        CHECK(nonces.first_use("AKID", 1, i, now + 1h * i));
    CHECK(nonces.size() == 5); // those of hours 5 to 9: at hour 9 the ones up to hour 4 are too old
    CHECK_FALSE(nonces.first_use("AKID", 1, 9, now + 9h));
    CHECK_FALSE(nonces.first_use("AKID", 1, 5, now + 9h));
    CHECK(nonces.first_use("AKID", 1, 4, now + 9h));
}

TEST_CASE("beyond the capacity the oldest Nonce is forgotten")
{
    Nonces nonces{3};
    for (int i = 1; i <= 3; ++i)
        CHECK(nonces.first_use("AKID", 1, i, now));
    CHECK(nonces.size() == 3);
    CHECK(nonces.first_use("AKID", 1, 4, now));
    CHECK(nonces.size() == 3);
    for (int i = 2; i <= 4; ++i) {
        CAPTURE(i);
        CHECK_FALSE(nonces.first_use("AKID", 1, i, now));
    }
    CHECK(nonces.first_use("AKID", 1, 1, now)); // and now 2 is the oldest
    CHECK(nonces.first_use("AKID", 1, 2, now));
    CHECK(nonces.size() == 3);
}

TEST_CASE("a hundred thousand Nonces are kept and no more")
{
    Nonces nonces;
    for (int i = 0; i < 100'001; ++i)
        nonces.first_use("AKID", 1, i, now);
    CHECK(nonces.size() == 100'000);
    CHECK_FALSE(nonces.first_use("AKID", 1, 100'000, now));
    CHECK_FALSE(nonces.first_use("AKID", 1, 1, now));
    CHECK(nonces.first_use("AKID", 1, 0, now));
}
