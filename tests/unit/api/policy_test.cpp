#include "server/api/policy.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cvm;
using api::read_policy;

namespace {

constexpr std::string_view uin = "100000000001";

// "allow: <patterns>; deny: <patterns>", or the code of the refusal.
std::string outcome(const std::string& text)
{
    const auto policy = read_policy(text, uin);
    if (!policy)
        return std::string{code_of(policy.error().code)};
    std::string told = "allow:";
    for (const std::string& pattern : policy->allowed)
        told += " " + pattern;
    told += "; deny:";
    for (const std::string& pattern : policy->denied)
        told += " " + pattern;
    return told;
}

std::string with_statements(const std::string& statements)
{
    return R"({"version":"2.0","statement":)" + statements + "}";
}

std::string statement(const std::string& members) { return with_statements("[{" + members + "}]"); }

} // namespace

TEST_CASE("the actions of a policy's statements are what it allows and denies")
{
    struct Case {
        std::string policy;
        std::string expected;
    };
    const Case cases[] = {
        {statement(R"("effect":"allow","action":["name/cvm:RenewInstances","cvm:Describe*"],"resource":["*"])"),
         "allow: cvm:RenewInstances cvm:Describe*; deny:"},
        {with_statements(R"({"effect":"allow","action":"*","resource":"*"})"), "allow: *; deny:"},
        {with_statements(R"([{"effect":"allow","action":"*","resource":"*"},)"
                         R"({"effect":"deny","action":"cvm:*","resource":"*"}])"),
         "allow: *; deny: cvm:*"},
        // Permissions for some resources count; denials count for all resources of a kind, but not for a single one.
        {statement(R"("effect":"allow","action":"cvm:*","resource":"qcs::cvm:ap-guangzhou::instance/*")"),
         "allow: cvm:*; deny:"},
        {statement(R"("effect":"deny","action":"cvm:*","resource":["qcs::cvm:ap-guangzhou::instance/*"])"),
         "allow:; deny: cvm:*"},
        {statement(R"("effect":"deny","action":"cvm:*","resource":"qcs::cvm:ap-guangzhou::instance/ins-r8hr2upy")"),
         "allow:; deny:"},
        {statement(R"("effect":"deny","action":"cvm:*","resource":"*","condition":{"ip_equal":{"qcs:ip":"10.0.0.1"}})"),
         "allow:; deny:"},
        {statement(R"("effect":"deny","action":"cvm:*","resource":["qcs::cvm:::*","*"])"), "allow:; deny: cvm:*"},
        // The documented example, and variants of its escapes.
        {"%7B%22version%22%3A%222.0%22%2C%22statement%22%3A%5B%7B%22effect%22%3A%22allow%22%2C%22action%22%3A%5B%"
         "22name%"
         "2fcos%3aPutObject%22%5D%2C%22resource%22%3A%5B%22qcs%3A%3Acos%3Aap-beijing%3Auid%2F123456%3Aprefix%2F%"
         "2F123456"
         "%2FbucketA%2F%2A%22%5D%7D%5D%7D",
         "allow: cos:PutObject; deny:"},
        {R"({"version":+"2.0",+"statement":{"effect":"allow","action":"a:b","resource":"*"}})", "allow: a:b; deny:"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.policy);
        CHECK(outcome(c.policy) == c.expected);
    }
}

TEST_CASE("each malformed policy is refused with its own code")
{
    const std::string format = "InvalidParameter.StrategyFormatError";
    const std::string invalid = "InvalidParameter.StrategyInvalid";
    for (const char* text : {"", "x", "%", "%7", "%zz", "% 1", "[]", "null", "%7B%22version%22", "{}x", "%FF"}) {
        CAPTURE(text);
        CHECK(outcome(text) == format);
    }
    for (const std::string& policy : {
             std::string{"{}"},
             std::string{R"({"version":"2.0"})"},
             std::string{R"({"version":2.0,"statement":{"effect":"allow","action":"*","resource":"*"}})"},
             std::string{R"({"version":"1.0","statement":{"effect":"allow","action":"*","resource":"*"}})"},
             with_statements("[]"),
             with_statements("[1]"),
             with_statements("1"),
             statement(R"("effect":"allow","action":"*")"),
             statement(R"("effect":"allow","resource":"*")"),
             statement(R"("action":"*","resource":"*")"),
             statement(R"("effect":"ALLOW","action":"*","resource":"*")"),
             statement(R"("effect":"allow","action":[],"resource":"*")"),
             statement(R"("effect":"allow","action":[1],"resource":"*")"),
             statement(R"("effect":"allow","action":"RenewInstances","resource":"*")"),
             statement(R"("effect":"allow","action":"","resource":"*")"),
             statement(R"("effect":"allow","action":"cvm:\n*","resource":"*")"),
             statement(R"("effect":"allow","action":"cvm:)" + std::string(125, 'a') + R"(","resource":"*")"),
             statement(R"("effect":"allow","action":"*","resource":"*","principal":{"qcs":["*"]})"),
         }) {
        CAPTURE(policy);
        CHECK(outcome(policy) == invalid);
    }
    const auto of = [](const std::string& resource) {
        return outcome(statement(R"("effect":"allow","action":"*","resource":")" + resource + "\""));
    };
    CHECK(of("ins-r8hr2upy") == "InvalidParameter.ResouceError");
    CHECK(of("qcs::cvm:ap-guangzhou:instance/*") == "InvalidParameter.ResouceError");
    CHECK(of("qcs::cvm:ap-guangzhou:uin/100000000002:instance/*") == "InvalidParameter.GrantOtherResource");
    CHECK(of("qcs::cvm:ap-guangzhou:uin/100000000001:instance/*") == "allow: *; deny:");
    CHECK(of("qcs::cvm:*:uin/*:*") == "allow: *; deny:");
}

TEST_CASE("the length of a policy is limited after decoding")
{
    std::string policy = with_statements(R"({"effect":"allow","action":"*","resource":"*"})");
    policy.append(api::longest_policy - policy.size(), ' ');
    CHECK(outcome(policy) == "allow: *; deny:");
    CHECK(outcome(policy + " ") == "InvalidParameter.PolicyTooLong");
    std::string encoded;
    for (std::size_t i = 0; i < api::longest_policy; ++i)
        encoded += "%20";
    CHECK(outcome(encoded) == "InvalidParameter.StrategyFormatError");
    CHECK(outcome(encoded + "%20") == "InvalidParameter.PolicyTooLong");
}
