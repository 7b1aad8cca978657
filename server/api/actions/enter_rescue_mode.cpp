#include "server/api/actions/actions.hpp"
#include "server/api/instance_checks.hpp"

#include <algorithm>
#include <array>

namespace cvm::api {

namespace {

constexpr std::array fields{
    Field{.name = "InstanceId", .type = Type::string, .required = true},
    Field{.name = "Password", .type = Type::string, .required = true},
    Field{.name = "Username", .type = Type::string},
    Field{.name = "ForceStop", .type = Type::boolean},
    Field{.name = "StopType", .type = Type::string, .words = stop_types},
};

// The rule for Linux: 8 to 30 characters of at least two kinds (facts: actions 5.14). What Windows wants is more, and
// the images of this server are all Linux.
bool good_password(std::string_view password)
{
    const auto has = [&](auto kind) { return std::ranges::any_of(password, kind) ? 1 : 0; };
    const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto other = [&](char c) { return !lower(c) && !upper(c) && !digit(c); };
    return password.size() >= 8 && password.size() <= 30 && has(lower) + has(upper) + has(digit) + has(other) >= 2;
}

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    auto instances = load_workable(context, std::array{params.string("InstanceId").value()});
    if (!instances)
        return instances.error();
    if (!good_password(params.string("Password").value()))
        return error(Errc::invalid_parameter_value_invalid_password);

    state::Instance& instance = instances->front();
    begin_operation(context, instance, {state::InstanceState::enter_rescue_mode, state::InstanceState::rescue_mode});
    context.store.save_instance(context.account.uin, instance);
    return boost::json::object{};
}

} // namespace

const Action enter_rescue_mode{
    .name = "EnterRescueMode",
    .product = "cvm",
    .version = "2017-03-12",
    .region = Region::required,
    .writes = true,
    .legacy = false,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
