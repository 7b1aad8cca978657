// Executes one request many times inside the process, for tests/bench/instructions:
//   hot_calls ACTION COUNT   signed calls that name two instances of the built-in fixtures
//   hot_calls clock COUNT    a clock that moves on by half a year, in which 1,000 instances renew themselves 6 times
// They use the whole server except the sockets.

#include "tests/bench/account_document.hpp"
#include "tests/support/emulator.hpp"

#include <boost/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace cvm;
namespace json = boost::json;

namespace {

// The requests to be used in turn, so that each changes something; empty after an error.
std::vector<http::Request> calls_of(test::Emulator& emulator, const char* action)
{
    std::vector<http::Request> requests;
    for (const std::string_view flag : {"NOTIFY_AND_AUTO_RENEW", "NOTIFY_AND_MANUAL_RENEW"}) {
        test::Call call{.action = action, .params = {{"InstanceIds", {"ins-r8hr2upy", "ins-5d8a23rs"}}}};
        if (call.action == "ModifyInstancesRenewFlag")
            call.params["RenewFlag"] = flag;
        if (const std::string code = emulator.code(call); code != "OK") {
            std::fprintf(stderr, "hot_calls: %s answers %s\n", action, code.c_str());
            return {};
        }
        requests.push_back(test::sign(call, test::test_time));
    }
    return requests;
}

std::vector<http::Request> clock_of(test::Emulator& emulator)
{
    emulator.control("PUT", "/_emulator/state", bench::account_document(1'000));
    return {test::control_request("POST", "/_emulator/clock", R"({"advance":"P6M"})")};
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: hot_calls ACTION|clock COUNT\n", stderr);
        return 2;
    }
    test::Emulator emulator;
    emulator.ids.counting = true;
    const auto requests = argv[1] == std::string_view{"clock"} ? clock_of(emulator) : calls_of(emulator, argv[1]);
    if (requests.empty())
        return 1;
    const auto count = std::strtoul(argv[2], nullptr, 10);
    for (std::size_t done = 0; done < count; ++done)
        if (emulator.app.handle(requests[done % requests.size()], {}).response.result_int() != 200)
            return 1;
    return 0;
}
