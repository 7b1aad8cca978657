#include "server/wire/render.hpp"

#include "tests/support/emulator.hpp"
#include <boost/json.hpp>

#include <doctest/doctest.h>

using namespace cvm;
using namespace cvm::wire;
namespace json = boost::json;

namespace {

constexpr std::string_view id = "6ef60bec-0242-43af-bb20-270359fb54a7";

json::object object(std::string_view text) { return json::parse({text.data(), text.size()}).as_object(); }

// The message of an InvalidParameter with this argument, as a client reads it from the bytes.
std::string message_with(Dialect dialect, const std::string& argument)
{
    const std::string bytes =
        render_error({dialect, Language::english}, error(Errc::invalid_parameter, argument), "RenewInstances", id);
    const json::value answer = json::parse(bytes); // throws unless the bytes are UTF-8
    const json::value& text =
        dialect == Dialect::legacy_numeric ? answer.at("message") : answer.at("Response").at("Error").at("Message");
    return std::string{text.as_string()};
}

} // namespace

TEST_CASE("an error answer has these bytes")
{
    struct Case {
        std::string_view what;
        ResponseFormat format;
        Error error;
        std::string_view expected;
    };
    const Error failure = error(Errc::auth_failure_signature_failure);
    const Error not_found = error(Errc::invalid_instance_id_not_found, "ins-1234abcd");
    const Case cases[] = {
        {"TC3 in English",
         {Dialect::tc3, Language::english},
         failure,
         R"({"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"The provided credentials could not be validated. )"
         R"(Please check your signature is correct."},"RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"TC3 in Chinese",
         {Dialect::tc3, Language::chinese},
         failure,
         R"({"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"请求签名验证失败，请检查您的签名计算是否正确。"},)"
         R"("RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"v1 in English",
         {Dialect::v1, Language::english},
         error(Errc::missing_parameter, "Timestamp"),
         R"({"Response":{"Error":{"Code":"MissingParameter","Message":"The request is missing a required parameter `Timestamp`."},)"
         R"("RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"what the service does not localise stays English",
         {Dialect::v1, Language::chinese},
         error(Errc::missing_parameter, "Timestamp"),
         R"({"Response":{"Error":{"Code":"MissingParameter","Message":"The request is missing a required parameter `Timestamp`."},)"
         R"("RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"legacy in English",
         {Dialect::legacy, Language::english},
         failure,
         R"({"Response":{"Error":{"Code":"InvalidParameter.SignatureFailure","Message":"The provided credentials could not be validated. )"
         R"(Please check your signature is correct."},"RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"legacy in Chinese",
         {Dialect::legacy, Language::chinese},
         failure,
         R"({"Response":{"Error":{"Code":"InvalidParameter.SignatureFailure","Message":"请求签名验证失败，请检查您的签名计算是否正确。"},)"
         R"("RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"legacy with a documented code",
         {Dialect::legacy, Language::english},
         not_found,
         R"({"Response":{"Error":{"Code":"InvalidInstanceId.NotFound","Message":"The specified instance ID `['ins-1234abcd']` is not found."},)"
         R"("RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"numeric with the observed text in any language",
         {Dialect::legacy_numeric, Language::english},
         failure,
         R"({"code":4100,"message":"身份认证失败，用户身份验证失败","codeDesc":"AuthFailure"})"},
        {"numeric in Chinese",
         {Dialect::legacy_numeric, Language::chinese},
         error(Errc::auth_failure_secret_id_not_found),
         R"({"code":4104,"message":"SecretId不存在，请输入正确的密钥。","codeDesc":"InvalidParameter.SecretIdNotFound"})"},
        {"numeric in English",
         {Dialect::legacy_numeric, Language::english},
         error(Errc::auth_failure_secret_id_not_found),
         R"({"code":4104,"message":"The SecretId is not found, please ensure that your SecretId is correct.","codeDesc":"InvalidParameter.SecretIdNotFound"})"},
        {"numeric with an argument",
         {Dialect::legacy_numeric, Language::english},
         not_found,
         R"({"code":5000,"message":"The specified instance ID `['ins-1234abcd']` is not found.","codeDesc":"InvalidInstanceId.NotFound"})"},
        {"numeric for an unknown action",
         {Dialect::legacy_numeric, Language::english},
         error(Errc::invalid_action, "Foo", "cvm", ""),
         R"({"code":6100,"message":"本版本内不支持的接口或者接口已经被废弃，请参考该接口的文档。","codeDesc":"InvalidAction.NotFound"})"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(render_error(c.format, c.error, "RenewInstances", id) == c.expected);
    }
}

