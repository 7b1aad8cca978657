// The requests printed on the vendor's two pages, sent as printed, with the common parameters added and the signature
// of a correct client at the real time.

#include "server/auth/crypto.hpp"
#include "server/auth/tc3.hpp"
#include "server/auth/v1.hpp"
#include "tests/support/emulator.hpp"

#include <boost/beast/http/parser.hpp>

#include <doctest/doctest.h>

using namespace cvm;
namespace bhttp = boost::beast::http;

namespace {

constexpr auto secret_id = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
constexpr auto secret_key = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";

http::Request parsed(const std::string& text)
{
    bhttp::request_parser<bhttp::string_body> parser;
    parser.eager(true);
    boost::system::error_code ec;
    parser.put(boost::asio::buffer(text), ec);
    REQUIRE_MESSAGE(!ec, ec.message());
    REQUIRE(parser.is_done());
    return parser.release();
}

} // namespace

TEST_CASE("the request printed on the page of ModifyInstancesRenewFlag works as printed")
{
    // https://www.tencentcloud.com/document/api/213/68324, example 1.
    const std::string body = "{\n"
                             "    \"InstanceIds\": [\n"
                             "        \"ins-r8hr2upy\",\n"
                             "        \"ins-5d8a23rs\"\n"
                             "    ],\n"
                             "    \"RenewFlag\": \"NOTIFY_AND_AUTO_RENEW\"\n"
                             "}";
    const state::Instant now = state::SystemClock{}.now();
    const std::int64_t timestamp = now.time_since_epoch().count();
    const std::string date = auth::utc_date(now);
    const auto canonical = auth::tc3_canonical_request(
        "POST", "", {{"content-type", "application/json"}, {"host", "cvm.intl.tencentcloudapi.com"}},
        auth::hex(auth::sha256(body)));
    const auto signature = auth::tc3_signature(auth::tc3_keys(secret_key, date, "cvm").signing,
                                               auth::tc3_string_to_sign(timestamp, date, "cvm", canonical));
    const std::string request = "POST / HTTP/1.1\r\n"
                                "Host: cvm.intl.tencentcloudapi.com\r\n"
                                "Content-Type: application/json\r\n"
                                "X-TC-Action: ModifyInstancesRenewFlag\r\n"
                                "X-TC-Version: 2017-03-12\r\n"
                                "X-TC-Region: ap-guangzhou\r\n"
                                "X-TC-Timestamp: " +
                                std::to_string(timestamp) +
                                "\r\n"
                                "Authorization: TC3-HMAC-SHA256 Credential=" +
                                secret_id + "/" + date +
                                "/cvm/tc3_request, "
                                "SignedHeaders=content-type;host, Signature=" +
                                signature +
                                "\r\n"
                                "Content-Length: " +
                                std::to_string(body.size()) + "\r\n\r\n" + body;

    test::Emulator emulator{Fixtures::built_in(), now};
    CHECK(emulator.send(parsed(request)).body() ==
          R"({"Response": {"RequestId": "6ef60bec-0242-43af-bb20-270359fb54a7"}})");
    for (const auto* id : {"ins-r8hr2upy", "ins-5d8a23rs"})
        CHECK(emulator.instance(id).at("RenewFlag").as_string() == "NOTIFY_AND_AUTO_RENEW");
}

TEST_CASE("the request printed on the legacy page of RenewInstances works as printed")
{
    // The example of the legacy page, its lines joined.
    const std::string printed = "Action=RenewInstances"
                                "&Version=2017-03-12"
                                "&InstanceIds.1=ins-r8hr2upy"
                                "&InstanceChargePrepaid.Period=1"
                                "&InstanceChargePrepaid.RenewFlag=NOTIFY_AND_MANUAL_RENEW";
    const state::Instant now = state::SystemClock{}.now();
    const std::string complete = printed + "&Region=ap-guangzhou&Nonce=11886&SecretId=" + secret_id +
                                 "&Timestamp=" + std::to_string(now.time_since_epoch().count());
    const auto to_sign = auth::v1_string_to_sign("GET", "cvm.api.qcloud.com", "/v2/index.php",
                                                 wire::parse_form(complete).value(), auth::Underscore::stays);
    std::string signature;
    for (const char c : auth::v1_signature(secret_key, to_sign, false))
        signature += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string{c};
    const std::string request =
        "GET /v2/index.php?" + complete + "&Signature=" + signature + " HTTP/1.1\r\nHost: cvm.api.qcloud.com\r\n\r\n";

    test::Emulator emulator{Fixtures::built_in(), now};
    const auto old_expiry =
        state::parse_instant(std::string{emulator.instance("ins-r8hr2upy").at("ExpiredTime").as_string()}).value();
    CHECK(emulator.send(parsed(request)).body() ==
          R"({"Response":{"RequestId":"6EF60BEC-0242-43AF-BB20-270359FB54A7"}})");
    CHECK(emulator.instance("ins-r8hr2upy").at("ExpiredTime").as_string() ==
          state::format_instant(state::add_months(old_expiry, std::chrono::months{1})));
}
