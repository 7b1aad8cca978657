// Executes one call many times inside the process, for tests/bench/instructions:
//   hot_calls ACTION COUNT
// The calls are signed, name two instances of the built-in fixtures, and use the whole server except the sockets.

#include "tests/support/emulator.hpp"

#include <boost/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace cvm;
namespace json = boost::json;

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: hot_calls ACTION COUNT\n", stderr);
        return 2;
    }
    test::Emulator emulator;
    emulator.ids.counting = true;
    std::vector<http::Request> requests; // used in turn, so that each changes something
    for (const std::string_view flag : {"NOTIFY_AND_AUTO_RENEW", "NOTIFY_AND_MANUAL_RENEW"}) {
        test::Call call{.action = argv[1], .params = {{"InstanceIds", {"ins-r8hr2upy", "ins-5d8a23rs"}}}};
        if (call.action == "ModifyInstancesRenewFlag")
            call.params["RenewFlag"] = flag;
        if (const std::string code = emulator.code(call); code != "OK") {
            std::fprintf(stderr, "hot_calls: %s answers %s\n", argv[1], code.c_str());
            return 1;
        }
        requests.push_back(test::sign(call, test::test_time));
    }
    const auto count = std::strtoul(argv[2], nullptr, 10);
    for (std::size_t done = 0; done < count; ++done)
        emulator.app.handle(requests[done % requests.size()], {});
    return 0;
}