TEST_CASE("a success answer has these bytes")
{
    struct Case {
        std::string_view what;
        Dialect dialect;
        std::string_view data;
        std::string_view expected;
    };
    const Case cases[] = {
        {"TC3 without data", Dialect::tc3, "{}",
         R"({"Response":{"RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"v1 without data", Dialect::v1, "{}", R"({"Response":{"RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"legacy without data", Dialect::legacy, "{}",
         R"({"Response":{"RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"numeric without data", Dialect::legacy_numeric, "{}", R"({"code":0,"message":"","codeDesc":"Success"})"},
        {"TC3 keeps the order of the data", Dialect::tc3,
         R"({"TotalCount":1,"InstanceSet":[{"B":null,"A":"未"}],"Aa":false})",
         R"({"Response":{"TotalCount":1,"InstanceSet":[{"B":null,"A":"未"}],"Aa":false,"RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"legacy with data", Dialect::legacy, R"({"TotalCount":0,"InstanceSet":[]})",
         R"({"Response":{"TotalCount":0,"InstanceSet":[],"RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"},
        {"numeric with data", Dialect::legacy_numeric, R"({"dealId":"1","abc":{"x":[]}})",
         R"({"code":0,"message":"","codeDesc":"Success","dealId":"1","abc":{"x":[]}})"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(render_success(response_form(c.dialect, {}, id), object(c.data)) == c.expected);
    }
}

TEST_CASE("a success of API 3.0 has the text of its product, others have none")
{
    const AnswerText text{.white_space = true, .request_id_after = "TotalCount"};
    const auto data = [] { return object(R"({"TotalCount":1,"RegionSet":[]})"); };
    CHECK(render_success(response_form(Dialect::tc3, {.white_space = true}, id), object("{}")) ==
          R"({"Response": {"RequestId": "6ef60bec-0242-43af-bb20-270359fb54a7"}})");
    CHECK(render_success(response_form(Dialect::v1, text, id), data()) ==
          R"({"Response": {"TotalCount": 1, "RequestId": "6ef60bec-0242-43af-bb20-270359fb54a7", "RegionSet": []}})");
    CHECK(render_success(response_form(Dialect::tc3, text, id), object(R"({"RegionSet":[]})")) ==
          R"({"Response": {"RegionSet": [], "RequestId": "6ef60bec-0242-43af-bb20-270359fb54a7"}})");
    CHECK(render_success(response_form(Dialect::legacy, text, id), data()) ==
          R"({"Response":{"TotalCount":1,"RegionSet":[],"RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})");
    CHECK(render_success(response_form(Dialect::legacy_numeric, text, id), data()) ==
          R"({"code":0,"message":"","codeDesc":"Success","TotalCount":1,"RegionSet":[]})");
}

TEST_CASE("only the legacy dialects spell a RequestId in upper case")
{
    const std::string all = "0123abcd-ef45-4678-9ABC-def012345678";
    CHECK(format_request_id(Dialect::tc3, all) == all);
    CHECK(format_request_id(Dialect::v1, all) == all);
    CHECK(format_request_id(Dialect::legacy, all) == "0123ABCD-EF45-4678-9ABC-DEF012345678");
    CHECK(format_request_id(Dialect::legacy_numeric, all) == "0123ABCD-EF45-4678-9ABC-DEF012345678");
}

TEST_CASE("a legacy code is that of API 3.0 only where the action's legacy page lists it")
{
    struct Case {
        Errc code;
        std::string_view action;
        std::string_view api;
        std::string_view legacy;
    };
    const Case cases[] = {
        // listed
        {Errc::invalid_instance_id_not_found, "RenewInstances", "InvalidInstanceId.NotFound",
         "InvalidInstanceId.NotFound"},
        {Errc::missing_parameter, "RenewInstances", "MissingParameter", "MissingParameter"},
        {Errc::invalid_period, "RenewInstances", "InvalidPeriod", "InvalidPeriod"},
        {Errc::invalid_account_insufficient_balance, "RenewInstances", "InvalidAccount.InsufficientBalance",
         "InvalidAccount.InsufficientBalance"},
        // not listed, with another word in the common legacy codes
        {Errc::auth_failure_signature_failure, "RenewInstances", "AuthFailure.SignatureFailure",
         "InvalidParameter.SignatureFailure"},
        {Errc::auth_failure_signature_failure_request_too_large, "RenewInstances", "AuthFailure.SignatureFailure",
         "InvalidParameter.SignatureFailure"},
        {Errc::auth_failure_secret_id_not_found, "RenewInstances", "AuthFailure.SecretIdNotFound",
         "InvalidParameter.SecretIdNotFound"},
        {Errc::auth_failure_token_failure, "RenewInstances", "AuthFailure.TokenFailure",
         "InvalidRequest.TokenCheckFailed"},
        {Errc::auth_failure_mfa_failure, "RenewInstances", "AuthFailure.MFAFailure", "InvalidRequest.MFACheckFailed"},
        {Errc::auth_failure_unauthorized_operation, "RenewInstances", "AuthFailure.UnauthorizedOperation",
         "AuthFailure"},
        {Errc::auth_failure_signature_expire, "RenewInstances", "AuthFailure.SignatureExpire",
         "InvalidRequest.ReplayAttack"},
        {Errc::invalid_request_replay_attack, "RenewInstances", "InvalidRequest.ReplayAttack",
         "InvalidRequest.ReplayAttack"},
        {Errc::invalid_action, "RenewInstances", "InvalidAction", "InvalidAction.NotFound"},
        {Errc::action_offline, "RenewInstances", "ActionOffline", "InvalidAction.ActionUnavailable"},
        {Errc::internal_error, "RenewInstances", "InternalError", "InternalError"},
        // a code that one action lists and another does not
        {Errc::invalid_parameter_value_instance_id_malformed, "RenewInstances",
         "InvalidParameterValue.InstanceIdMalformed", "InvalidInstanceId.Malformed"},
        // no action known
        {Errc::missing_parameter, "", "MissingParameter", "InvalidParameter"},
        {Errc::auth_failure_secret_id_not_found, "", "AuthFailure.SecretIdNotFound",
         "InvalidParameter.SecretIdNotFound"},
        {Errc::invalid_action, "NoSuchAction", "InvalidAction", "InvalidAction.NotFound"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.api);
        CAPTURE(c.action);
        CHECK(wire_code(Dialect::tc3, c.code, c.action) == c.api);
        CHECK(wire_code(Dialect::v1, c.code, c.action) == c.api);
        CHECK(wire_code(Dialect::legacy, c.code, c.action) == c.legacy);
    }
}

TEST_CASE("every error has a code in every dialect and for every action")
{
    for (const ErrorEntry& e : all_errors())
        for (const std::string_view action :
             {"", "NoSuchAction", "RenewInstances", "DescribeInstances", "ModifyInstancesRenewFlag"}) {
            CAPTURE(e.code);
            CAPTURE(action);
            CHECK(wire_code(Dialect::tc3, e.errc, action) == e.code);
            CHECK_FALSE(wire_code(Dialect::legacy, e.errc, action).empty());
        }
}

TEST_CASE("arguments that are no UTF-8 become UTF-8")
{
    const std::string cases[] = {
        "\xff",
        "a\x80z",
        "\xc3",
        "\xe6\x9c",
        "\xc0\xaf",         // an overlong slash
        "\xed\xa0\x80",     // half a surrogate pair
        "\xf4\x90\x80\x80", // beyond Unicode
        std::string(200, '\xfe'),
    };
    for (const Dialect dialect : {Dialect::tc3, Dialect::v1, Dialect::legacy, Dialect::legacy_numeric})
        for (const std::string& argument : cases) {
            CAPTURE(to_string(dialect));
            CAPTURE(argument.size());
            CHECK(message_with(dialect, argument).find("\xef\xbf\xbd") != std::string::npos);
        }
    CHECK(message_with(Dialect::tc3, "a\xffz") == "The request is not valid: a\xef\xbf\xbdz.");
}

TEST_CASE("arguments that are UTF-8 stay as they are")
{
    for (const std::string& argument :
         {std::string{"未命名 ✓ 😀 é"}, std::string{"\"\\/\b\f\n\r\t\x01\x7f"}, std::string("a\0b", 3), std::string{}}) {
        CAPTURE(argument);
        CHECK(message_with(Dialect::tc3, argument) == "The request is not valid: " + argument + ".");
        CHECK(message_with(Dialect::legacy_numeric, argument) == "The request is not valid: " + argument + ".");
    }
    // Characters are not written as escapes, control characters are.
    CHECK(render_error({Dialect::tc3, Language::english}, error(Errc::invalid_parameter, "未\"\n"), "", id) ==
          R"({"Response":{"Error":{"Code":"InvalidParameter","Message":"The request is not valid: 未\"\n."},)"
          R"("RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})");
}

