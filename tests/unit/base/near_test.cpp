#include "server/base/near.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;

TEST_CASE("only a few similar names are suggested")
{
    const std::string names[] = {"RenewInstances", "RunInstances", "ResetInstance", "StopInstances", "DescribeDisks"};
    CHECK(near_hint("renewinstances", names) == "; did you mean RenewInstances?");
    CHECK(near_hint("Disks", names) == "; did you mean DescribeDisks?");
    CHECK(near_hint("StopInstance", names).starts_with("; did you mean StopInstances"));
    CHECK(near_hint("Qwertyuiop", names).empty());
    CHECK(near_hint("", names).empty());
    CHECK(near_hint(std::string(100000, 'x'), names).empty());
}
