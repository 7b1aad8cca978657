#pragma once

#include "server/api/action.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/filter.hpp"
#include "server/api/instance_checks.hpp"

#include <boost/json.hpp>

#include <array>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

// Shared by the actions of Lighthouse (https://cloud.tencent.com/document/product/1207). Their checks have the order of
// instance_checks.hpp, but other codes.

namespace cvm::api::lighthouse {

// All Filters of Lighthouse accept at most 10 names; those of bundles accept fewer values.
inline constexpr std::size_t max_filter_values = 100;

// RenewDiskChargePrepaid.
inline constexpr std::array<std::string_view, 1> time_units{"m"};
inline constexpr std::array disk_prepaid_fields{
    Field{.name = "Period", .type = Type::integer},
    renew_flag_field,
    Field{.name = "TimeUnit", .type = Type::string, .words = time_units},
    Field{.name = "CurInstanceDeadline", .type = Type::string},
};

// The instances with these ids, in the order of the ids.
Result<std::vector<state::Instance>> load_instances(const Context& context, std::span<const std::string> ids);

// The same for actions that change instances: refuses an instance that is being created, that has a running operation,
// or whose state is not in `works_in`.
Result<std::vector<state::Instance>> load_workable(const Context& context, const Params& params,
                                                   std::span<const state::InstanceState> works_in);

// Moves the instances of InstanceIds from one state to another.
Result<Answer> operate(const Context& context, const Params& params, state::InstanceState from,
                       state::Transition transition);

// The disks with these ids, in the order of the ids.
Result<std::vector<state::PlacedDisk>> load_disks(const Context& context, std::span<const std::string> ids);

// Refuses the first system disk: it has no expiry of its own.
std::optional<Error> refuse_system_disks(std::span<const state::PlacedDisk> disks);

// Refuses a period that is not offered: 1 to 12, 24 and 36 months are; for a purchase also 48 and 60.
std::optional<Error> refuse_period(std::int64_t period, state::Instant from, std::string_view parameter,
                                   bool of_purchase = false);

// Reads Period or CurInstanceDeadline of RenewDiskChargePrepaid, of which exactly one must be given.
Result<DiskTerms> read_disk_terms(state::Instant expiry, const Params& prepaid);

// A bundle or an image of a request.
Result<const Bundle*> find_bundle(const Catalog& catalog, const std::string& id);
Result<const Blueprint*> find_blueprint(const Catalog& catalog, const std::string& id);

// An instance of a bundle, without ids.
state::Instance draft_of(const Bundle& bundle);

boost::json::object to_json(const Context& context, const state::Instance& instance);

// InstancePrice: the price of `count` instances of one bundle for a period; `month` is the list price of one instance
// for a month.
boost::json::object instance_price(state::Cents month, const state::Price& price);

// The members of a disk's price; `month` as above.
boost::json::object disk_price(state::Cents month, const state::Price& price);

// When the instance was moved into the recycle bin; null if it is not there.
boost::json::value isolated_time(const Context& context, const state::Instance& instance);

// Refuses Filters together with the ids in `list`, names that are not in the table, and too many values.
template <class T>
std::optional<Error> check_filters(const Context& context, const Params& params, std::string_view list,
                                   std::span<const TextFilter<T>> table, std::span<const Filter> filters,
                                   std::size_t max_values = max_filter_values)
{
    if (params.has(list) && params.has("Filters"))
        return error(Errc::invalid_parameter_parameter_conflict, list, "Filters");
    for (const Filter& filter : filters) {
        if (find_filter(table, filter.name) == nullptr)
            return error(documented(context.action, Errc::invalid_parameter_invalid_filter_not_supported_name)
                             ? Errc::invalid_parameter_invalid_filter_not_supported_name
                             : Errc::invalid_parameter_invalid_filter,
                         filter.name);
        if (filter.values.size() > max_values)
            return error(Errc::invalid_parameter_filter_value_limit_exceeded, filter.name, std::to_string(max_values));
    }
    return std::nullopt;
}

} // namespace cvm::api::lighthouse
