// The header stands alone.
#include "tests/support/doctest.hpp"
