#include "server/base/error.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>

using namespace cvm;

TEST_CASE("a placeholder without an argument stays and any other text is untouched")
{
    struct Case {
        std::string what;
        std::string text;
        std::vector<std::string> args;
        std::string expected;
    };
    const Case cases[] = {
        {"no argument for it", "a {0} b", {}, "a {0} b"},
        {"an argument too few", "{0} and {1}", {"x"}, "x and {1}"},
        {"an argument too many", "{0}", {"x", "y"}, "x"},
        {"not a digit", "{a}", {"x"}, "{a}"},
        {"two digits", "{10}", {"x", "y"}, "{10}"},
        {"empty braces", "{}", {"x"}, "{}"},
        {"cut off behind the digit", "end {0", {"x"}, "end {0"},
        {"cut off behind the brace", "end {", {"x"}, "end {"},
        {"empty text", "", {"x"}, ""},
        {"one", "a `{0}` b", {"x"}, "a `x` b"},
        {"twice the same", "{0}{0}", {"x"}, "xx"},
        {"in another order", "{1}-{0}", {"x", "y"}, "y-x"},
        {"the tenth", "{9}", {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, "9"},
        {"an argument is not filled", "{0} {1}", {"{1}", "y"}, "{1} y"},
        {"an empty argument", "[{0}]", {""}, "[]"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(fill(c.text, c.args) == c.expected);
    }
}

TEST_CASE("a message is English in both languages where the real service does not localise the code")
{
    struct Case {
        Error error;
        std::string english;
        std::string chinese;
    };
    const Case cases[] = {
        {error(Errc::missing_parameter, "Region"), "The request is missing a required parameter `Region`.",
         "The request is missing a required parameter `Region`."},
        {error(Errc::auth_failure_signature_failure),
         "The provided credentials could not be validated. Please check your signature is correct.",
         "请求签名验证失败，请检查您的签名计算是否正确。"},
        {error(Errc::operation_denied_instance_operation_in_progress, "ins-aaaaaaaa"),
         "The instance `['ins-aaaaaaaa']` already has operation in progress. Please try again later.",
         "实例`['ins-aaaaaaaa']`操作进行中，请等待"},
        {error(Errc::request_limit_exceeded, "11", "10"),
         "Your current request times equals to `11` in a second, which exceeds the frequency limit `10` for a second. "
         "Please reduce the frequency of calls.",
         "您当前每秒请求 `11` 次，超过了每秒频率上限 `10`，请稍后重试。"},
    };
    for (const Case& c : cases) {
        CAPTURE(code_of(c.error.code));
        CHECK(message(c.error, Language::english) == c.english);
        CHECK(message(c.error, Language::chinese) == c.chinese);
    }
}

TEST_CASE("every code is found under its enumerator and has a text in both languages")
{
    for (const ErrorEntry& e : all_errors()) {
        CAPTURE(e.code);
        CHECK(&entry(e.errc) == &e);
        CHECK_FALSE(e.code.empty());
        CHECK_FALSE(e.en.empty());
        CHECK_FALSE(e.zh.empty());
        CHECK_FALSE(e.legacy_code.empty());
        CHECK_FALSE(e.code_desc.empty());
        CHECK(e.legacy_number >= 4000);
    }
}

TEST_CASE("variants of a code differ in their text and share the code")
{
    struct Case {
        Errc errc;
        std::string code;
        std::string text;
    };
    const Case cases[] = {
        {Errc::invalid_parameter, "InvalidParameter", "The request is not valid: {0}."},
        {Errc::invalid_parameter_common_type, "InvalidParameter", "Parameter `{0}` type error."},
        {Errc::invalid_parameter_form_syntax, "InvalidParameter", "Url key and value should be splited by `=`."},
        {Errc::invalid_parameter_exclusive, "InvalidParameter",
         "The parameters `{0}` and `{1}` cannot be specified at the same time."},
        {Errc::invalid_parameter_value_type, "InvalidParameter",
         "The value type of parameter `{0}` is not valid, input type should be `{1}`"},
        {Errc::invalid_parameter_list_type, "InvalidParameter", "The value type of parameter `{0}` is not valid."},
        {Errc::invalid_parameter_value, "InvalidParameterValue",
         "The value `{0}` specified in the parameter `{1}` is not valid."},
        {Errc::invalid_parameter_value_common, "InvalidParameterValue",
         "A value specified in `{0}` is not valid, is unsupported, or cannot be used."},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(code_of(c.errc) == c.code);
        CHECK(entry(c.errc).en == c.text);
    }
}

TEST_CASE("the documented codes of an action are found by its exact name")
{
    for (const std::string unknown : {"", "renewinstances", "RenewInstance", "RenewInstancesX", "AAA", "zzz"}) {
        CAPTURE(unknown);
        CHECK(documented_codes(unknown, "2017-03-12") == nullptr);
    }
    for (const DocumentedCodes& documented : all_documented_codes()) {
        CAPTURE(documented.action);
        CHECK(documented_codes(documented.action, documented.version) == &documented);
        CHECK(std::ranges::is_sorted(documented.codes));
        CHECK(std::ranges::is_sorted(documented.legacy_codes));
    }
}

TEST_CASE("a code is looked up whole in a list of codes")
{
    struct Case {
        std::string action;
        std::string code;
        bool listed;
        bool legacy;
        std::string version = "2017-03-12";
    };
    const Case cases[] = {
        {"RenewInstances", "UnsupportedOperation.InstanceStateShutdown", false, false},
        {"RenewInstances", "MutexOperation.TaskRunning", false, false},
        {"RenewInstances", "InvalidParameter", false, false},
        {"RenewInstances", "", false, false},
        {"RenewInstances", "InvalidPeriod", true, true},
        {"RenewInstances", "OperationDenied.InstanceOperationInProgress", true, false},
        {"ModifyInstancesRenewFlag", "InvalidPeriod", false, false},
        {"ModifyInstancesRenewFlag", "MutexOperation.TaskRunning", true, false},
        {"ModifyInstancesRenewFlag", "InvalidInstance.NotSupported", true, true},
        {"DescribeInstances", "InvalidInstanceId.NotFound", false, false},
        {"DescribeAccountBalance", "FailedOperation", true, false, "2018-07-09"},
        {"RenewInstance", "OperationFail.SystemBusy", true, false, ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.action);
        CAPTURE(c.code);
        const DocumentedCodes* documented = documented_codes(c.action, c.version);
        REQUIRE(documented != nullptr);
        CHECK(contains(documented->codes, c.code) == c.listed);
        CHECK(contains(documented->legacy_codes, c.code) == c.legacy);
    }
    CHECK_FALSE(contains({}, "InvalidPeriod"));
}

TEST_CASE("an error keeps its arguments in order and prints its code and English text")
{
    const Error refusal = error(Errc::invalid_parameter_value, std::string{"50"}, "Limit");
    CHECK(refusal.args == std::vector<std::string>{"50", "Limit"});
    CHECK(refusal == Error{Errc::invalid_parameter_value, {"50", "Limit"}});
    CHECK_FALSE(refusal == error(Errc::invalid_parameter_value, "51", "Limit"));
    CHECK_FALSE(refusal == error(Errc::invalid_parameter_value_common, "50", "Limit"));
    std::ostringstream out;
    out << refusal;
    CHECK(out.str() == "InvalidParameterValue: The value `50` specified in the parameter `Limit` is not valid.");
}

TEST_CASE("taking the value of a refusal is a bug that names the code")
{
    const Result<int> refused = error(Errc::invalid_period, "7", "1");
    std::string what;
    try {
        static_cast<void>(refused.value());
    } catch (const std::logic_error& e) {
        what = e.what();
    }
    CHECK(what.starts_with("InvalidPeriod taken for a value at "));
    CHECK(Result<int>{7}.value() == 7);
}
