#include "server/api/addresses.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace cvm;

TEST_CASE("addresses are assigned in sequence and skip both ends of each network")
{
    state::Account account;
    account.resources = 0;
    CHECK(api::private_address(account) == "10.1.0.2");
    CHECK(api::public_address(account) == "198.18.0.2");
    account.resources = 249;
    CHECK(api::public_address(account) == "198.18.0.251");
    account.resources = 250;
    CHECK(api::public_address(account) == "198.18.1.2");
    std::set<std::string> all;
    for (account.resources = 0; account.resources < 62'500; ++account.resources)
        all.insert(api::private_address(account));
    CHECK(all.size() == 62'500);
}
