#include "server/api/tag_checks.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using namespace cvm;
using api::TagFlaw;

TEST_CASE("keys and values of tags are measured in characters and hold no control characters")
{
    const auto wide = [](std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += "\xe5\x90\x8d";
        return text;
    };
    const std::optional<TagFlaw> none;

    CHECK(api::flaw_of_tag_key("team") == none);
    CHECK(api::flaw_of_tag_key(std::string(127, 'k')) == none);
    CHECK(api::flaw_of_tag_key(wide(127)) == none);
    CHECK(api::flaw_of_tag_key("a qcs: b") == none);
    CHECK(api::flaw_of_tag_key("") == TagFlaw::empty);
    CHECK(api::flaw_of_tag_key(wide(128)) == TagFlaw::too_long);
    CHECK(api::flaw_of_tag_key("qcs:team") == TagFlaw::reserved);
    CHECK(api::flaw_of_tag_key("a\tb") == TagFlaw::bad_character);

    CHECK(api::flaw_of_tag_value("") == none);
    CHECK(api::flaw_of_tag_value(wide(255)) == none);
    CHECK(api::flaw_of_tag_value("qcs:Status: stop@2022-10-01T00:00+08:00") == none);
    CHECK(api::flaw_of_tag_value(wide(256)) == TagFlaw::too_long);
    CHECK(api::flaw_of_tag_value(std::string{"a\0b", 3}) == TagFlaw::bad_character);
}
