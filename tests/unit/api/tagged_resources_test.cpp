#include "server/api/tagged_resources.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cvm;
using Tags = std::vector<state::KeyValue>;

namespace {

std::string shown(const Tags& tags)
{
    std::string text;
    for (const auto& [key, value] : tags)
        text += (text.empty() ? "" : " ") + key + "=" + value;
    return text;
}

std::string after_setting(Tags tags, const Tags& given, bool of_instance)
{
    api::set_tags(tags, given, of_instance);
    return shown(tags);
}

} // namespace

TEST_CASE("tags of an instance are sorted by key, those of other resources move to the front")
{
    struct Case {
        Tags before;
        Tags given;
        std::string of_instance;
        std::string of_another;
    };
    const Case cases[] = {
        {{}, {{"b", "1"}, {"a", "2"}, {"c", "3"}}, "a=2 b=1 c=3", "c=3 a=2 b=1"},
        {{{"a", "1"}, {"c", "1"}}, {{"b", "2"}}, "a=1 b=2 c=1", "b=2 a=1 c=1"},
        {{{"a", "1"}, {"b", "1"}}, {{"b", "2"}}, "a=1 b=2", "b=2 a=1"},
        // as it was: not even moved
        {{{"a", "1"}, {"b", "1"}}, {{"b", "1"}}, "a=1 b=1", "a=1 b=1"},
        // what a fixture has in another order stays so
        {{{"z", "1"}, {"a", "1"}}, {{"b", "2"}}, "b=2 z=1 a=1", "b=2 z=1 a=1"},
        // bytes, not letters
        {{{"a", "1"}}, {{"B", "2"}, {"\xe5\x90\x8d", "3"}}, "B=2 a=1 \xe5\x90\x8d=3", "\xe5\x90\x8d=3 B=2 a=1"},
        {{{"a", "1"}}, {}, "a=1", "a=1"},
    };
    for (const Case& c : cases) {
        CAPTURE(shown(c.before));
        CAPTURE(shown(c.given));
        CHECK(after_setting(c.before, c.given, true) == c.of_instance);
        CHECK(after_setting(c.before, c.given, false) == c.of_another);
    }
}
