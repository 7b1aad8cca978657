// Shows that the header compiles on its own.
#include "tests/support/doctest.hpp"
