#include "server/calls/pattern.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace cvm;
namespace json = boost::json;
using calls::CallRecord;
using calls::Pattern;

namespace {

const calls::Trait* trait(std::string_view name)
{
    for (const calls::Trait& t : calls::traits())
        if (t.name == name)
            return &t;
    throw std::logic_error{"no trait " + std::string{name}};
}

const CallRecord call{.request_id = "r",
                      .uin = "1",
                      .secret_id = "AKID1",
                      .dialect = "tc3",
                      .method = "POST",
                      .action = "RenewInstances",
                      .version = "2017-03-12",
                      .region = "ap-guangzhou",
                      .params =
                          R"({"InstanceIds":["ins-1","ins-2"],"InstanceChargePrepaid":{"Period":1},"DryRun":true})",
                      .code = "OK",
                      .fault = ""};

} // namespace

TEST_CASE("each trait is compared with its own text, where stars match any text")
{
    struct Case {
        std::string_view trait;
        std::string wanted;
        bool fits;
    };
    for (const Case& c :
         {Case{"action", "RenewInstances", true}, Case{"action", "Renew*", true},
          Case{"action", "renewinstances", false}, Case{"action", "", false}, Case{"version", "2017-*", true},
          Case{"region", "*-guangzhou", true}, Case{"dialect", "v1", false}, Case{"method", "POST", true},
          Case{"secret_id", "AKID1", true}, Case{"request_id", "r", true}, Case{"code", "O*K", true},
          Case{"fault", "", true}, Case{"fault", "*", true}, Case{"fault", "fault-*", false}}) {
        CAPTURE(c.trait);
        CAPTURE(c.wanted);
        const Pattern pattern{.texts = {{trait(c.trait), c.wanted}}};
        CHECK(calls::matches(pattern, call) == c.fits);
        CHECK(calls::differences(pattern, call).empty() == c.fits);
    }
}

TEST_CASE("a parameter is found by its pointer, and a number equals its text")
{
    struct Case {
        std::string_view pointer;
        std::string_view wanted;
        bool fits;
    };
    for (const Case& c :
         {Case{"/InstanceChargePrepaid/Period", "1", true}, Case{"/InstanceChargePrepaid/Period", R"("1")", true},
          Case{"/InstanceChargePrepaid/Period", "1.5", false}, Case{"/InstanceChargePrepaid/Period", "1.0", true},
          Case{"/InstanceChargePrepaid", R"({"Period":"1"})", true},
          Case{"/InstanceChargePrepaid", R"({"Period":1,"RenewFlag":"x"})", false},
          Case{"/InstanceChargePrepaid", "1", false}, Case{"/InstanceIds/1", R"("ins-2")", true},
          Case{"/InstanceIds/2", R"("ins-2")", false}, Case{"/InstanceIds", R"(["ins-1","ins-2"])", true},
          Case{"/InstanceIds", R"(["ins-2","ins-1"])", false}, Case{"/InstanceIds", R"(["ins-1"])", false},
          Case{"/DryRun", "true", true}, Case{"/DryRun", R"("true")", true}, Case{"/DryRun", "false", false},
          Case{"/Nothing", "null", false}}) {
        CAPTURE(c.pointer);
        CAPTURE(c.wanted);
        const Pattern pattern{.params = {{std::string{c.pointer}, json::parse(c.wanted)}}};
        CHECK(calls::matches(pattern, call) == c.fits);
        CHECK(calls::differences(pattern, call).empty() == c.fits);
    }
}

TEST_CASE("an instance is found wherever it is among the parameters")
{
    CHECK(calls::matches({.instance = "ins-2"}, call));
    CHECK_FALSE(calls::matches({.instance = "ins-"}, call));
    CHECK(calls::matches({.instance = "ins-1"}, call, json::parse(R"({"A":{"B":[{"C":"ins-1"}]}})")));
    CHECK_FALSE(calls::matches({.instance = "ins-1"}, call, json::parse(R"({"ins-1":1})")));
    CHECK_FALSE(calls::matches({.instance = "ins-1"}, CallRecord{}));
}

TEST_CASE("a call was carried out or not, whatever the answer said")
{
    CallRecord carried_out = call;
    carried_out.done = true;
    CallRecord refused = call;
    refused.done = false;
    CHECK(calls::matches({.done = true}, carried_out));
    CHECK(calls::matches({.done = false}, refused));
    CHECK_FALSE(calls::matches({.done = false}, carried_out));
    CHECK_FALSE(calls::matches({.done = true, .instance = "ins-2"}, refused));
    CHECK(calls::distance({.done = true}, refused).differences == 1);
    const auto different = calls::differences({.done = true}, refused);
    REQUIRE(different.size() == 1);
    CHECK(different.front().what == "done");
    CHECK(different.front().was == json::value(false));
}

TEST_CASE("differences name the expected and the actual value")
{
    const Pattern pattern{.texts = {{trait("action"), "Stop*"}, {trait("method"), "POST"}},
                          .instance = "ins-3",
                          .params = {{"/InstanceChargePrepaid/Period", 2}, {"/Nothing", "x"}}};
    std::string told;
    for (const calls::Difference& d : calls::differences(pattern, call))
        told += d.what + " " + json::serialize(d.wanted) + " " + json::serialize(d.was) + "; ";
    CHECK(told == R"(action "Stop*" "RenewInstances"; instance "ins-3" null; )"
                  R"(params/InstanceChargePrepaid/Period 2 1; params/Nothing "x" null; )");
}

TEST_CASE("stored parameters hold no secret and are not too long")
{
    CHECK(
        calls::kept_params(json::parse(R"({"A":1,"LoginSettings":{"Password":"x","KeyIds":["k"]},"L":[{"token":"y"}]})")
                               .as_object()) ==
        R"({"A":1,"LoginSettings":{"Password":"***","KeyIds":["k"]},"L":[{"token":"***"}]})");
    CHECK(calls::kept_params({}) == "{}");
    CHECK_FALSE(calls::kept_params({{"A", std::string(calls::max_params, 'a')}}).has_value());
    CHECK(calls::kept_params({{"A", "\xff"}}) == "{\"A\":\"\xEF\xBF\xBD\"}");
    CHECK_FALSE(calls::kept_params(json::parse(R"({"A":1e400})").as_object()).has_value());
    CHECK(calls::kept_params({{"UserData", std::string(calls::max_params, 'a')}}) == R"({"UserData":"***"})");
}
