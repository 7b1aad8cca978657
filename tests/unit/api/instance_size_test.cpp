#include "server/api/instance_size.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using namespace cvm;

namespace {

const api::SizeWords words{{"SMALL", 1}, {"MEDIUM", 2}, {"LARGE", 4}, {"XLARGE", 4}};

// "2 cores, 4 GiB"; "none" for no size.
std::string told(const std::optional<api::InstanceSize>& size)
{
    return size ? std::to_string(size->cpu) + " cores, " + std::to_string(size->memory_gib) + " GiB" : "none";
}

} // namespace

TEST_CASE("a size encodes its cores as a word and its memory as a number")
{
    struct Case {
        std::string size;
        std::string expected;
    };
    const Case cases[] = {
        {"SMALL1", "1 cores, 1 GiB"},
        {"MEDIUM4", "2 cores, 4 GiB"},
        {"LARGE16", "4 cores, 16 GiB"},
        {"2XLARGE32", "8 cores, 32 GiB"},
        {"23MEDIUM216", "46 cores, 216 GiB"},
        {"192XLARGE2304", "768 cores, 2304 GiB"},
        {"999999XLARGE999999", "3999996 cores, 999999 GiB"},
        {"", "none"},
        {"MEDIUM", "none"},
        {"4", "none"},
        {"4MEDIUM", "none"},
        {"MEDIUM4x", "none"},
        {"MEDIUMS4", "none"},
        {"XMEDIUM4", "none"},
        {"medium4", "none"},
        {"HUGE4", "none"},
        {"-1XLARGE4", "none"},
        {"1000000XLARGE4", "none"},
        {"XLARGE1000000", "none"},
        {"99999999999999999999XLARGE4", "none"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.size);
        CHECK(told(api::read_size(c.size, words)) == c.expected);
    }
}

TEST_CASE("an instance type for hosts encodes both as numbers")
{
    struct Case {
        std::string name;
        std::string expected;
    };
    const Case cases[] = {
        {"CDH_1C1G", "1 cores, 1 GiB"},
        {"CDH_32C128G", "32 cores, 128 GiB"},
        {"CDH_0C1G", "none"},
        {"CDH_1C0G", "none"},
        {"CDH_1C1", "none"},
        {"CDH_1C1G ", "none"},
        {"CDH_1C1GG", "none"},
        {"CDH_1G1C", "none"},
        {"CDH_C1G", "none"},
        {"CDH1C1G", "none"},
        {"cdh_1C1G", "none"},
        {"CDH_1000000C1G", "none"},
        {"CDH", "none"},
        {"S5.MEDIUM4", "none"},
        {"", "none"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(told(api::read_host_type(c.name, "CDH")) == c.expected);
    }
}
