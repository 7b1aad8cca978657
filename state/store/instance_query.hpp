#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

// What instances can be asked for by. How each is found: state/store/sqlite_statements.cpp.

namespace cvm::state {

enum class InstanceMember {
    zone,
    project_id, // a number
    host_id,
    dedicated_cluster_id,
    vpc_id,
    subnet_id,
    id,
    uuid,
    uuid_digits,       // without the hyphens
    security_group_id, // one of a list, as the addresses
    name,
    charge_type, // the number of the enumerator, as the state
    state,
    private_ip_address,
    public_ip_address, // that it has now: see public_ip_addresses()
    ipv6_address,
    tag_key, // of any of its tags, as the value
    tag_value,
    tag,           // key and value of one tag
    created_from,  // at or after this number of seconds since 1970
    created_until, // at or before
};
inline constexpr std::size_t instance_members = static_cast<std::size_t>(InstanceMember::created_until) + 1;

// Holds for an instance that has at least one of the values.
struct InstanceCondition {
    InstanceMember member{};
    std::vector<std::variant<std::string, std::int64_t>> values{};
    std::string key{}; // of a tag
};

} // namespace cvm::state
