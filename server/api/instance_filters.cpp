#include "server/api/instance_filters.hpp"

#include "server/api/instance_checks.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace cvm::api {

namespace {

using Check = std::optional<Error> (*)(const std::string& value, std::string_view region);

struct Kind {
    std::string_view name;
    Check check;
    state::InstanceMember member;
};

// --- invalid values ---

std::optional<Error> anything(const std::string&, std::string_view) { return std::nullopt; }

std::optional<Error> zone(const std::string& value, std::string_view region)
{
    if (region_of_zone(value) != region)
        return error(Errc::invalid_zone_mismatch_region, value, region);
    return std::nullopt;
}

std::optional<Error> number(const std::string& value, std::string_view)
{
    if (value.empty() || !std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; }))
        return error(Errc::invalid_parameter_value, value, "project-id");
    return std::nullopt;
}

std::optional<Error> id_like(const std::string& value, std::string_view prefix, Errc malformed)
{
    if (!well_formed_id(value, prefix))
        return error(malformed, value);
    return std::nullopt;
}

std::optional<Error> host_id(const std::string& value, std::string_view)
{
    return id_like(value, "host", Errc::invalid_host_id_malformed);
}
std::optional<Error> vpc_id(const std::string& value, std::string_view)
{
    return id_like(value, "vpc", Errc::invalid_parameter_value_vpc_id_malformed);
}
std::optional<Error> subnet_id(const std::string& value, std::string_view)
{
    return id_like(value, "subnet", Errc::invalid_parameter_value_subnet_id_malformed);
}
std::optional<Error> group_id(const std::string& value, std::string_view)
{
    return id_like(value, "sg", Errc::invalid_sg_id_malformed);
}
std::optional<Error> instance_id(const std::string& value, std::string_view) { return check_instance_id(value); }

std::optional<Error> uuid(const std::string& value, std::string_view)
{
    constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    const auto fits = [](char c, char place) {
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        return place == 'x' ? hex : c == place;
    };
    if (!std::ranges::equal(value, shape, fits))
        return error(Errc::invalid_parameter_value_uuid_malformed, value);
    return std::nullopt;
}

template <class E>
std::optional<Error> word(const std::string& value, std::string_view filter)
{
    if (!state::parse<E>(value))
        return error(Errc::invalid_parameter_value, value, filter);
    return std::nullopt;
}

std::optional<Error> charge_type(const std::string& value, std::string_view)
{
    return word<state::ChargeType>(value, "instance-charge-type");
}
std::optional<Error> instance_state(const std::string& value, std::string_view)
{
    return word<state::InstanceState>(value, "instance-state");
}

std::optional<Error> ipv4(const std::string& value, std::string_view)
{
    boost::system::error_code ec;
    boost::asio::ip::make_address_v4(value, ec);
    if (ec)
        return error(Errc::invalid_parameter_value_ip_address_malformed, value);
    return std::nullopt;
}

std::optional<Error> ipv6(const std::string& value, std::string_view)
{
    boost::system::error_code ec;
    boost::asio::ip::make_address_v6(value, ec);
    if (ec)
        return error(Errc::invalid_parameter_value_ipv6_address_malformed, value);
    return std::nullopt;
}

std::optional<Error> time(const std::string& value, std::string_view)
{
    if (!state::parse_beijing_time(value))
        return error(Errc::invalid_parameter_value_invalid_time_format, value);
    return std::nullopt;
}

// --- kinds of filters ---

using Member = state::InstanceMember;

// In the order of the page. The last one is tag:<key>.
constexpr std::array kinds{
    Kind{"zone", zone, Member::zone},
    Kind{"project-id", number, Member::project_id},
    Kind{"host-id", host_id, Member::host_id},
    Kind{"dedicated-cluster-id", anything, Member::dedicated_cluster_id},
    Kind{"vpc-id", vpc_id, Member::vpc_id},
    Kind{"subnet-id", subnet_id, Member::subnet_id},
    Kind{"instance-id", instance_id, Member::id},
    Kind{"uuid", uuid, Member::uuid},
    Kind{"security-group-id", group_id, Member::security_group_id},
    Kind{"instance-name", anything, Member::name},
    Kind{"instance-charge-type", charge_type, Member::charge_type},
    Kind{"instance-state", instance_state, Member::state},
    Kind{"private-ip-address", ipv4, Member::private_ip_address},
    Kind{"public-ip-address", ipv4, Member::public_ip_address},
    Kind{"ipv6-address", ipv6, Member::ipv6_address},
    Kind{"tag-key", anything, Member::tag_key},
    Kind{"tag-value", anything, Member::tag_value},
    Kind{"creation-start-time", time, Member::created_from},
    Kind{"creation-end-time", time, Member::created_until},
    Kind{"tag:", anything, Member::tag},
};

std::int64_t to_number(const std::string& digits)
{
    std::int64_t value = -1;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

template <class E>
std::int64_t number_of(const std::string& word)
{
    return static_cast<std::int64_t>(state::parse<E>(word).value());
}

std::int64_t seconds(const std::string& time)
{
    return state::parse_beijing_time(time).value().time_since_epoch().count();
}

// The value in the form that the store uses.
std::variant<std::string, std::int64_t> kept_value(Member member, const std::string& value)
{
    if (member == Member::project_id)
        return to_number(value);
    if (member == Member::charge_type)
        return number_of<state::ChargeType>(value);
    if (member == Member::state)
        return number_of<state::InstanceState>(value);
    if (member == Member::created_from || member == Member::created_until)
        return seconds(value);
    return value;
}

constexpr auto known_names = [] {
    std::array<std::string_view, kinds.size()> all{};
    std::ranges::transform(kinds, all.begin(), &Kind::name);
    return all;
}();

const Kind* find_kind(std::string_view name)
{
    if (name.starts_with("tag:"))
        return name.size() > 4 ? &kinds.back() : nullptr;
    const auto at = std::ranges::find(kinds, name, &Kind::name);
    return at != kinds.end() ? &*at : nullptr;
}

} // namespace

std::span<const std::string_view> filter_names() noexcept { return known_names; }

std::optional<Error> check_filters(std::span<const Filter> filters, std::string_view region)
{
    for (const Filter& filter : filters) {
        const Kind* kind = find_kind(filter.name);
        if (kind == nullptr)
            return error(Errc::invalid_filter, filter.name);
        if (filter.values.size() > max_filter_values)
            return error(Errc::invalid_filter_value_limit_exceeded, filter.name, std::to_string(max_filter_values));
        for (const std::string& value : filter.values)
            if (auto problem = kind->check(value, region))
                return problem;
    }
    return std::nullopt;
}

std::vector<state::InstanceCondition> conditions(std::span<const Filter> filters)
{
    std::vector<state::InstanceCondition> all;
    for (const Filter& filter : filters) {
        state::InstanceCondition condition{.member = find_kind(filter.name)->member};
        if (condition.member == Member::tag)
            condition.key = filter.name.substr(std::string_view{"tag:"}.size());
        for (const std::string& value : filter.values)
            condition.values.push_back(kept_value(condition.member, value));
        // Of several times, the least restrictive one decides whether the filter passes.
        const bool from = condition.member == Member::created_from;
        if (!condition.values.empty() && (from || condition.member == Member::created_until))
            condition.values = {from ? std::ranges::min(condition.values) : std::ranges::max(condition.values)};
        all.push_back(std::move(condition));
    }
    return all;
}

} // namespace cvm::api
