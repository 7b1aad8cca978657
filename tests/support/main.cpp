#include "tests/support/line.hpp"

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <iostream>

// What a failed comparison shows may be a whole document: no line of the output is longer than can be read.
int main(int argc, char** argv)
{
    cvm::test::ShortLines lines{std::cout};
    std::ostream out{&lines};
    doctest::Context context{argc, argv};
    context.setCout(&out);
    return context.run();
}
