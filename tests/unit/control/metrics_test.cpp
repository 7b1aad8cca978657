#include "server/control/metrics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace cvm;
using namespace std::chrono_literals;
using control::Figures;

namespace {

const state::Instant started{1'700'000'000s};

std::string text_of(const Figures& figures, const control::Process& process = {})
{
    return control::metrics_text(figures, {.calls = 3, .bytes = 400, .dropped = 5},
                                 {.accounts = 6, .instances = 70, .bytes = 8192}, process);
}

// The lines with this prefix.
std::vector<std::string> lines_of(const std::string& text, std::string_view begin)
{
    std::vector<std::string> found;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(begin))
            found.push_back(line);
    return found;
}

bool holds(const std::string& text, const std::string& line)
{
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("calls are counted by action and code")
{
    Figures figures{.started = started};
    const api::Action* renew = api::find_action("RenewInstances", "2017-03-12");
    const api::Action* old = api::find_action("DescribeInstances", "");
    REQUIRE(renew != nullptr);
    REQUIRE(old != nullptr);
    for (int i = 0; i < 3; ++i)
        figures.requests.add({.action = renew});
    figures.requests.add({.action = renew, .error = Errc::internal_error});
    figures.requests.add({.action = renew, .silent = true});
    figures.requests.add({.action = old});
    figures.requests.add({.action = nullptr, .error = Errc::invalid_action});
    CHECK(
        lines_of(text_of(figures), "cvm_emulator_requests_total{") ==
        std::vector<std::string>{
            R"(cvm_emulator_requests_total{product="cvm",version="none",action="DescribeInstances",code="OK"} 1)",
            R"(cvm_emulator_requests_total{product="cvm",version="2017-03-12",action="RenewInstances",code="OK"} 3)",
            R"(cvm_emulator_requests_total{product="cvm",version="2017-03-12",action="RenewInstances",code="none"} 1)",
            R"(cvm_emulator_requests_total{product="cvm",version="2017-03-12",action="RenewInstances",code="InternalError"} 1)",
            R"(cvm_emulator_requests_total{product="unknown",version="unknown",action="unknown",code="InvalidAction"} 1)"});
}

TEST_CASE("labels are unique even if every action was answered with every code")
{
    Figures figures{.started = started};
    std::vector<const api::Action*> actions{api::all_actions().begin(), api::all_actions().end()};
    actions.push_back(nullptr);
    std::uint64_t calls = 0;
    for (const api::Action* action : actions) {
        figures.requests.add({.action = action});
        for (const ErrorEntry& entry : all_errors())
            figures.requests.add({.action = action, .error = entry.errc});
        calls += 1 + all_errors().size();
    }
    const std::string text = text_of(figures);
    std::set<std::string> seen;
    std::string twice;
    std::uint64_t counted = 0;
    for (const std::string& line : lines_of(text, "cvm_emulator_requests_total{")) {
        if (!seen.insert(line.substr(0, line.rfind(' '))).second && twice.empty())
            twice = line;
        counted += std::stoul(line.substr(line.rfind(' ') + 1));
    }
    CHECK(twice == "");
    CHECK(counted == calls);
    CHECK(lines_of(text, "cvm_emulator_request_duration_seconds_count{").size() == actions.size());
}

TEST_CASE("durations, other requests and refusals are counted where they belong")
{
    Figures figures{.started = started};
    const api::Action* renew = api::find_action("RenewInstances", "2017-03-12");
    figures.requests.add({.action = renew, .duration = 30us});
    figures.requests.add({.action = renew, .duration = 2s});
    for (const unsigned status : {200U, 200U, 404U, 599U, 600U, 1'000'000U})
        figures.requests.add_other(status);
    figures.requests.add(http::Refusal::malformed);
    figures.requests.add(http::Refusal::too_many_connections);
    figures.requests.add(http::Refusal::too_many_connections);
    const std::string text = text_of(figures);
    const std::string labels = R"({product="cvm",version="2017-03-12",action="RenewInstances")";
    CHECK(holds(text, "cvm_emulator_request_duration_seconds_bucket" + labels + R"(,le="0.000025"} 0)"));
    CHECK(holds(text, "cvm_emulator_request_duration_seconds_bucket" + labels + R"(,le="0.00005"} 1)"));
    CHECK(holds(text, "cvm_emulator_request_duration_seconds_bucket" + labels + R"(,le="+Inf"} 2)"));
    CHECK(holds(text, "cvm_emulator_request_duration_seconds_sum" + labels + "} 2.00003"));
    CHECK(holds(text, "cvm_emulator_request_duration_seconds_count" + labels + "} 2"));
    CHECK(lines_of(text, "cvm_emulator_other_requests_total{") ==
          std::vector<std::string>{R"(cvm_emulator_other_requests_total{status="0"} 2)",
                                   R"(cvm_emulator_other_requests_total{status="200"} 2)",
                                   R"(cvm_emulator_other_requests_total{status="404"} 1)",
                                   R"(cvm_emulator_other_requests_total{status="599"} 1)"});
    CHECK(lines_of(text, "cvm_emulator_refusals_total{") ==
          std::vector<std::string>{R"(cvm_emulator_refusals_total{reason="malformed"} 1)",
                                   R"(cvm_emulator_refusals_total{reason="http2"} 0)",
                                   R"(cvm_emulator_refusals_total{reason="tls"} 0)",
                                   R"(cvm_emulator_refusals_total{reason="target_too_long"} 0)",
                                   R"(cvm_emulator_refusals_total{reason="header_too_large"} 0)",
                                   R"(cvm_emulator_refusals_total{reason="body_too_large"} 0)",
                                   R"(cvm_emulator_refusals_total{reason="timeout"} 0)",
                                   R"(cvm_emulator_refusals_total{reason="too_many_connections"} 2)"});
}

TEST_CASE("sizes, connections and the process have metrics")
{
    Figures figures{.started = started, .connections = {.open = 2, .accepted = 9, .refused = 1, .evicted = 4}};
    const std::string text = text_of(
        figures, {.cpu_seconds = 1.25, .resident_bytes = 9'000'000, .open_descriptors = 11, .max_descriptors = 1024});
    for (const char* line :
         {"cvm_emulator_build_info{version=\"" CVM_VERSION "\"} 1", "cvm_emulator_connections_open 2",
          "cvm_emulator_connections_accepted_total 9", "cvm_emulator_connections_refused_total 1",
          "cvm_emulator_connections_evicted_total 4", "cvm_emulator_journal_calls 3", "cvm_emulator_journal_bytes 400",
          "cvm_emulator_journal_dropped_total 5", "cvm_emulator_accounts 6", "cvm_emulator_instances 70",
          "cvm_emulator_database_bytes 8192", "process_cpu_seconds_total 1.25", "process_resident_memory_bytes 9000000",
          "process_open_fds 11", "process_max_fds 1024", "process_start_time_seconds 1700000000"}) {
        CAPTURE(line);
        CHECK(holds(text, line));
    }
    // Values that the system does not provide are omitted.
    CHECK(lines_of(text_of(figures), "process_") == std::vector<std::string>{"process_start_time_seconds 1700000000"});
}

TEST_CASE("the figures of this process are those of the operating system")
{
    const control::Process before = control::look_at_process();
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(before.max_descriptors == limit.rlim_cur);
    REQUIRE(before.open_descriptors.has_value());
    const int one_more = ::open("/dev/null", O_RDONLY);
    REQUIRE(one_more >= 0);
    const control::Process after = control::look_at_process();
    ::close(one_more);
    CHECK(after.open_descriptors == *before.open_descriptors + 1);
    REQUIRE(before.resident_bytes.has_value());
    CHECK(*before.resident_bytes > 1'000'000);
    CHECK(before.cpu_seconds.value() > 0);
    CHECK(after.cpu_seconds.value() >= before.cpu_seconds.value());
}
