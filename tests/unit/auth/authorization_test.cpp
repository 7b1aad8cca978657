#include "server/auth/authorization.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;
using namespace cvm::auth;

namespace {

const std::string signature(64, 'a');
const std::string credential = "Credential=AKIDexample/2026-03-31/cvm/tc3_request";
const std::string signed_headers = "SignedHeaders=content-type;host";

std::string header_of(std::string_view first, std::string_view second, std::string_view third)
{
    return "TC3-HMAC-SHA256 " + std::string{first} + ", " + std::string{second} + ", " + std::string{third};
}

// The header with another Credential.
std::string credential_of(std::string_view value)
{
    return header_of("Credential=" + std::string{value}, signed_headers, "Signature=" + signature);
}

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ";") + name;
    return text;
}

const std::string good = header_of(credential, signed_headers, "Signature=" + signature);

} // namespace

TEST_CASE("a malformed Authorization header is refused with what is wrong in it")
{
    struct Case {
        std::string_view what;
        std::string header;
        std::string_view problem;
    };
    const std::string_view algorithm = "it must begin with `TC3-HMAC-SHA256`";
    const std::string_view scope = "`Credential` must be <SecretId>/<date>/<service>/tc3_request";
    const std::string_view date = "`Date` in Credential not valid";
    const std::string_view service = "`Service` in Credential not valid"; // observed: tencentcloud-sdk-go issue 89
    const Case cases[] = {
        {"nothing", "", algorithm},
        {"blanks", " \t ", algorithm},
        {"SKIP", "SKIP", algorithm},
        {"another algorithm", "TC3-HMAC-SHA1" + good.substr(15), algorithm},
        {"lower case", "tc3-hmac-sha256" + good.substr(15), algorithm},
        {"a longer name", "TC3-HMAC-SHA2567" + good.substr(15), algorithm},
        {"the algorithm alone", "TC3-HMAC-SHA256", algorithm},
        {"the algorithm and a blank", "TC3-HMAC-SHA256 ", algorithm},
        {"no blank behind the algorithm", "TC3-HMAC-SHA256," + good.substr(16), algorithm},
        {"words", "TC3-HMAC-SHA256 hello", "a part without `=`"},
        {"a comma at the end", good + ",", "a part without `=`"},
        {"two commas", "TC3-HMAC-SHA256 " + credential + ",, " + signed_headers + ", Signature=" + signature,
         "a part without `=`"},
        {"no Credential", "TC3-HMAC-SHA256 " + signed_headers + ", Signature=" + signature, "`Credential` is missing"},
        {"an empty Credential", credential_of(""), "`Credential` is missing"},
        {"a Credential in lower case",
         header_of("credential=AKID/2026-03-31/cvm/tc3_request", signed_headers, "Signature=" + signature),
         "`Credential` is missing"},
        {"no SignedHeaders", "TC3-HMAC-SHA256 " + credential + ", Signature=" + signature,
         "`SignedHeaders` is missing"},
        {"empty SignedHeaders", header_of(credential, "SignedHeaders=", "Signature=" + signature),
         "`SignedHeaders` is missing"},
        {"no Signature", "TC3-HMAC-SHA256 " + credential + ", " + signed_headers, "`Signature` is missing"},
        {"an empty Signature", header_of(credential, signed_headers, "Signature= "), "`Signature` is missing"},
        {"an id alone", credential_of("AKID"), scope},
        {"no service", credential_of("AKID/2026-03-31/tc3_request"), scope},
        {"no end of the scope", credential_of("AKID/2026-03-31/cvm"), scope},
        {"another end", credential_of("AKID/2026-03-31/cvm/aws4_request"), scope},
        {"something behind the end", credential_of("AKID/2026-03-31/cvm/tc3_request/x"), scope},
        {"a slash behind the end", credential_of("AKID/2026-03-31/cvm/tc3_request/"), scope},
        {"the end in upper case", credential_of("AKID/2026-03-31/cvm/TC3_REQUEST"), scope},
        {"an empty service", credential_of("AKID/2026-03-31//tc3_request"), service},
        {"an empty date", credential_of("AKID//cvm/tc3_request"), date},
        {"a date without dashes", credential_of("AKID/20260331/cvm/tc3_request"), date},
        {"a date with slashes", credential_of("AKID/2026/03/31/cvm/tc3_request"), date},
        {"a short date", credential_of("AKID/2026-3-31/cvm/tc3_request"), date},
        {"a date the other way round", credential_of("AKID/31-03-2026/cvm/tc3_request"), date},
        {"a date and time", credential_of("AKID/2026-03-31T00/cvm/tc3_request"), date},
        {"no host signed", header_of(credential, "SignedHeaders=content-type", "Signature=" + signature),
         "`SignedHeaders` must hold `host`"},
        {"no content-type signed", header_of(credential, "SignedHeaders=host", "Signature=" + signature),
         "`SignedHeaders` must hold `content-type`"},
        {"signed headers with commas",
         header_of(credential, "SignedHeaders=content-type,host", "Signature=" + signature), "a part without `=`"},
        {"signed headers in one word",
         header_of(credential, "SignedHeaders=content-type host", "Signature=" + signature),
         "`SignedHeaders` must hold `content-type`"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const auto refused = parse_authorization(c.header);
        REQUIRE(refused.has_error());
        CHECK(refused.error() == error(Errc::auth_failure_invalid_authorization, c.problem));
    }
}

TEST_CASE("the text for a foreign service is the observed one")
{
    const auto refused = parse_authorization(credential_of("AKID/2026-03-31//tc3_request"));
    REQUIRE(refused.has_error());
    CHECK(message(refused.error(), Language::english) == "The request `Authorization` header does not conform to "
                                                         "tencentcloud standards: `Service` in Credential not valid.");
}

TEST_CASE("an Authorization header is read with blanks wherever one may be")
{
    const std::string tail = "Signature=" + signature;
    const std::string cases[] = {
        good,
        "TC3-HMAC-SHA256  " + credential + ", " + signed_headers + ", " + tail, // two blanks: an official SDK
        "TC3-HMAC-SHA256 \t " + credential + " ,\t" + signed_headers + " , " + tail,
        "TC3-HMAC-SHA256\t" + credential + "," + signed_headers + "," + tail,
        "  " + good + "  ",
        "TC3-HMAC-SHA256 Credential = AKIDexample/2026-03-31/cvm/tc3_request, SignedHeaders= content-type ; host , "
        "Signature =" +
            signature + "\t",
        "TC3-HMAC-SHA256 " + tail + ", " + signed_headers + ", " + credential, // in any order
        "TC3-HMAC-SHA256 " + credential + ", Extra=1, " + signed_headers + ", " + tail,
        header_of(credential, "SignedHeaders=Content-Type;HOST", tail),
    };
    for (const std::string& header : cases) {
        CAPTURE(header);
        const auto authorization = parse_authorization(header);
        REQUIRE(authorization.has_value());
        CHECK(authorization->secret_id == "AKIDexample");
        CHECK(authorization->date == "2026-03-31");
        CHECK(authorization->service == "cvm");
        CHECK(joined(authorization->signed_headers) == "content-type;host");
        CHECK(authorization->signature == signature);
    }
}

TEST_CASE("the service is whatever a client derives from its endpoint")
{
    // 127: the Java, PHP and C++ SDKs; localhost:18080: the Node SDK; http://127: older versions of tccli.
    for (const std::string_view service :
         {"cvm", "127", "localhost:18080", "http://127", "http://127.0.0.1:8213", "a/b/c", "/", "tc3_request", "未"}) {
        CAPTURE(service);
        const auto authorization =
            parse_authorization(credential_of("AKID/2026-03-31/" + std::string{service} + "/tc3_request"));
        REQUIRE(authorization.has_value());
        CHECK(authorization->secret_id == "AKID");
        CHECK(authorization->date == "2026-03-31");
        CHECK(authorization->service == service);
    }
}

TEST_CASE("the parser accepts an id that names no key")
{
    // An SDK without a key sends these, and the answer is SecretIdNotFound (observed: tencentcloud-sdk-nodejs issue
    // 279).
    for (const std::string_view id : {"", "undefined", "AKID********************************"}) {
        CAPTURE(id);
        const auto authorization = parse_authorization(credential_of(std::string{id} + "/2026-03-31/cvm/tc3_request"));
        REQUIRE(authorization.has_value());
        CHECK(authorization->secret_id == id);
    }
}

TEST_CASE("signed headers keep the order of the client")
{
    const auto authorization = parse_authorization(
        header_of(credential, "SignedHeaders=X-TC-Action;host;content-type;x-tc-timestamp", "Signature=" + signature));
    REQUIRE(authorization.has_value());
    CHECK(joined(authorization->signed_headers) == "x-tc-action;host;content-type;x-tc-timestamp");
}

TEST_CASE("a signature is kept as it is written")
{
    for (const std::string_view text : {"ABCDEF", "abc=def==", "x"}) {
        CAPTURE(text);
        const auto authorization =
            parse_authorization(header_of(credential, signed_headers, "Signature=" + std::string{text}));
        REQUIRE(authorization.has_value());
        CHECK(authorization->signature == text);
    }
}

TEST_CASE("a header of ten thousand parts is read without harm")
{
    std::string header = "TC3-HMAC-SHA256 ";
    for (int i = 0; i < 10'000; ++i)
        header += "a" + std::to_string(i) + "=/////,";
    CHECK(parse_authorization(header + credential + "," + signed_headers + ",Signature=" + signature).has_value());
    CHECK(parse_authorization(credential_of(std::string(100'000, '/'))).has_error());
}