TEST_CASE("arguments are repeated up to 256 bytes and cut behind them")
{
    CHECK(message_with(Dialect::tc3, std::string(256, 'x')) ==
          "The request is not valid: " + std::string(256, 'x') + ".");
    CHECK(message_with(Dialect::tc3, std::string(257, 'x')) ==
          "The request is not valid: " + std::string(256, 'x') + "....");
    for (const Dialect dialect : {Dialect::tc3, Dialect::v1, Dialect::legacy, Dialect::legacy_numeric})
        for (const char c : {'x', '\xff', '\0', '"'}) {
            CAPTURE(to_string(dialect));
            const std::string bytes =
                render_error({dialect, Language::english},
                             error(Errc::invalid_parameter, std::string(10 * 1024 * 1024, c)), "RenewInstances", id);
            CHECK(bytes.size() < 2500); // 256 characters of up to 6 bytes and the frame
            CHECK_NOTHROW(json::parse(bytes));
        }
    // A character that the cut goes through does not break the text.
    for (const std::size_t before : {253U, 254U, 255U, 256U}) {
        CAPTURE(before);
        std::string argument(before, 'x');
        for (int i = 0; i < 1000; ++i)
            argument += "\xf0\x9f\x98\x80";
        const std::string text = message_with(Dialect::tc3, argument);
        CHECK(text.starts_with("The request is not valid: " + std::string(before, 'x')));
        CHECK(text.size() < 300);
    }
}

