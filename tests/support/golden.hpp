#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace cvm::test {

// A case of fixtures/cases/<Action>/: a file holds one, or several as {"cases": [...]}.
struct Golden {
    std::string name; // <Action>/<file>, with a number where the file holds several
    std::string action;
    boost::json::value content;

    // "natural", "rule" or "header": how the case reaches its answer.
    std::string way() const;

    // The error code of the answer, in either form; empty if it is none.
    std::string code() const;
};

// All of them, in the order of their names.
std::vector<Golden> golden_cases();

} // namespace cvm::test
