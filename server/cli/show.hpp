#pragma once

#include "server/cli/given.hpp"

#include <boost/json/value.hpp>

#include <string>

// Formats the server's answers as text for people. Pure functions, one for each kind of answer. All throw BadAnswer.

namespace cvm::cli {

struct Shown {
    std::string text; // for stdout
    int code = 0;     // the exit code: 1 if the server refused
};

using Show = Shown (*)(const Given& given, const boost::json::value& answer);

// show_time.cpp
Shown show_clock(const Given& given, const boost::json::value& answer);
Shown show_passage(const Given& given, const boost::json::value& answer);

// show_accounts.cpp
Shown show_reset(const Given& given, const boost::json::value& answer);
Shown show_import(const Given& given, const boost::json::value& answer);
Shown show_accounts(const Given& given, const boost::json::value& answer);
Shown show_credentials(const Given& given, const boost::json::value& answer);
Shown show_drop(const Given& given, const boost::json::value& answer);
Shown show_ledger(const Given& given, const boost::json::value& answer);
Shown show_invariants(const Given& given, const boost::json::value& answer);

// show_calls.cpp
Shown show_faults(const Given& given, const boost::json::value& answer);
Shown show_fault(const Given& given, const boost::json::value& answer);
Shown show_faults_cleared(const Given& given, const boost::json::value& answer);
Shown show_requests(const Given& given, const boost::json::value& answer);
Shown show_requests_cleared(const Given& given, const boost::json::value& answer);
Shown show_verdict(const Given& given, const boost::json::value& answer);
Shown show_signature(const Given& given, const boost::json::value& answer);

// show_server.cpp
Shown show_coverage(const Given& given, const boost::json::value& answer);
Shown show_health(const Given& given, const boost::json::value& answer);

} // namespace cvm::cli
