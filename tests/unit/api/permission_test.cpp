#include "server/api/permission.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cvm;
using state::Mfa;

namespace {

state::Credential holder(std::vector<std::string> allowed, Mfa mfa = Mfa::passed)
{
    state::Credential credential;
    credential.secret_id = "AKIDmine";
    credential.uin = "100000000001";
    credential.allowed = std::move(allowed);
    credential.mfa = mfa;
    return credential;
}

std::string refusal(const state::Credential& credential, const api::Action& action)
{
    const auto refused = api::refuse_by_permission(credential, action, "ap-guangzhou", "request-1");
    return refused ? std::string{code_of(refused->code)} + ": " + message(*refused, Language::english) : "good";
}

// The same without the text; of an action that this server has.
std::string code(const state::Credential& credential, std::string_view name, std::string_view version)
{
    const api::Action* action = api::find_action(name, version);
    REQUIRE(action != nullptr);
    const auto refused = api::refuse_by_permission(credential, *action, "ap-guangzhou", "request-1");
    return refused ? std::string{code_of(refused->code)} : "good";
}

} // namespace

TEST_CASE("a key without the permission is refused with the code of the action's page")
{
    struct Case {
        std::string_view action;
        std::string_view version;
        std::string_view code;
    };
    const Case cases[] = {
        {"RenewInstances", "2017-03-12", "UnauthorizedOperation"},
        {"ModifyInstancesRenewFlag", "2017-03-12", "UnauthorizedOperation"},
        {"DescribeInstances", "2017-03-12", "UnauthorizedOperation"},
        {"DescribeInstances", "", "UnauthorizedOperation"},
        {"RenewInstance", "", "UnauthorizedOperation"},
        {"SetRenewal", "2018-07-09", "AuthFailure.UnauthorizedOperation"},
        {"RenewDisk", "2017-03-12", "AuthFailure"},
        {"DescribeDealsByCond", "2018-07-09", "UnauthorizedOperation"},
        {"DescribeImages", "2017-03-12", "UnauthorizedOperation.PermissionDenied"},
        {"DescribeAccountBalance", "2018-07-09", "UnauthorizedOperation.CamNoAuth"},
        {"DescribeRenewInstances", "2018-07-09", "UnauthorizedOperation.CamNoAuth"},
        {"PayDeals", "2018-07-09", "UnauthorizedOperation.CamNoAuth"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.action);
        CAPTURE(c.version);
        CHECK(code(holder({}), c.action, c.version) == c.code);
        CHECK(code(holder({"tag:*", "*:Nothing"}), c.action, c.version) == c.code);
        CHECK(code(holder({"*"}), c.action, c.version) == "good");
        CHECK(code(holder({"nothing", "*:" + std::string{c.action}}), c.action, c.version) == "good");
    }
}

TEST_CASE("a permission names the product and the action")
{
    struct Case {
        std::vector<std::string> allowed;
        bool renew;
        bool balance;
    };
    const Case cases[] = {
        {{}, false, false},
        {{""}, false, false},
        {{"cvm"}, false, false},
        {{"cvm:"}, false, false},
        {{"RenewInstances"}, false, false},
        {{"cvm:RenewInstance"}, false, false},
        {{"CVM:RenewInstances"}, false, false},
        {{"billing:RenewInstances"}, false, false},
        {{"cvm:DescribeAccountBalance"}, false, false},
        {{"cvm:RenewInstances"}, true, false},
        {{"cvm:*"}, true, false},
        {{"cvm:Renew*"}, true, false},
        {{"billing:*"}, false, true},
        {{"finance:*"}, false, true}, // as CAM calls it
        {{"*:Describe*"}, false, true},
        {{"billing:*", "cvm:*Instances"}, true, true},
        {{"*"}, true, true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.allowed);
        CHECK((code(holder(c.allowed), "RenewInstances", "2017-03-12") == "good") == c.renew);
        CHECK((code(holder(c.allowed), "DescribeAccountBalance", "2018-07-09") == "good") == c.balance);
    }
}

TEST_CASE("a denial of billing counts under both of its names")
{
    for (const char* denied : {"billing:Describe*", "finance:*"}) {
        state::Credential credential = holder({"*"});
        credential.policy = state::ActionPolicy{.allowed = {"*"}, .denied = {denied}};
        CAPTURE(denied);
        CHECK(code(credential, "DescribeAccountBalance", "2018-07-09") == "UnauthorizedOperation.CamNoAuth");
        CHECK(code(credential, "RenewInstances", "2017-03-12") == "good");
    }
}

TEST_CASE("the refusal names the request and the operation and the resource")
{
    CHECK(refusal(holder({}), *api::find_action("RenewInstances", "2017-03-12")) ==
          "UnauthorizedOperation: [request id:request-1]you are not authorized to perform operation "
          "(cvm:RenewInstances)\nresource (qcs::cvm:ap-guangzhou:uin/100000000001:*) has no permission\n");
}

TEST_CASE("multi-factor authentication is required only if the page has the code")
{
    constexpr auto expired = "UnauthorizedOperation.MFAExpired";
    constexpr auto not_found = "UnauthorizedOperation.MFANotFound";
    struct Case {
        std::string_view action;
        std::string_view version;
        std::string_view expired;
        std::string_view absent;
    };
    const Case cases[] = {
        {"RenewInstances", "2017-03-12", "good", "good"},
        {"DescribeInstances", "2017-03-12", "good", "good"},
        {"DescribeInstances", "", "good", "good"},
        {"DescribeAccountBalance", "2018-07-09", "good", "good"},
        {"ModifyDisksRenewFlag", "2017-03-12", expired, "good"},
        {"ModifyInstancesAttribute", "2017-03-12", "good", not_found},
        {"ModifyInstancesRenewFlag", "2017-03-12", expired, not_found},
        {"TerminateInstances", "2017-03-12", expired, not_found},
    };
    for (const Case& c : cases) {
        CAPTURE(c.action);
        CAPTURE(c.version);
        CHECK(code(holder({"*"}, Mfa::passed), c.action, c.version) == "good");
        CHECK(code(holder({"*"}, Mfa::expired), c.action, c.version) == c.expired);
        CHECK(code(holder({"*"}, Mfa::absent), c.action, c.version) == c.absent);
    }
}

TEST_CASE("a missing permission is reported before a missing authentication")
{
    CHECK(code(holder({}, Mfa::expired), "ModifyInstancesRenewFlag", "2017-03-12") == "UnauthorizedOperation");
    CHECK(code(holder({"billing:*"}, Mfa::absent), "TerminateInstances", "2017-03-12") == "UnauthorizedOperation");
}

TEST_CASE("an action without a page is refused with the common code and needs no authentication")
{
    const api::Action nameless{.name = "DoNothing",
                               .product = "cvm",
                               .version = "2017-03-12",
                               .region = api::Region::required,
                               .writes = false,
                               .legacy = false,
                               .fields = {},
                               .handle = nullptr};
    CHECK(refusal(holder({}), nameless).starts_with("UnauthorizedOperation: "));
    CHECK(refusal(holder({"cvm:Do*"}, Mfa::expired), nameless) == "good");
    CHECK(refusal(holder({"cvm:Do*"}, Mfa::absent), nameless) == "good");
}
