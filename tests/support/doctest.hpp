#pragma once

// doctest, and how a failed CHECK shows values. Every test includes this file, as its precompiled header. Without it
// doctest would show most values as {?}; with it, a type that cannot be shown does not compile.
#define DOCTEST_CONFIG_REQUIRE_STRINGIFICATION_FOR_ALL_USED_TYPES
#include <doctest/doctest.h>

#include "tests/support/line.hpp"
#include "tests/support/show.hpp"

template <class T>
    requires(!doctest::detail::has_insertion_operator<T>::value && !std::is_pointer_v<T> && !std::is_array_v<T>)
struct doctest::StringMaker<T> {
    // Two values and the text around them fit into a line.
    static String convert(const T& value)
    {
        constexpr std::size_t width = 85;
        return cvm::test::shortened(cvm::test::shown(value), width).c_str();
    }
};
