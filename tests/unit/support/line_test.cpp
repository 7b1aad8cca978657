#include "tests/support/line.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace cvm::test;

TEST_CASE("a text is as wide as a terminal shows it")
{
    CHECK(columns("") == 0);
    CHECK(columns("abc") == 3);
    CHECK(columns("\xc3\xa9\xe2\x80\xa6") == 2);
    CHECK(columns("64\xe4\xbd\x8d") == 4);
}

TEST_CASE("a text that is too wide keeps its beginning and its end")
{
    CHECK(shortened("abcdefghij", 10) == "abcdefghij");
    CHECK(shortened("abcdefghijk", 10) == "abcd...ijk");
    CHECK(shortened("\xe4\xbd\x8d\xe4\xbd\x8d\xe4\xbd\x8d\xe4\xbd\x8d", 7) == "\xe4\xbd\x8d...\xe4\xbd\x8d");
    CHECK(shortened("abcdef", 2) == "...");
}

TEST_CASE("only lines that are too wide are shortened, and the last one needs no end")
{
    std::ostringstream out;
    {
        ShortLines lines{out};
        std::ostream in{&lines};
        in << "short\n" << std::string(150, 'a') << std::string(150, 'b') << '\n' << std::flush << "end";
    }
    const std::string text = out.str();
    CHECK(text.substr(0, 7) == "short\na");
    CHECK(text.substr(6, 200) == std::string(99, 'a') + "..." + std::string(98, 'b'));
    CHECK(text.substr(206) == "\nend");
}
