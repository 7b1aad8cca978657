#pragma once

#include "state/rules/lifecycle.hpp"
#include "state/rules/pricing.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::api {

// A display name, in the two languages of the API.
struct Names {
    std::string en;
    std::string zh;
};

struct Zone {
    std::string name;   // ap-guangzhou-3
    std::string id;     // 100003
    std::string region; // ap-guangzhou
    Names names;
    bool available;
};

struct Image {
    std::string id;
    std::string name;
    std::string os_name;
    std::string platform;
    std::string architecture;
    std::int64_t size_gib;
};

struct InstanceType {
    std::string name;   // S5.MEDIUM2
    std::string family; // S5
    std::string description;
    std::int64_t cpu;
    std::int64_t memory_gib;
    std::int64_t gpu;
    std::string cpu_type;
    std::string frequency;
    double bandwidth_gbps;
    std::int64_t pps; // in ten thousands
};

// Whether an instance type is offered in a zone.
enum class Offer { on_sale, sold_out, never };

// The parts of fixtures/catalog/ that the server reads when it starts. Unlike errors.json and the pages of
// actions/, which are compiled in, these are looked up by what a request says.
struct Catalog {
    std::set<std::string, std::less<>> cvm_regions;                 // where the actions of this server work
    std::set<std::string, std::less<>> other_regions;               // known to the API, but not for these actions
    std::map<std::string, std::string, std::less<>> legacy_regions; // gz -> ap-guangzhou
    std::string legacy_default_region;
    std::map<std::string, Names, std::less<>> region_names; // of cvm_regions
    std::vector<Zone> zones;                                // region by region
    std::vector<Image> images;
    std::vector<InstanceType> instance_types;
    std::string default_instance_type;
    std::set<std::pair<std::string, std::string>> sold_out;    // instance type, zone
    std::set<std::pair<std::string, std::string>> not_offered; // instance type, zone
    state::PriceTable prices;
    std::vector<state::Lifecycle> lifecycles; // presets; the first is that of accounts that name none

    // nullptr for what is not there.
    const Zone* find_zone(std::string_view name) const;
    const Image* find_image(std::string_view id) const;
    const InstanceType* find_instance_type(std::string_view name) const;

    Offer offer(const InstanceType& type, const Zone& zone) const;

    // The preset of this name, for an empty one the default; nullptr if there is none such.
    const state::Lifecycle* find_lifecycle(std::string_view name) const;

    // The preset of an account, whose name must exist.
    const state::Lifecycle& lifecycle_of(const state::Account& account) const;

    // The legacy API's name of a region; the region's own if it has none.
    std::string_view legacy_region(std::string_view region) const;
};

// The files of fixtures/catalog/ as they are embedded in the binary, read at the first use. Throws on a broken file.
const Catalog& built_in_catalog();

// "ap-guangzhou-3" -> "ap-guangzhou"; empty if the zone does not end in a hyphen and a number.
std::string region_of_zone(std::string_view zone);

// Whether the API knows a region of this name, with or without the actions of this server.
bool is_region(std::string_view name);

} // namespace cvm::api
