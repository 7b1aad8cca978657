#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/persist.hpp"
#include "server/api/renewal_request.hpp"
#include "state/model/lighthouse.hpp"

#include <boost/json.hpp>

#include <array>
#include <charconv>

namespace cvm::api::set_renewal {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 2> units{"m", "y"};

constexpr std::array fields{
    Field{.name = "ProductCode", .type = Type::string, .required = true},
    Field{.name = "RegionCode", .type = Type::string, .required = true},
    Field{.name = "InstanceId", .type = Type::string, .required = true},
    required_renew_flag_field,
    Field{.name = "RenewPeriod", .type = Type::string},
    Field{.name = "RenewPeriodUnit", .type = Type::string, .words = units},
};

// Months of an automatic renewal: 1 to 11 months or 1 to 5 years (https://cloud.tencent.com/document/api/555/127950);
// the default is 1 for RenewPeriod, and months for RenewPeriodUnit (assumed). nullopt for anything else.
std::optional<std::int64_t> read_months(const Params& params)
{
    const std::string text = params.string("RenewPeriod").value_or("1");
    const bool years = params.string("RenewPeriodUnit").value_or("m") == "y";
    std::int64_t number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc{} || end != text.data() + text.size() || number < 1 || number > (years ? 5 : 11))
        return std::nullopt;
    return years ? number * 12 : number;
}

struct Setting {
    state::RenewFlag flag;
    std::int64_t months;
};

bool is_of_product(const Params& params)
{
    return state::is_lighthouse(params.string("InstanceId").value()) ==
           (params.string("ProductCode").value() == "p_lighthouse");
}

// Changes an instance, or returns the reason why not; the call succeeds nevertheless and lists the failure.
std::optional<Error> set_instance(const Context& context, const Params& params, Setting setting)
{
    const std::string id = params.string("InstanceId").value();
    auto instance = context.store.find_instance(context.call.account.uin, id);
    if (!instance || instance->region != params.string("RegionCode").value() || !is_of_product(params))
        return error(Errc::invalid_instance_id_not_found, id);
    if (!instance->renew_flag)
        return error(Errc::unsupported_operation_instance_charge_type, id);
    if (instance->state == state::InstanceState::terminating)
        return error(Errc::invalid_instance_not_supported, id);
    if (instance->charge_type == state::ChargeType::underwrite &&
        setting.flag != state::RenewFlag::notify_and_auto_renew)
        return error(Errc::unsupported_operation_underwriting_instance_type_only_support_auto_renew, id);
    instance->renew_flag = setting.flag;
    instance->renew_months = setting.months;
    save(context, *instance);
    return std::nullopt;
}

std::optional<Error> set_disk(const Context& context, const Params& params, Setting setting)
{
    const std::string id = params.string("InstanceId").value();
    auto disk = context.store.find_disk(context.call.account.uin, id);
    if (!disk || disk->region != params.string("RegionCode").value() || !is_of_product(params))
        return error(Errc::invalid_disk_id_not_found, id);
    if (!state::renewable_alone(disk->disk))
        return error(Errc::invalid_disk_not_supported, id);
    disk->disk.renew_flag = setting.flag;
    disk->disk.renew_months = setting.months;
    save(context, *disk);
    return std::nullopt;
}

// Whether an operation is running on the instance, or on the instance that the disk is attached to.
bool locked(state::Store& store, const state::Account& account, const std::string& id)
{
    const auto disk = store.find_disk(account.uin, id);
    const auto instance = store.find_instance(account.uin, disk ? disk->instance_id : id);
    return instance && busy(*instance);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const std::string product = params.string("ProductCode").value();
    if (product != "p_cvm" && product != "p_cbs" && product != "p_lighthouse")
        return error(Errc::unsupported_operation_not_support_this_action, product);
    const auto months = read_months(params);
    if (!months)
        return error(Errc::invalid_parameter_api_param_error);
    const std::string id = params.string("InstanceId").value();
    if (auto refusal = refuse_by_rule(context, id))
        return *refusal;
    if (locked(context.store, context.call.account, id))
        return error(Errc::invalid_parameter_resource_locked, id);

    const Setting setting{state::parse<state::RenewFlag>(params.string("RenewFlag").value()).value(), *months};
    const bool of_disk = product == "p_cbs" || id.starts_with("lhdisk-");
    const auto failure = of_disk ? set_disk(context, params, setting) : set_instance(context, params, setting);
    json::array failed;
    if (failure)
        failed.push_back(json::object{{"Code", entry(failure->code).legacy_number},
                                      {"Message", message(*failure, context.call.language)},
                                      {"InstanceId", id}});
    json::object answer;
    answer["InstanceList"] = std::move(failed);
    return answer;
}

} // namespace

extern const Action action{
    .name = "SetRenewal",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::set_renewal