TEST_CASE("an error keeps all of its arguments within their limits")
{
    CHECK(
        render_error({Dialect::tc3, Language::english},
                     error(Errc::invalid_parameter_value_type, "InstanceIds", "array"), "RenewInstances", id) ==
        R"({"Response":{"Error":{"Code":"InvalidParameter","Message":"The value type of parameter `InstanceIds` is not valid, input type should be `array`"},)"
        R"("RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})");
    const std::string placeholder =
        message_with(Dialect::tc3, "{0} {1}"); // what looks like a placeholder is not filled again
    CHECK(placeholder == "The request is not valid: {0} {1}.");
}

TEST_CASE("an answer of ten thousand entries is compact and has no line break")
{
    json::array list;
    for (int i = 0; i < 10'000; ++i)
        list.push_back(json::object{{"InstanceId", "ins-1234abcd"}});
    json::object data;
    data.emplace("InstanceSet", std::move(list));
    const std::string bytes = render_success(response_form(Dialect::tc3, {}, id), std::move(data));
    CHECK(bytes.find_first_of(" \r\n\t") == std::string::npos);
    CHECK(bytes.size() ==
          std::string_view{R"({"Response":{"InstanceSet":[],"RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})"}
                  .size() +
              10'000 * 29 + 9'999);
}
