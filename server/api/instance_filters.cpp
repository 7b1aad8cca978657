#include "server/api/instance_filters.hpp"

#include "server/api/instance_checks.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace cvm::api {

namespace {

using Check = std::optional<Error> (*)(const std::string& value, std::string_view region);
using Match = bool (*)(const state::Instance& instance, std::string_view key, const std::string& value);

struct Kind {
    std::string_view name;
    Check check;
    Match match;
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

// --- the values of an instance ---

bool has(const std::vector<std::string>& list, const std::string& value)
{
    return std::ranges::find(list, value) != list.end();
}

// A list that is null has nothing.
bool has(const std::optional<std::vector<std::string>>& list, const std::string& value)
{
    return list && has(*list, value);
}

// A tag with this key, if any is asked for, and this value, if any is asked for.
bool has_tag(const state::Instance& instance, const std::string_view* key, const std::string* value)
{
    return std::ranges::any_of(instance.attributes.tags, [&](const state::KeyValue& tag) {
        return (key == nullptr || tag.key == *key) && (value == nullptr || tag.value == *value);
    });
}

std::int64_t to_number(const std::string& digits)
{
    std::int64_t value = -1;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

// In the order of the page. The last one is tag:<key>.
constexpr std::array kinds{
    Kind{"zone", zone, [](const auto& i, auto, const auto& v) { return i.zone == v; }},
    Kind{"project-id", number, [](const auto& i, auto, const auto& v) { return i.project_id == to_number(v); }},
    Kind{"host-id", host_id, [](const auto& i, auto, const auto& v) { return i.attributes.host_id == v; }},
    Kind{"dedicated-cluster-id", anything,
         [](const auto& i, auto, const auto& v) { return i.attributes.dedicated_cluster_id == v; }},
    Kind{"vpc-id", vpc_id,
         [](const auto& i, auto, const auto& v) { return i.attributes.virtual_private_cloud.vpc_id == v; }},
    Kind{"subnet-id", subnet_id,
         [](const auto& i, auto, const auto& v) { return i.attributes.virtual_private_cloud.subnet_id == v; }},
    Kind{"instance-id", instance_id, [](const auto& i, auto, const auto& v) { return i.id == v; }},
    Kind{"uuid", uuid, [](const auto& i, auto, const auto& v) { return i.attributes.uuid == v; }},
    Kind{"security-group-id", group_id,
         [](const auto& i, auto, const auto& v) { return has(i.attributes.security_group_ids, v); }},
    Kind{"instance-name", anything, [](const auto& i, auto, const auto& v) { return i.name == v; }},
    Kind{"instance-charge-type", charge_type,
         [](const auto& i, auto, const auto& v) { return name(i.charge_type) == v; }},
    Kind{"instance-state", instance_state, [](const auto& i, auto, const auto& v) { return name(i.state) == v; }},
    Kind{"private-ip-address", ipv4,
         [](const auto& i, auto, const auto& v) { return has(i.attributes.private_ip_addresses, v); }},
    Kind{"public-ip-address", ipv4,
         [](const auto& i, auto, const auto& v) { return has(state::public_ip_addresses(i), v); }},
    Kind{"ipv6-address", ipv6, [](const auto& i, auto, const auto& v) { return has(i.attributes.ipv6_addresses, v); }},
    Kind{"tag-key", anything,
         [](const auto& i, auto, const auto& v) {
             const std::string_view key = v;
             return has_tag(i, &key, nullptr);
         }},
    Kind{"tag-value", anything, [](const auto& i, auto, const auto& v) { return has_tag(i, nullptr, &v); }},
    Kind{"creation-start-time", time,
         [](const auto& i, auto, const auto& v) { return i.created_at >= state::parse_beijing_time(v).value(); }},
    Kind{"creation-end-time", time,
         [](const auto& i, auto, const auto& v) { return i.created_at <= state::parse_beijing_time(v).value(); }},
    Kind{"tag:", anything, [](const auto& i, auto key, const auto& v) { return has_tag(i, &key, &v); }},
};

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

bool passes(const state::Instance& instance, std::span<const Filter> filters)
{
    return std::ranges::all_of(filters, [&](const Filter& filter) {
        const Kind& kind = *find_kind(filter.name);
        const std::string_view key = std::string_view{filter.name}.substr(std::min<std::size_t>(filter.name.size(), 4));
        return std::ranges::any_of(filter.values,
                                   [&](const std::string& value) { return kind.match(instance, key, value); });
    });
}

} // namespace cvm::api
