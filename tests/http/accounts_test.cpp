// /_emulator/accounts over a real socket.
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

namespace {

json::value listed(const Served& served, std::string_view uin)
{
    const json::value all = served.control("GET", "/_emulator/accounts");
    for (const json::value& account : all.at("accounts").as_array())
        if (account.at("Uin").as_string() == uin)
            return account;
    return nullptr;
}

std::string state(const Served& served, std::string_view account)
{
    return json::serialize(served.control("GET", "/_emulator/state?account=" + std::string{account}));
}

} // namespace

TEST_CASE("a fresh account has keys of its own and what the default account has")
{
    Served served;
    const json::object account = served.make_account();
    CHECK(text(account.at("Uin")).size() == 12);
    CHECK(text(account.at("Uin")).starts_with("1"));
    CHECK(text(account.at("SecretId")).starts_with("AKID"));
    CHECK(text(account.at("SecretId")).size() == 36);
    CHECK(text(account.at("SecretKey")).size() == 32);
    CHECK(account.size() == 3);

    CHECK(served.code(by(account, "RenewInstances", renewal("ins-r8hr2upy"))) == "OK");
    CHECK(served.code(by(account, "RenewInstances", renewal("ins-rebootng"))) ==
          "UnsupportedOperation.InstanceStateRebooting");
    const json::object other = served.make_account();
    CHECK(other.at("Uin") != account.at("Uin"));
    CHECK(other.at("SecretId") != account.at("SecretId"));
    CHECK(listed(served, text(account.at("Uin"))).at("balance").as_int64() <
          listed(served, text(other.at("Uin"))).at("balance").as_int64());
}

TEST_CASE("an account is created from a fixture: empty, by Uin, by SecretId, by file")
{
    Served served;
    CHECK(served.response(by(served.make_account(R"({"from":"empty"})"), "DescribeInstances")).at("TotalCount") == 0);
    const json::object poor = served.make_account(R"({"from":"AKIDnomoneyEXAMPLE"})");
    CHECK(served.code(by(poor, "RenewInstances", renewal("ins-nomoney0"))) == "InvalidAccount.InsufficientBalance");
    const json::object copy = served.make_account(R"({"from":"100000000001"})");
    CHECK(served.code(by(copy, "RenewInstances", renewal("ins-r8hr2upy"))) == "OK");
    // A resource that is tagged by name has the name of the copy.
    const char* operations = R"({"TagFilters":[{"TagKey":"team","TagValue":["operations"]}]})";
    auto find = by(copy, "GetResources", json::parse(operations).as_object());
    find.version = "2018-08-13";
    const json::object tagged = served.response(find);
    CHECK(tagged.at("ResourceTagMappingList").at(0).at("Resource").as_string() ==
          "qcs::cam::uin/" + text(copy.at("Uin")) + ":uin/100000000099");
    CHECK(text(listed(served, text(poor.at("Uin"))).at("from")) == "AKIDnomoneyEXAMPLE");
    CHECK(served.problem("POST", "/_emulator/accounts", R"({"from":"nothing"})", 400) ==
          "there is no fixture `nothing`; give default, empty, a Uin or SecretId of the fixtures, or the name of a "
          "fixture file without .json");
    CHECK(served.control("GET", "/_emulator/accounts").at("accounts").as_array().size() == 13 + 3);
}

TEST_CASE("Uin and keys may be chosen, once")
{
    Served served;
    const char* body = R"({"Uin":"42","SecretId":"AKIDworker1","SecretKey":"key"})";
    CHECK(served.control("POST", "/_emulator/accounts", body) == json::parse(body));
    CHECK(served.code({.action = "DescribeInstances", .secret_id = "AKIDworker1", .secret_key = "key"}) == "OK");
    CHECK(served.problem("POST", "/_emulator/accounts", body, 409) == "there is an account 42 already");
    CHECK(served.problem("POST", "/_emulator/accounts", R"({"SecretId":"AKIDworker1"})", 409) ==
          "the SecretId `AKIDworker1` is taken");
    for (const char* bad :
         {R"({"Uin":"x"})", R"({"Uin":""})", R"({"Uin":"12345678901234567890"})", R"({"Uin":1})", R"({"Uin":"079"})",
          R"({"SecretId":"100000000001"})", R"({"SecretId":""})", R"({"SecretId":"a/b"})", R"({"SecretKey":"a b"})",
          R"({"from":1})", R"({"Secret":"x"})", R"([])", "{", R"({"expires_in":"soon"})"}) {
        CAPTURE(bad);
        served.problem("POST", "/_emulator/accounts", bad, 400);
    }
    CHECK(served.control("GET", "/_emulator/accounts").at("accounts").as_array().size() == 13 + 1);
}

