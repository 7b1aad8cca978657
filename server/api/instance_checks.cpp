#include "server/api/instance_checks.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <set>

namespace cvm::api {

namespace json = boost::json;

using state::InstanceState;

namespace {

// The code for the instance's state.
Errc code_of(const state::Instance& instance)
{
    if (instance.restrict_state == state::RestrictState::protectively_isolated)
        return Errc::unsupported_operation_instance_state_banning;
    switch (instance.state) {
    case InstanceState::pending:
        return Errc::unsupported_operation_instance_state_pending;
    case InstanceState::starting:
        return Errc::unsupported_operation_instance_state_starting;
    case InstanceState::stopping:
        return Errc::unsupported_operation_instance_state_stopping;
    case InstanceState::rebooting:
        return Errc::unsupported_operation_instance_state_rebooting;
    case InstanceState::shutdown:
        return Errc::unsupported_operation_instance_state_shutdown;
    case InstanceState::terminating:
        return Errc::unsupported_operation_instance_state_terminating;
    case InstanceState::enter_rescue_mode:
        return Errc::unsupported_operation_instance_state_enter_rescue_mode;
    case InstanceState::rescue_mode:
        return Errc::unsupported_operation_instance_state_rescue_mode;
    case InstanceState::exit_rescue_mode:
        return Errc::unsupported_operation_instance_state_exit_rescue_mode;
    case InstanceState::service_live_migrate:
        return Errc::unsupported_operation_instance_state_service_live_migrate;
    case InstanceState::launch_failed:
        return Errc::invalid_instance_not_supported;
    case InstanceState::running:
        return Errc::unsupported_operation_instance_state_running;
    case InstanceState::stopped:
        return Errc::unsupported_operation_instance_state_stopped;
    case InstanceState::enter_service_live_migrate:
        return Errc::unsupported_operation_instance_state_enter_service_live_migrate;
    case InstanceState::exit_service_live_migrate:
        return Errc::unsupported_operation_instance_state_exit_service_live_migrate;
    }
    throw std::logic_error{"InstanceState out of range"};
}

bool is_id_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool reinstall_failed(const state::Instance& instance)
{
    return instance.latest_operation && instance.latest_operation->name == "ResetInstance" &&
           instance.latest_operation->state == state::OperationState::failed;
}

std::optional<Error> refuse_by_rule(const Context& context, const state::Rule& rule)
{
    const auto code = find_code(rule.code);
    if (!code || !documented(context.action, *code))
        return std::nullopt;
    json::object about = context.call.params != nullptr ? *context.call.params : json::object{};
    if (!rule.instance_id.empty())
        about["InstanceIds"] = json::array{json::value(rule.instance_id)};
    return asked_error(*code, facts_of(context, about));
}

} // namespace

bool documented(const ActionName& action, Errc code)
{
    const DocumentedCodes* codes = documented_codes(action.name, action.version);
    return codes != nullptr && contains(codes->codes, code_of(code));
}

Error refuse_value(const ActionName& action, Errc code, const std::string& value, std::string_view parameter)
{
    return documented(action, code) ? error(code, value) : error(Errc::invalid_parameter_value, value, parameter);
}

Error as_documented(Error problem, const Action& action, const CallFacts& facts)
{
    const DocumentedCodes* page = documented_codes(action.name, action.version);
    const auto may_answer = [&](std::string_view code) {
        return contains(common_codes(), code) || (page != nullptr && contains(page->codes, code));
    };
    const std::string_view code = code_of(problem.code);
    if (page == nullptr || may_answer(code))
        return problem;
    if (problem.code == Errc::invalid_parameter_value_limit_exceeded)
        return error(Errc::invalid_parameter_value, problem.args.at(1), problem.args.at(0));
    if (problem.code == Errc::invalid_filter || problem.code == Errc::invalid_filter_value_limit_exceeded)
        return error(Errc::invalid_parameter_value, problem.args.at(0), "Filters");
    // The pages of the legacy API without a Version list no code for a resource that is not found.
    if (action.version.empty())
        return problem;

    // Each replacement is about the same problem, so it keeps the original argument.
    const auto instead = [&](Errc nearest) {
        Error same = asked_error(nearest, facts);
        if (!same.args.empty() && !problem.args.empty())
            same.args.front() = problem.args.front();
        return same;
    };
    const std::string_view first = code.substr(0, code.find('.'));
    if (const auto known = find_code(first); known && may_answer(first))
        return instead(*known);
    if (code.ends_with(".NotFound"))
        return instead(Errc::resource_not_found);
    if (first == "OperationDenied" || first == "MutexOperation")
        return instead(Errc::resource_in_use);
    return instead(first.starts_with("Invalid") ? Errc::invalid_parameter_value : Errc::failed_operation);
}

bool well_formed_id(std::string_view id, std::string_view prefix) noexcept
{
    return id.size() == prefix.size() + 9 && id.starts_with(prefix) && id[prefix.size()] == '-' &&
           std::ranges::all_of(id.substr(prefix.size() + 1), is_id_character);
}

std::optional<Error> check_instance_id(const std::string& id, bool length_has_a_code)
{
    if (well_formed_id(id, "ins"))
        return std::nullopt;
    const bool only_length =
        id.size() > 4 && id.starts_with("ins-") && std::ranges::all_of(std::string_view{id}.substr(4), is_id_character);
    return error(only_length && length_has_a_code ? Errc::invalid_instance_id_malformed
                                                  : Errc::invalid_parameter_value_instance_id_malformed,
                 id);
}

std::optional<Error> check_instance_ids(const ActionName& action, std::span<const std::string> ids)
{
    for (const std::string& id : ids)
        if (auto problem = check_instance_id(id, documented(action, Errc::invalid_instance_id_malformed)))
            return problem;
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (!seen.insert(ids[i]).second)
            return error(Errc::invalid_parameter_value, ids[i], "InstanceIds." + std::to_string(i));
    return std::nullopt;
}

Result<std::vector<state::Instance>> load_instances(const Context& context, std::span<const std::string> ids)
{
    if (auto problem = check_instance_ids(context.action, ids))
        return *std::move(problem);
    auto instances = context.store.find_instances(context.call.account.uin, ids);
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (i >= instances.size() || instances[i].id != ids[i] || instances[i].region != context.call.region)
            return error(Errc::invalid_instance_id_not_found, ids[i]);
    for (const state::Rule& rule : context.store.rules_of(context.call.account.uin, ids))
        if (auto refusal = refuse_by_rule(context, rule))
            return *std::move(refusal);
    return instances;
}

std::optional<Error> refuse_by_rule(const Context& context, std::string_view instance_id)
{
    for (std::string& code : context.store.rule_codes(context.call.account.uin, instance_id))
        if (auto refusal = refuse_by_rule(context, {std::string{instance_id}, std::move(code)}))
            return refusal;
    return std::nullopt;
}

std::optional<Error> refuse_by_state(const ActionName& action, std::span<const state::Instance> instances,
                                     std::optional<InstanceState> works_in)
{
    for (const state::Instance& instance : instances) {
        const bool banned = instance.restrict_state == state::RestrictState::protectively_isolated;
        const auto code = instance.state == works_in && !banned ? std::nullopt : std::optional{code_of(instance)};
        if (code) {
            if (documented(action, *code))
                return error(*code, instance.id);
            if (instance.state == InstanceState::terminating)
                return error(Errc::invalid_instance_not_supported, instance.id);
        }
        if (reinstall_failed(instance) && documented(action, Errc::unsupported_operation_instance_reinstall_failed))
            return error(Errc::unsupported_operation_instance_reinstall_failed, instance.id);
        if (state::stopped_without_charge(instance) &&
            documented(action, Errc::unsupported_operation_stopped_mode_stop_charging))
            return error(Errc::unsupported_operation_stopped_mode_stop_charging, instance.id);
    }
    return std::nullopt;
}

bool busy(const state::Instance& instance)
{
    return instance.latest_operation && instance.latest_operation->state == state::OperationState::operating;
}

std::optional<Error> refuse_by_operation(const ActionName& action, std::span<const state::Instance> instances)
{
    for (const state::Instance& instance : instances) {
        if (!busy(instance))
            continue;
        if (instance.latest_operation->name == action.name && documented(action, Errc::mutex_operation_task_running))
            return error(Errc::mutex_operation_task_running);
        return error(Errc::operation_denied_instance_operation_in_progress, instance.id);
    }
    return std::nullopt;
}

Result<std::vector<state::Instance>> load_workable(const Context& context, std::span<const std::string> ids,
                                                   std::optional<InstanceState> works_in)
{
    auto instances = load_instances(context, ids);
    if (!instances)
        return instances;
    if (auto refusal = refuse_by_state(context.action, *instances, works_in))
        return *std::move(refusal);
    if (auto refusal = refuse_by_operation(context.action, *instances))
        return *std::move(refusal);
    return instances;
}

std::string list_ids(std::span<const state::Instance> instances)
{
    std::string list;
    for (const state::Instance& instance : instances)
        list += (list.empty() ? "" : ", ") + instance.id;
    return list;
}

void begin_operation(const Context& context, state::Instance& instance, state::Transition transition)
{
    state::begin_operation(instance, std::string{context.action.name}, std::string{context.call.request_id}, transition,
                           context.call.now, context.call.operation_time);
}

void begin_operation(const Context& context, state::Instance& instance)
{
    begin_operation(context, instance, {instance.state, instance.state});
}

} // namespace cvm::api
