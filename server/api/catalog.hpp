#pragma once

#include "state/model/catalog_items.hpp"
#include "state/rules/lifecycle.hpp"
#include "state/rules/pricing.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::api {

using Names = state::DisplayName;
using state::Host;
using state::Image;
using state::InstanceType;
using state::Zone;

// A Lighthouse image.
struct Blueprint {
    std::string id{};
    std::string platform{};
    std::string platform_type{}; // LINUX_UNIX, WINDOWS
    std::string os_name{};
};

// What Lighthouse sells as a unit: an instance with its system disk and its traffic.
struct Bundle {
    std::string id{};
    std::string type{}; // GENERAL_BUNDLE, ...
    Names description{};
    std::string label{};
    std::int64_t cpu = 1;
    std::int64_t memory_gib = 1;
    std::string disk_type{};
    std::int64_t disk_size = 0;
    std::int64_t bandwidth_mbps = 0;
    std::int64_t traffic_gb = 0; // per month
    bool on_linux = true;
    bool on_windows = true;
    bool sold_out = false;

    bool runs(const Blueprint& blueprint) const { return blueprint.platform_type == "WINDOWS" ? on_windows : on_linux; }
};

// Whether an instance type is offered in a zone.
enum class Offer { on_sale, sold_out, never };

// The parts of fixtures/catalog/ that the server loads at start. errors.json and the pages of actions/ are compiled in
// instead.
struct Catalog {
    std::set<std::string, std::less<>> cvm_regions;                 // where the actions of this server work
    std::set<std::string, std::less<>> other_regions;               // known to the API, but not for these actions
    std::map<std::string, std::string, std::less<>> legacy_regions; // gz -> ap-guangzhou
    std::string legacy_default_region;
    std::vector<std::pair<std::string, Names>> region_names; // of cvm_regions, as DescribeRegions lists them
    std::vector<Zone> zones;                                 // region by region
    std::vector<Image> images;
    std::vector<InstanceType> instance_types;
    std::string default_instance_type;
    std::vector<Bundle> bundles; // their prices are in `prices`, by the id as instance type
    std::vector<Blueprint> blueprints;
    std::vector<Host> hosts; // dedicated hosts; only accounts can have some
    std::string host_family; // of types such as CDH_1C1G
    std::int64_t max_host_cores = 0;
    std::int64_t max_host_memory = 0;
    std::set<std::pair<std::string, std::string>> sold_out;    // instance type, zone
    std::set<std::pair<std::string, std::string>> not_offered; // instance type, zone
    state::PriceTable prices;
    state::Cents per_gpu;                     // per month and card, for types that `prices` does not list
    std::vector<state::Lifecycle> lifecycles; // presets; the first is used by accounts that name none

    // nullptr if it does not exist.
    const Zone* find_zone(std::string_view name) const;
    const Image* find_image(std::string_view id) const;
    const InstanceType* find_instance_type(std::string_view name) const;
    const Host* find_host(std::string_view id) const;
    const Bundle* find_bundle(std::string_view id) const;
    const Blueprint* find_blueprint(std::string_view id) const;

    // The type of an instance on a dedicated host, parsed from its name: CDH_2C4G. nullopt for another name.
    std::optional<InstanceType> host_type(std::string_view name) const;

    Offer offer(const InstanceType& type, const Zone& zone) const;

    // The preset with this name, or the default for an empty name; nullptr if it does not exist.
    const state::Lifecycle* find_lifecycle(std::string_view name) const;

    // The preset of an account; its name must exist.
    const state::Lifecycle& lifecycle_of(const state::Account& account) const;

    // The legacy API's name of a region; the region's own name if there is none.
    std::string_view legacy_region(std::string_view region) const;
};

// The catalogue embedded in the binary, parsed on first use. Throws on a broken file.
const Catalog& built_in_catalog();

// The catalogue extended by what an account adds to it.
Catalog extended(const Catalog& catalog, const state::Additions& additions);

// "ap-guangzhou-3" -> "ap-guangzhou"; empty if the zone does not end with a hyphen and a number.
std::string region_of_zone(std::string_view zone);

// Whether the API knows a region of this name, with or without the actions of this server.
bool is_region(std::string_view name);

} // namespace cvm::api
