#include "server/cli/given.hpp"
#include "server/cli/sign_command.hpp"

#include <doctest/doctest.h>

using namespace cvm::cli;

namespace {

const cvm::state::Instant now{std::chrono::seconds{1551113065}}; // that of the vendor's example

const Url local{"127.0.0.1", 8213};

std::string refusal(const ToSign& call)
{
    try {
        return "signed: " + curl_command(call, now);
    } catch (const UsageError& e) {
        return e.what();
    }
}

} // namespace

// The signature itself is checked by a server in tests/clients/node/cli.test.js, and the functions of TC3 by vectors.
TEST_CASE("a command carries the signature of its call and nothing that a shell reads")
{
    const std::string command = curl_command(
        {.action = "RenewInstances", .params = R"({"Name":"it's $HOME"})", .token = "a token", .url = local}, now);
    CHECK(command.starts_with("curl -sS --globoff http://127.0.0.1:8213/ \\\n  -H 'Authorization: TC3-HMAC-SHA256 "
                              "Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
                              "SignedHeaders=content-type;host, Signature="));
    CHECK(command.ends_with(" \\\n  -H 'Content-Type: application/json'"
                            " \\\n  -H 'Host: 127.0.0.1:8213'"
                            " \\\n  -H 'X-TC-Action: RenewInstances'"
                            " \\\n  -H 'X-TC-Version: 2017-03-12'"
                            " \\\n  -H 'X-TC-Timestamp: 1551113065'"
                            " \\\n  -H 'X-TC-Region: ap-guangzhou'"
                            " \\\n  -H 'X-TC-Token: a token'"
                            " \\\n  --data-binary '{\"Name\":\"it'\\''s $HOME\"}'\n"));
}

TEST_CASE("product, version and region are those of the action")
{
    const std::string billing = curl_command({.action = "DescribeAccountBalance", .url = local}, now);
    CHECK(billing.find("/2019-02-25/billing/tc3_request") != std::string::npos);
    CHECK(billing.find("X-TC-Version: 2018-07-09") != std::string::npos);
    CHECK(billing.find("X-TC-Region") == std::string::npos); // it wants none
    const std::string asked = curl_command({.action = "DescribeAccountBalance", .region = "eu", .url = local}, now);
    CHECK(asked.find("X-TC-Region: eu") != std::string::npos);
    const std::string shared = curl_command({.action = "StopInstances", .url = local}, now);
    CHECK(shared.find("/2019-02-25/cvm/tc3_request") != std::string::npos); // Lighthouse has one too
    const std::string chosen = curl_command({.action = "StopInstances", .version = "2020-03-24", .url = local}, now);
    CHECK(chosen.find("/2019-02-25/lighthouse/tc3_request") != std::string::npos);
    const std::string unknown = curl_command({.action = "Foo", .version = "2018-07-09", .url = {"[::1]", 80}}, now);
    CHECK(unknown.find("X-TC-Action: Foo") != std::string::npos);
    CHECK(unknown.find("/billing/tc3_request") != std::string::npos);
    CHECK(curl_command({.action = "DescribeDisks", .url = {"::1", 1}}, now).find("'http://[::1]:1/'") !=
          std::string::npos);
}

TEST_CASE("a call that cannot be signed is refused")
{
    const std::pair<ToSign, std::string> cases[] = {
        {{.action = "RenewInstnces", .url = local}, "there is no action RenewInstnces; did you mean RenewInstances"},
        {{.action = "Zzzzzzzzz", .url = local}, "there is no action Zzzzzzzzz; `coverage` lists them"},
        {{.action = "RenewInstance", .url = local}, "did you mean RenewInstances"}, // of the legacy API alone
        {{.action = "RenewInstances", .params = "{", .url = local}, "PARAMS is not JSON: incomplete JSON"},
        {{.action = "RenewInstances", .params = "[]", .url = local}, "PARAMS must be a JSON object"},
        {{.action = "RenewInstances", .secret_id = "i", .url = local}, "go together"},
        {{.action = "RenewInstances", .secret_key = "k", .url = local}, "go together"},
        {{.action = "RenewInstances", .region = "a\nb", .url = local}, "--region has a character"},
        {{.action = "RenewInstances", .token = "a\rb", .url = local}, "--token has a character"},
        {{.action = "X\ny", .version = "2017-03-12", .url = local}, "ACTION has a character"},
    };
    for (const auto& [call, says] : cases) {
        const std::string wanted{says};
        CAPTURE(wanted);
        const std::string told = refusal(call);
        CAPTURE(told);
        CHECK(told.find(says) != std::string::npos);
    }
}
