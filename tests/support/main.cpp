#include "tests/support/line.hpp"

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <iostream>

// A failed comparison may show a whole document, so every line of the output is shortened.
int main(int argc, char** argv)
{
    cvm::test::ShortLines lines{std::cout};
    std::ostream out{&lines};
    doctest::Context context{argc, argv};
    context.setCout(&out);
    return context.run();
}
