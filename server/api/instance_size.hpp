#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cvm::api {

// The size that the second part of an instance type's name encodes.
struct InstanceSize {
    std::int64_t cpu = 0; // cores
    std::int64_t memory_gib = 0;

    friend bool operator==(const InstanceSize&, const InstanceSize&) = default;
};

// The cores of SMALL, MEDIUM, LARGE and XLARGE (fixtures/catalog/instance_types.json, size_words).
using SizeWords = std::map<std::string, std::int64_t, std::less<>>;

// "MEDIUM4" -> 2 cores, 4 GiB; a leading number multiplies the cores: "2XLARGE32" -> 8 cores, 32 GiB. nullopt for
// another form and for numbers of more than six digits.
std::optional<InstanceSize> read_size(std::string_view size, const SizeWords& words);

// "CDH_1C2G" -> 1 core, 2 GiB: an instance type for dedicated hosts. nullopt for another form, 0, or more than six
// digits.
std::optional<InstanceSize> read_host_type(std::string_view name, std::string_view family);

} // namespace cvm::api
