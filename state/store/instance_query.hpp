#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

// The members of an instance by which a list can be filtered. How each is looked up: state/store/sqlite_statements.cpp.

namespace cvm::state {

enum class InstanceMember {
    zone,
    project_id, // decimal digits
    host_id,
    dedicated_cluster_id,
    vpc_id,
    subnet_id,
    id,
    uuid,
    uuid_digits,       // the uuid without its hyphens
    security_group_id, // matches one item of the list; the addresses likewise
    name,
    charge_type, // the number of the enumerator; the state likewise
    state,
    private_ip_address,
    public_ip_address, // the current one: see public_ip_addresses()
    ipv6_address,
    tag_key, // matches any of the tags; the value likewise
    tag_value,
    tag,           // key and value of one tag
    created_from,  // at or after this time, in seconds since 1970
    created_until, // at or before this time
};
inline constexpr std::size_t instance_members = static_cast<std::size_t>(InstanceMember::created_until) + 1;

// Matches an instance that has at least one of the values.
struct InstanceCondition {
    InstanceMember member{};
    std::vector<std::variant<std::string, std::int64_t>> values{};
    std::string key{}; // of a tag
};

} // namespace cvm::state
