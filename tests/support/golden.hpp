#pragma once

#include "tests/support/emulator.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::test {

// A case of fixtures/cases/<Action>/: a file holds one, or several as {"cases": [...]}. Its members:
//
//   what      a sentence
//   evidence  "documented", "observed" or "assumed"
//   how       "natural" (which is left out), "rule" or "header": how the case reaches its answer
//   request   what call_of() reads
//   answer    the body of the answer, to the byte; null in a new case, until golden_tests --update writes it
//   after     what is another in the state afterwards, as expected_state() reads it; left out if nothing is
struct Golden {
    std::string file;       // <Action>/<file>
    std::size_t number = 0; // from 1 on where the file holds several
    std::string action;     // the folder
    boost::json::value content;

    // The file, with the number where it holds several.
    std::string name() const;

    std::string way() const;

    // The error code of the answer, in either form; empty if it is none.
    std::string code() const;
};

// The cases of a file, given as its name and what is in it.
std::vector<Golden> cases_in(const std::string& file, const boost::json::value& content);

// All of them, in the order of their files.
std::vector<Golden> golden_cases();

std::string golden_path(const std::string& file);

// The call of a case's "request". Its "params" are what the client sends, but for one thing: {"ids": 101} in place of a
// list stands for that many different ids, "ins-00000000" and so on; {"ids": 101, "prefix": "disk-"} for ids of another
// kind. Throws std::runtime_error if a member is unknown.
Call call_of(const boost::json::object& request);

wire::Dialect dialect_of(const Golden& golden);

// The bytes that "answer" stands for: white space and escapes are those of the product for a success of API 3.0.
std::string answer_text(const Golden& golden);

// What is wrong with a case before it runs, one thing per line; see Golden.
std::vector<std::string> flaws(const Golden& golden);

// The state that `after` promises: that of before with the changes. By Uin, it holds the members of the account that
// are others; "Instances" and "Orders" are keyed by id, with null for one that is gone, and "Ledger" are the lines that
// were added.
boost::json::value expected_state(boost::json::value before, const boost::json::object& after);

// The shortest `after` that leads from one state to the other. Throws std::runtime_error if none does.
boost::json::object after_between(const boost::json::value& before, const boost::json::value& state);

// Where two answers or two states differ, one place per line; "state of <Uin> /Instances/<id>/..." in a state.
std::vector<std::string> answer_differences(std::string_view expected, std::string_view actual);
std::vector<std::string> state_differences(const boost::json::value& expected, const boost::json::value& actual);

// Whether a pattern means the case: its name, its file, its action, or one of these with * for any characters.
bool matches(std::string_view pattern, const Golden& golden);

// A file of cases as it is written: indented by one blank.
std::string file_text(const boost::json::value& content);

// Sets "answer" and "after" of a case; an empty `after` is left out.
void record(boost::json::object& golden, boost::json::value answer, boost::json::object after);

} // namespace cvm::test
