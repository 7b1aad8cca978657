// The keys that sts issues are valid together with their token for a limited real time, with their own permissions.

#include "server/api/temporary_keys.hpp"
#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cvm;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr auto role = "qcs::cam::uin/100000000001:roleName/renewer";
const std::string renewing = R"({"version":"2.0","statement":{"effect":"allow","action":"cvm:Renew*","resource":"*"}})";

test::Call sts(const std::string& action, const json::object& params)
{
    return {.action = action, .params = params, .version = "2018-08-13", .service = "sts"};
}

test::Call assuming(const json::object& more = {})
{
    json::object params{{"RoleArn", role}, {"RoleSessionName", "nightly"}};
    for (const auto& [name, value] : more)
        params[name] = value;
    return sts("AssumeRole", params);
}

// The same call with the issued key pair.
test::Call with_key(test::Call call, const json::object& given)
{
    const json::object& credentials = given.at("Credentials").as_object();
    call.secret_id = credentials.at("TmpSecretId").as_string();
    call.secret_key = credentials.at("TmpSecretKey").as_string();
    call.token = credentials.at("Token").as_string();
    return call;
}

const test::Call look{.action = "DescribeInstances"};
const test::Call renew{
    .action = "RenewInstances",
    .params = json::parse(R"({"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}})").as_object()};
const test::Call change_flag{
    .action = "ModifyInstancesRenewFlag",
    .params = json::parse(R"({"InstanceIds":["ins-r8hr2upy"],"RenewFlag":"NOTIFY_AND_AUTO_RENEW"})").as_object()};

std::string arn_of(test::Emulator& emulator, const json::object& given)
{
    const json::object who = emulator.response(with_key(sts("GetCallerIdentity", {}), given));
    const auto* arn = who.if_contains("Arn");
    return arn != nullptr ? std::string{arn->as_string()} : json::serialize(who);
}

// The session keys of the default account.
std::vector<state::Credential> session_keys(test::Emulator& emulator)
{
    auto keys = emulator.store.list_credentials("100000000001");
    std::erase_if(keys, [](const state::Credential& key) { return key.session.empty(); });
    return keys;
}

// Adds these roles to the default account.
void add_roles(test::Emulator& emulator, std::string_view roles)
{
    json::value document = emulator.state();
    document.at("accounts").at(0).as_object()["Roles"] = json::parse(roles);
    emulator.control("PUT", "/_emulator/state", json::serialize(document));
}

} // namespace

TEST_CASE("a temporary key works with its token alone")
{
    test::Emulator emulator;
    const json::object given = emulator.response(assuming());
    for (const wire::Dialect dialect : {wire::Dialect::tc3, wire::Dialect::v1}) {
        test::Call call = with_key(look, given);
        call.dialect = dialect;
        CHECK(emulator.code(call) == "OK");
        call.token.clear();
        CHECK(emulator.code(call) == "AuthFailure.TokenFailure");
        call.token = "wrong";
        CHECK(emulator.code(call) == "AuthFailure.TokenFailure");
        call = with_key(look, given);
        call.dialect = dialect;
        call.secret_key += "x";
        CHECK(emulator.code(call) == "AuthFailure.SignatureFailure");
    }
}

TEST_CASE("a temporary key ends by real time, whatever the account's clock says")
{
    test::Emulator emulator;
    const json::object given = emulator.response(assuming({{"DurationSeconds", 60}}));
    CHECK(given.at("ExpiredTime").to_number<std::int64_t>() == (test::test_time + 60s).time_since_epoch().count());
    CHECK(given.at("Expiration").as_string() == "2026-03-31T08:31:00Z");
    emulator.control("POST", "/_emulator/clock", R"({"advance":"P1Y"})");
    CHECK(emulator.code(with_key(look, given)) == "OK");
    emulator.control("POST", "/_emulator/clock", R"({"frozen":true})");
    emulator.wall.set(test::test_time + 59s);
    CHECK(emulator.code(with_key(look, given)) == "OK");
    emulator.wall.set(test::test_time + 60s);
    CHECK(emulator.code(with_key(look, given)) == "AuthFailure.TokenFailure");
}

TEST_CASE("keys that have ended are forgotten when another is made")
{
    test::Emulator emulator;
    const json::object given = emulator.response(assuming());
    CHECK(session_keys(emulator).size() == 1);
    emulator.wall.set(test::test_time + 2h);
    const json::object later = emulator.response(assuming());
    CHECK(session_keys(emulator).size() == 1);
    CHECK(emulator.code(with_key(look, given)) == "AuthFailure.SecretIdNotFound");
    CHECK(emulator.code(with_key(look, later)) == "OK");
}

