#include "server/api/name_pattern.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;

TEST_CASE("names follow a pattern or are numbered if there are several")
{
    struct Case {
        std::string pattern;
        std::string alone;
        std::string second_of_two;
    };
    const Case cases[] = {
        // Texts that only look like a pattern.
        {"", "", "2"},
        {"{}", "{}", "{}2"},
        {"{R}", "{R}", "{R}2"},
        {"{R:}", "{R:}", "{R:}2"},
        {"{R:x}", "{R:x}", "{R:x}2"},
        {"{R:-1}", "{R:-1}", "{R:-1}2"},
        {"{R: 1}", "{R: 1}", "{R: 1}2"},
        {"{r:1}", "{r:1}", "{r:1}2"},
        {"{R:1", "{R:1", "{R:12"},
        {"R:1}", "R:1}", "R:1}2"},
        {"{R:1234567890}", "{R:1234567890}", "{R:1234567890}2"},
        {"{R:3,}", "{R:3,}", "{R:3,}2"},
        {"{R:3,F}", "{R:3,F}", "{R:3,F}2"},
        {"{R:3,F:}", "{R:3,F:}", "{R:3,F:}2"},
        {"{R:3,F:9}", "{R:3,F:9}", "{R:3,F:9}2"},
        {"{R:3, F:3}", "{R:3, F:3}", "{R:3, F:3}2"},
        {"{R:3,F:3,F:3}", "{R:3,F:3,F:3}", "{R:3,F:3,F:3}2"},
        {"{F:3}", "{F:3}", "{F:3}2"},
        {"{IP}", "{IP}", "{IP}2"},
        // The documented examples.
        {"server_", "server_", "server_2"},
        {"server_{R:3}", "server_3", "server_4"},
        {"server_{R:3,F:3}", "server_003", "server_004"},
        {"app_{R:99,F:2}", "app_99", "app_100"},
        // Cases that follow from the rule.
        {"{R:0}", "0", "1"},
        {"{R:7,F:0}", "7", "8"},
        {"{R:9,F:8}", "00000009", "00000010"},
        {"{R:007}", "7", "8"},
        {"{R:999999999}", "999999999", "1000000000"},
        {"{R:1}-{R:10,F:3}", "1-010", "2-011"},
        {"{{R:1}}", "{1}", "{2}"},
        {"{R:x}{R:1}", "{R:x}1", "{R:x}2"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.pattern);
        CHECK(api::numbered_name(c.pattern, 0, 1) == c.alone);
        CHECK(api::numbered_name(c.pattern, 1, 2) == c.second_of_two);
    }
}

TEST_CASE("the name of a host can hold its address")
{
    struct Case {
        std::string pattern;
        std::string expected;
    };
    const Case cases[] = {
        {"{ip}", "{ip}2"},
        {"{IP:1}", "{IP:1}2"},
        {"node-{IP}", "node-10.0.12.9"},
        {"{IP}{IP}", "10.0.12.910.0.12.9"},
        {"web-{IP}-{R:1}", "web-10.0.12.9-2"},
        {"web", "web2"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.pattern);
        CHECK(api::host_name(c.pattern, "10.0.12.9", 1, 2) == c.expected);
    }
}