TEST_CASE("the SecretId of an account may be chosen in the query")
{
    Served served;
    const std::string target = "/_emulator/accounts?account=";
    const json::value made = served.control("POST", target + "AKIDworker%2B1");
    CHECK(text(made.at("SecretId")) == "AKIDworker+1");
    CHECK(served.code(by(made.as_object(), "RenewInstances", renewal("ins-r8hr2upy"))) == "OK");
    CHECK(text(served.control("GET", "/_emulator/clock?account=AKIDworker%2B1").at("account")) == text(made.at("Uin")));

    const char* whole = R"({"Uin":"42","SecretId":"AKIDworker2","SecretKey":"key"})";
    CHECK(served.control("POST", target + "AKIDworker2", whole) == json::parse(whole));
    const json::value again = served.control("POST", target + "AKIDworker3", R"({"from":"empty","SecretKey":"key"})");
    CHECK(text(again.at("SecretId")) == "AKIDworker3");
    CHECK(text(again.at("SecretKey")) == "key");

    CHECK(served.problem("POST", target + "AKIDworker4", R"({"SecretId":"AKIDworker5"})", 400) ==
          "?account= sets the SecretId `AKIDworker4`, but the body has the SecretId `AKIDworker5`; give only one, or "
          "the same");
    CHECK(served.problem("POST", target + "200000000042", "", 400) ==
          "?account= sets the SecretId of the new account, which must not be a number; `Uin` in the body sets its Uin");
    CHECK(served.problem("POST", target, "", 400) ==
          "`account` must be 1 to 128 visible ASCII characters, without slashes or commas");
    CHECK(served.problem("POST", target + "a%2Fb", "", 400) ==
          "`account` must be 1 to 128 visible ASCII characters, without slashes or commas");
    CHECK(served.problem("POST", target + "a", R"({"SecretId":1})", 400) == "`SecretId` must be a string");
    for (const char* taken : {"AKIDworker2", "AKIDnomoneyEXAMPLE", "none"}) {
        CAPTURE(taken);
        CHECK(served.problem("POST", target + taken, "", 409) == "the SecretId `" + std::string{taken} + "` is taken");
    }
    CHECK(served.control("GET", "/_emulator/accounts").at("accounts").as_array().size() == 13 + 3);
}

TEST_CASE("a name that is both a Uin and a SecretId means the Uin")
{
    Served served;
    const json::value document =
        json::parse(R"({"format_version":1,"accounts":[{"Uin":"1","Credentials":[{"SecretId":"2","SecretKey":"k"}]},
            {"Uin":"2"}]})");
    served.control("PUT", "/_emulator/state", json::serialize(document));
    CHECK(text(served.control("GET", "/_emulator/clock?account=2").at("account")) == "2");
}

TEST_CASE("a temporary key pair needs its token and ends by the real clock")
{
    Served served;
    const json::object account = served.make_account(R"({"expires_in":"PT2H"})");
    CHECK(text(account.at("ExpiredTime")) == "2026-03-31T10:30:00Z");
    Call call = by(account, "DescribeInstances");
    CHECK(served.code(call) == "AuthFailure.TokenFailure");
    call.token = text(account.at("Token"));
    CHECK(served.code(call) == "OK");

    served.control("POST", "/_emulator/clock?account=" + text(account.at("Uin")), R"({"advance":"P1Y"})");
    CHECK(served.code(call) == "OK");
    const json::object more = served
                                  .control("POST", "/_emulator/accounts/credentials?account=" + text(account.at("Uin")),
                                           R"({"expires_in":"PT3H","Actions":["*:Describe*"]})")
                                  .as_object();
    served.set_real_time(cvm::test::test_time + std::chrono::hours{2});
    const auto later = [&](Call c) {
        c.host = served.host();
        const auto request = cvm::test::sign(c, cvm::test::test_time + std::chrono::hours{2});
        const json::value answer = json::parse(Client{served.port()}.exchange(Served::text_of(request)).body);
        const auto* error = answer.at("Response").as_object().if_contains("Error");
        return error != nullptr ? text(error->at("Code")) : "OK";
    };
    CHECK(later(call) == "AuthFailure.TokenFailure");
    Call limited = by(more, "DescribeInstances");
    limited.token = text(more.at("Token"));
    CHECK(later(limited) == "OK");
    limited.action = "RenewInstances";
    CHECK(later(limited) == "UnauthorizedOperation");
}

