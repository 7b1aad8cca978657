#include "server/api/action.hpp"

#include <boost/json.hpp>

namespace cvm::api::get_caller_identity {

namespace {

Result<Answer> handle(const Context& context, const Params&)
{
    const std::string& uin = context.call.account.uin;
    const state::Credential& key = *context.call.credential;
    if (!key.role_id.empty())
        return boost::json::object{{"Type", "CAMRole"},
                                   {"AccountId", uin},
                                   {"UserId", key.role_id + ":" + key.session},
                                   {"PrincipalId", uin},
                                   {"Arn", "qcs::sts:" + uin + ":assumed-role/" + key.role_id}};
    if (!key.session.empty())
        return boost::json::object{{"Type", "CAMUser"},
                                   {"AccountId", uin},
                                   {"UserId", uin + ":" + key.session},
                                   {"PrincipalId", uin},
                                   {"Arn", "qcs::sts:" + uin + ":federated-user/" + uin}};
    return boost::json::object{{"Type", "CAMUser"},
                               {"AccountId", uin},
                               {"UserId", uin},
                               {"PrincipalId", uin},
                               {"Arn", "qcs::cam:" + uin + ":uin/" + uin}};
}

} // namespace

extern const Action action{
    .name = "GetCallerIdentity",
    .product = "sts",
    .version = "2018-08-13",
    .region = Region::unused,
    .fields = {},
    .handle = handle,
};

} // namespace cvm::api::get_caller_identity
