// Messages observed from the real service: the same calls get exactly the same messages here.

#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cvm;
namespace json = boost::json;

namespace {

struct Observed {
    std::string what; // description, and where it was observed
    test::Call call;
    std::string code;
    std::string text;
};

test::Call call(const std::string& action, const std::string& params)
{
    return {.action = action, .params = json::parse(params).as_object()};
}

test::Call with(test::Call call, std::string test::Call::*member, const std::string& value)
{
    call.*member = value;
    return call;
}

test::Call chinese(test::Call call) { return with(std::move(call), &test::Call::language, "zh-CN"); }

// An error that cannot be provoked here with exactly this message; the message is that of the vocabulary.
test::Call asked(test::Call call, const std::string& code)
{
    return with(std::move(call), &test::Call::force_error, code);
}

const std::string one_renewal = R"({"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}})";
const std::string sold_out_run = R"({"Placement":{"Zone":"ap-guangzhou-3"},"InstanceType":"S4.SMALL1"})";

const std::vector<Observed>& observations()
{
    static const std::vector<Observed> all{
        // --- the gateway ---
        {"TencentCloud/tencentcloud-sdk-python#14: the service is the first label of the host",
         [] {
             test::Call c = with(call("GetMonitorData", "{}"), &test::Call::host, "10.tencentcloudapi.com");
             c.version = "2018-07-24";
             return c;
         }(),
         "NoSuchVersion", "The specified api version=`2018-07-24` does not exist in service=`10`."},
        {"a recording of cvm StopInstances, 2022", chinese(call("StopInstances", R"({"InstanceIds":"hello"})")),
         "InvalidParameter", "参数 `InstanceIds` 取值类型错误。"},
        {"ProbiusOfficial/TCL#2, 2024", chinese(call("TerminateInstances", R"({"InstanceIds":[7]})")),
         "InvalidParameter", "参数 `InstanceIds.0` 取值类型错误。参数类型应为 `string`"},
        {"captures of 2025 and 2026, of other parameters", call("TerminateInstances", R"({"InstanceIds":[7]})"),
         "InvalidParameter", "The value type of parameter `InstanceIds.0` is not valid, input type should be `string`"},
        {"the type as the API names it", chinese(call("DescribeImages", R"({"Limit":-1})")), "InvalidParameter",
         "参数 `Limit` 取值类型错误。参数类型应为 `uint64`"},
        {"tests of a tccli provider, 2026",
         chinese(with(call("RenewInstances", one_renewal), &test::Call::region, "ap-nowhere")), "InvalidParameterValue",
         "参数 `X-TC-Region` 取值错误。"},
        {"tests of a tccli provider, 2026",
         chinese(with(call("RenewInstances", one_renewal), &test::Call::secret_id, "AKIDunknown")),
         "AuthFailure.SecretIdNotFound", "SecretId不存在，请输入正确的密钥。"},
        {"repair notes of an image scanner", chinese(call("DescribeInstances", R"({"Ontent":1})")), "UnknownParameter",
         "未定义参数 Ontent"},

        // --- cvm ---
        {"hashicorp/packer#10396", call("TerminateInstances", R"({"InstanceIds":["ins-xxxxxxxx"]})"),
         "InvalidInstanceId.NotFound", "The specified instance ID `['ins-xxxxxxxx']` is not found."},
        {"a capture, without a full stop",
         asked(call("RunInstances", R"({"ImageId":"img-xxxxxxxx"})"), "InvalidImageId.NotFound"),
         "InvalidImageId.NotFound", "ImageId img-xxxxxxxx is not found"},
        {"a capture", asked(call("RunInstances", "{}"), "ResourceInsufficient.SpecifiedInstanceType"),
         "ResourceInsufficient.SpecifiedInstanceType", "The specified type of instance is understocked."},
        {"tencentcloudstack/terraform-provider-tencentcloud#1012",
         call("DescribeInstances", R"({"Filters":[{"Name":"subnet-id","Values":["subnet-X"]}]})"),
         "InvalidParameterValue.SubnetIdMalformed",
         "The specified subnet ID `subnet-X` is malformed. Ensure that you provide the full subnet ID in the request, "
         "in "
         "the form subnet-xxxxxxxx.The letter `x` stands for lowercase letter or number."},
        {"ProbiusOfficial/TCL#2, 2024",
         chinese(
             with(asked(call("RunInstances", R"({"Placement":{"Zone":"ap-nanjing-2"}})"), "InvalidZone.MismatchRegion"),
                  &test::Call::region, "ap-nanjing")),
         "InvalidZone.MismatchRegion", "zone `ap-nanjing-2`和地域`ap-nanjing`不匹配"},
        {"the beginning of several captures; the ends differ", asked(call("RunInstances", "{}"), "InternalError"),
         "InternalError",
         "An internal error has occurred. Retry your request, but if the problem persists, contact us."},
        {"cloud-barista/cb-spider#1278", asked(call("RunInstances", "{}"), "InvalidAccount.InsufficientBalance"),
         "InvalidAccount.InsufficientBalance", "The balance of account is not enough."},
        {"hashicorp/packer#9054",
         asked(call("StopInstances", R"({"InstanceIds":["ins-meu2jpya"]})"),
               "OperationDenied.InstanceOperationInProgress"),
         "OperationDenied.InstanceOperationInProgress",
         "The instance `['ins-meu2jpya']` already has operation in progress. Please try again later."},
        {"a comment in cloudmux",
         chinese(asked(call("StopInstances", R"({"InstanceIds":["ins-nksicizg"]})"),
                       "OperationDenied.InstanceOperationInProgress")),
         "OperationDenied.InstanceOperationInProgress", "实例`['ins-nksicizg']`操作进行中，请等待"},
        {"HuoCorp/TerraformGoat#101", asked(call("RunInstances", sold_out_run), "ResourceUnavailable.InstanceType"),
         "ResourceUnavailable.InstanceType",
         "This instance type `S4.SMALL1` is not available in the current zone `100003`."},
        {"hashicorp/packer#9054",
         asked(call("TerminateInstances", R"({"InstanceIds":["ins-r8hr2upy"]})"), "ResourceInUse"), "ResourceInUse",
         "The specified resource `ins-r8hr2upy` is already in use."},
        {"many captures", with(call("RenewInstances", one_renewal), &test::Call::region, ""), "MissingParameter",
         "The request is missing a required parameter `Region`."},
        {"TencentCloud/tencentcloud-sdk-nodejs#99: English although zh-CN was asked for",
         chinese(with(call("RenewInstances", one_renewal), &test::Call::region, "")), "MissingParameter",
         "The request is missing a required parameter `Region`."},
        {"many captures", with(call("RenewInstances", one_renewal), &test::Call::secret_key, "wrong"),
         "AuthFailure.SignatureFailure",
         "The provided credentials could not be validated. Please check your signature is correct."},
        {"TencentCloud/kubernetes-csi-tencentcloud#49",
         chinese(with(call("RenewInstances", one_renewal), &test::Call::secret_key, "wrong")),
         "AuthFailure.SignatureFailure", "请求签名验证失败，请检查您的签名计算是否正确。"},
        {"a transcript of tccli, 2023",
         asked(call("StopInstances", R"({"InstanceIds":["ins-r8hr2upy"]})"), "UnauthorizedOperation"),
         "UnauthorizedOperation",
         "[request id:6ef60bec-0242-43af-bb20-270359fb54a7]you are not authorized to perform operation "
         "(cvm:StopInstances)\nresource (qcs::cvm:ap-guangzhou:uin/100000000001:*) has no permission\n"},
        {"qcloud-ssl-cdn#28",
         chinese(
             asked(call("StopInstances", R"({"InstanceIds":["ins-r8hr2upy"]})"), "AuthFailure.UnauthorizedOperation")),
         "AuthFailure.UnauthorizedOperation",
         "操作未授权，请检查CAM策略。[[request id:6ef60bec-0242-43af-bb20-270359fb54a7]you are not authorized to "
         "perform operation (cvm:StopInstances)\nresource (*) has no permission\n]"},
        {"TencentCloud/tencentcloud-sdk-nodejs#56",
         with(call("RenewInstances", one_renewal), &test::Call::region, "ap-nowhere"), "InvalidParameterValue",
         "A value specified in `X-TC-Region` is not valid, is unsupported, or cannot be used."},
    };
    return all;
}

} // namespace

TEST_CASE("what was observed of the real service is answered to the letter")
{
    test::Emulator emulator;
    for (const Observed& seen : observations()) {
        CAPTURE(seen.what);
        CAPTURE(seen.call.action);
        const json::object answer = emulator.response(seen.call);
        REQUIRE(answer.contains("Error"));
        CHECK(answer.at("Error").at("Code").as_string() == seen.code);
        CHECK(answer.at("Error").at("Message").as_string() == seen.text);
    }
}