TEST_CASE("further key pairs belong to the account that is named")
{
    Served served;
    const json::object pair =
        served.control("POST", "/_emulator/accounts/credentials?account=AKIDnomoneyEXAMPLE", R"({"MFA":"EXPIRED"})")
            .as_object();
    CHECK(served.code(by(pair, "RenewInstances", renewal("ins-nomoney0"))) == "InvalidAccount.InsufficientBalance");
    CHECK(listed(served, text(pair.at("Uin"))).at("SecretIds").as_array().size() == 2);
    for (const char* bad : {R"({"MFA":"MAYBE"})", R"({"Actions":"*"})", R"({"Actions":[1]})", R"({"from":"empty"})"}) {
        CAPTURE(bad);
        served.problem("POST", "/_emulator/accounts/credentials", bad, 400);
    }
    for (int i = 0; i < 97; ++i)
        served.control("POST", "/_emulator/accounts/credentials");
    CHECK(served.problem("POST", "/_emulator/accounts/credentials", "", 409) ==
          "the account has 100 key pairs, the most allowed; a reset removes them");
}

TEST_CASE("a listing shows no secret")
{
    Served served;
    const json::object account = served.make_account(R"({"expires_in":"PT2H","SecretKey":"theSecretKey"})");
    const std::string list = json::serialize(served.control("GET", "/_emulator/accounts"));
    CHECK(list.find(text(account.at("SecretId"))) != std::string::npos);
    for (const std::string& secret : {std::string{"theSecretKey"}, text(account.at("Token")), std::string{"Gu5t9x"}})
        CHECK(list.find(secret) == std::string::npos);
}

TEST_CASE("a dropped account takes everything with it, and the default account cannot be dropped")
{
    Served served;
    const json::object account = served.make_account();
    const std::string uin = text(account.at("Uin"));
    const std::string query = "?account=" + uin;
    served.control("POST", "/_emulator/faults" + query, R"({"then":{"error":"InternalError"}})");
    CHECK(served.code(by(account, "DescribeInstances")) == "InternalError");
    CHECK(text(served.control("DELETE", "/_emulator/accounts" + query).at("deleted")) == uin);
    CHECK(served.code(by(account, "DescribeInstances")) == "AuthFailure.SecretIdNotFound");
    for (const char* path : {"clock", "ledger", "invariants", "state", "faults", "requests"})
        served.problem("GET", "/_emulator/" + std::string{path} + query, "", 404);

    // A new account with the same name starts from scratch.
    const json::object again = served.make_account(R"({"Uin":")" + uin + "\"}");
    CHECK(served.code(by(again, "DescribeInstances")) == "OK");
    CHECK(served.control("GET", "/_emulator/requests" + query).at("calls").as_array().size() == 1);

    CHECK(served.problem("DELETE", "/_emulator/accounts", "", 400) == "name the account with ?account=");
    CHECK(served.problem("DELETE", "/_emulator/accounts?account=100000000001", "", 409) ==
          "the default account 100000000001 cannot be deleted; POST /_emulator/reset restores it");
    served.control("POST", "/_emulator/reset");
    CHECK(served.control("GET", "/_emulator/accounts").at("accounts").as_array().size() == 13);
}

TEST_CASE("a reset leaves exactly a fresh start, to the byte, and keeps the first key pair")
{
    Served served;
    for (const char* from : {R"({})", R"({"from":"empty"})", R"({"from":"AKIDordersEXAMPLE","expires_in":"PT1H"})"}) {
        CAPTURE(from);
        const json::object account = served.make_account(from);
        const std::string uin = text(account.at("Uin"));
        const std::string fresh = state(served, uin);
        const std::string query = "?account=" + uin;
        served.control("POST", "/_emulator/clock" + query, R"({"advance":"P3M","frozen":true})");
        served.control("POST", "/_emulator/ledger" + query, R"({"deposit":5})");
        served.control("POST", "/_emulator/accounts/credentials" + query);
        served.control("POST", "/_emulator/faults" + query, R"({"then":{"delay_ms":1}})");
        served.code(by(account, "RenewInstances", renewal("ins-r8hr2upy")));
        CHECK(state(served, uin) != fresh);

        served.control("POST", "/_emulator/reset" + query);
        CHECK(state(served, uin) == fresh);
        CHECK(served.control("GET", "/_emulator/faults" + query).at("faults").as_array().empty());
        CHECK(served.control("GET", "/_emulator/requests" + query).at("calls").as_array().empty());
    }
}

TEST_CASE("an account that was created at run time can be reset after an import")
{
    Served served;
    const json::object account = served.make_account();
    const std::string query = "?account=" + text(account.at("Uin"));
    const std::string fresh = state(served, text(account.at("Uin")));
    served.control("POST", "/_emulator/clock" + query, R"({"advance":"P3M"})");
    const std::string later = json::serialize(served.control("GET", "/_emulator/state" + query));
    served.control("PUT", "/_emulator/state" + query, later);
    served.control("POST", "/_emulator/reset" + query);
    CHECK(state(served, text(account.at("Uin"))) == fresh);
}

} // namespace cvm::http::test
