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

    // The file name, followed by the number if the file has several cases.
    std::string name() const;

    std::string way() const;

    // The error code of the answer, in either form; empty if there is none.
    std::string code() const;
};

// The cases of a file, given its name and its content.
std::vector<Golden> cases_in(const std::string& file, const boost::json::value& content);

// All cases, in the order of their files.
std::vector<Golden> golden_cases();

std::string golden_path(const std::string& file);

// The call of a case's "request". Its "params" are sent by the client, with one exception: {"ids": 101} instead of a
// list stands for that many different ids, "ins-00000000" and so on; {"ids": 101, "prefix": "disk-"} for ids of another
// kind. Throws std::runtime_error for an unknown member.
Call call_of(const boost::json::object& request);

wire::Dialect dialect_of(const Golden& golden);

// The exact bytes for "answer": white space and escapes are those of the product for a success of API 3.0.
std::string answer_text(const Golden& golden);

// Problems of a case that are visible before it runs, one per line; see Golden.
std::vector<std::string> flaws(const Golden& golden);

// The state expected by `after`: the state before, with the changes. `after` maps a Uin to the changed members of the
// account; "Instances" and "Orders" are keyed by id, with null for a removed entry, and "Ledger" has the added lines.
boost::json::value expected_state(boost::json::value before, const boost::json::object& after);

// The shortest `after` for the change from one state to the other. Throws std::runtime_error if there is none.
boost::json::object after_between(const boost::json::value& before, const boost::json::value& state);

// The differences of two answers or two states, one per line; in a state as "state of <Uin> /Instances/<id>/...".
std::vector<std::string> answer_differences(std::string_view expected, std::string_view actual);
std::vector<std::string> state_differences(const boost::json::value& expected, const boost::json::value& actual);

// Whether a pattern selects the case: its name, its file, its action, or one of these with * for any characters.
bool matches(std::string_view pattern, const Golden& golden);

// The text of a file of cases, indented by one space.
std::string file_text(const boost::json::value& content);

// Sets "answer" and "after" of a case; an empty `after` is omitted.
void record(boost::json::object& golden, boost::json::value answer, boost::json::object after);

} // namespace cvm::test