TEST_CASE("the number of temporary keys of an account is limited, and its other keys stay")
{
    test::Emulator emulator;
    const std::size_t others = emulator.store.list_credentials("100000000001").size();
    for (std::size_t i = 0; i < api::max_temporary_keys; ++i)
        emulator.store.add_credential({.secret_id = "AKID" + std::to_string(i),
                                       .secret_key = "key",
                                       .uin = "100000000001",
                                       .token = "token",
                                       .expires_at = test::test_time + 1h + std::chrono::seconds{i == 7 ? -1 : 1},
                                       .session = "nightly"});
    const json::object given = emulator.response(assuming());
    CHECK(emulator.code(with_key(look, given)) == "OK");
    CHECK(session_keys(emulator).size() == api::max_temporary_keys);
    CHECK_FALSE(emulator.store.find_credential("AKID7").has_value()); // it expired first
    CHECK(emulator.store.find_credential("AKID8").has_value());
    CHECK(emulator.store.list_credentials("100000000001").size() == others + api::max_temporary_keys);
    emulator.control("POST", "/_emulator/accounts/credentials"); // these have their own limit
}

TEST_CASE("a policy limits what a temporary key may do")
{
    test::Emulator emulator;
    const json::object given = emulator.response(assuming({{"Policy", renewing}}));
    CHECK(emulator.code(with_key(renew, given)) == "OK");
    CHECK(emulator.code(with_key(change_flag, given)) == "UnauthorizedOperation");
    CHECK(emulator.code(with_key(look, given)) == "UnauthorizedOperation");
    const json::object denied = emulator.response(
        assuming({{"Policy", R"({"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"},)"
                             R"({"effect":"deny","action":"cvm:Renew*","resource":"*"}]})"}}));
    CHECK(emulator.code(with_key(renew, denied)) == "UnauthorizedOperation");
    CHECK(emulator.code(with_key(change_flag, denied)) == "OK");
}

TEST_CASE("whoever assumes a role that the account lists may do what the role may")
{
    test::Emulator emulator;
    add_roles(emulator, R"([{"RoleName":"renewer","Actions":["cvm:Renew*","*:Describe*","sts:*"]},
                            {"RoleName":"nothing","RoleId":"4611686018427397919","Actions":[]}])");
    const json::object given = emulator.response(assuming());
    CHECK(emulator.code(with_key(renew, given)) == "OK");
    CHECK(emulator.code(with_key(change_flag, given)) == "UnauthorizedOperation");
    const json::object narrower = emulator.response(assuming({{"Policy", renewing}}));
    CHECK(emulator.code(with_key(renew, narrower)) == "OK");
    CHECK(emulator.code(with_key(look, narrower)) == "UnauthorizedOperation");
    const json::object nothing =
        emulator.response(assuming({{"RoleArn", "qcs::cam::uin/100000000001:role/4611686018427397919"}}));
    CHECK(emulator.code(with_key(look, nothing)) == "UnauthorizedOperation");
    CHECK(emulator.code(assuming({{"RoleArn", "qcs::cam::uin/100000000001:roleName/other"}})) ==
          "ResourceNotFound.RoleNotFound");
    // A role assumed by a role.
    const json::object again = emulator.response(with_key(assuming(), given));
    CHECK(arn_of(emulator, again) == arn_of(emulator, given));
    CHECK(arn_of(emulator, given) == "qcs::sts:100000000001:assumed-role/" + state::default_role_id("renewer"));
}

TEST_CASE("a federated user may do what its maker may, and the policy allows")
{
    test::Emulator emulator;
    const json::value limited = emulator.control("POST", "/_emulator/accounts/credentials",
                                                 R"({"Actions":["sts:*","cvm:RenewInstances","cvm:Describe*"]})");
    test::Call call = sts("GetFederationToken", {{"Name", "SUN"},
                                                 {"Policy", R"({"version":"2.0","statement":)"
                                                            R"({"effect":"allow","action":["cvm:RenewInstances",)"
                                                            R"("cvm:Modify*","sts:*"],"resource":"*"}})"}});
    call.secret_id = limited.at("SecretId").as_string();
    call.secret_key = limited.at("SecretKey").as_string();
    const json::object given = emulator.response(call);
    CHECK(arn_of(emulator, given) == "qcs::sts:100000000001:federated-user/100000000001");
    CHECK(emulator.code(with_key(renew, given)) == "OK");
    CHECK(emulator.code(with_key(change_flag, given)) == "UnauthorizedOperation"); // the creator may not
    CHECK(emulator.code(with_key(look, given)) == "UnauthorizedOperation");        // the policy does not permit it
    CHECK(emulator.code(with_key(call, given)) == "UnsupportedOperation");
}

TEST_CASE("temporary keys and roles are exported and imported, and a reset removes the keys")
{
    test::Emulator emulator;
    add_roles(emulator, R"([{"RoleName":"renewer","Actions":["cvm:Renew*","*:Describe*"]}])");
    const json::object given = emulator.response(assuming({{"Policy", renewing}}));
    const json::value exported = emulator.state();
    test::Emulator other;
    other.control("PUT", "/_emulator/state", json::serialize(exported));
    CHECK(other.state() == exported);
    CHECK(other.code(with_key(renew, given)) == "OK");
    CHECK(other.code(with_key(look, given)) == "UnauthorizedOperation");
    CHECK(other.code(assuming({{"RoleArn", "qcs::cam::uin/100000000001:roleName/other"}})) ==
          "ResourceNotFound.RoleNotFound");
    emulator.control("POST", "/_emulator/reset");
    CHECK(emulator.code(with_key(renew, given)) == "AuthFailure.SecretIdNotFound");
}
