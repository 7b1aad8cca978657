#pragma once

#include "state/pricing.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace cvm::api {

// The parts of fixtures/catalog/ that the server reads when it starts. Unlike errors.json and actions.json, which
// are compiled in, these are looked up by what a request says.
struct Catalog {
    std::set<std::string, std::less<>> cvm_regions;                 // where the actions of this server work
    std::set<std::string, std::less<>> other_regions;               // known to the API, but not for these actions
    std::map<std::string, std::string, std::less<>> legacy_regions; // gz -> ap-guangzhou
    std::string legacy_default_region;
    state::PriceTable prices;
};

// regions.json and prices.json as they are embedded in the binary, read at the first use. Throws on a broken file.
const Catalog& built_in_catalog();

// "ap-guangzhou-3" -> "ap-guangzhou"; empty if the zone does not end in a hyphen and a number.
std::string region_of_zone(std::string_view zone);

// Whether the API knows a region of this name, with or without the actions of this server.
bool is_region(std::string_view name);

} // namespace cvm::api
