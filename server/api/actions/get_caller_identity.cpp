#include "server/api/action.hpp"

#include <boost/json.hpp>

namespace cvm::api {

namespace {

Result<Answer> handle(const Context& context, const Params&)
{
    // Every key pair here is one of the account itself.
    const std::string& uin = context.call.account.uin;
    return boost::json::object{{"Type", "CAMUser"},
                               {"AccountId", uin},
                               {"UserId", uin},
                               {"PrincipalId", uin},
                               {"Arn", "qcs::cam:" + uin + ":uin/" + uin}};
}

} // namespace

extern const Action get_caller_identity{
    .name = "GetCallerIdentity",
    .product = "sts",
    .version = "2018-08-13",
    .region = Region::unused,
    .fields = {},
    .handle = handle,
};

} // namespace cvm::api
