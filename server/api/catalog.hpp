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

// An image of Lighthouse.
struct Blueprint {
    std::string id{};
    std::string platform{};
    std::string platform_type{}; // LINUX_UNIX, WINDOWS
    std::string os_name{};
};

// What Lighthouse sells as one: an instance with its system disk and its traffic.
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
    std::int64_t traffic_gb = 0; // a month
    bool on_linux = true;
    bool on_windows = true;
    bool sold_out = false;

    bool runs(const Blueprint& blueprint) const { return blueprint.platform_type == "WINDOWS" ? on_windows : on_linux; }
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
    std::vector<std::pair<std::string, Names>> region_names; // of cvm_regions, as DescribeRegions lists them
    std::vector<Zone> zones;                                 // region by region
    std::vector<Image> images;
    std::vector<InstanceType> instance_types;
    std::string default_instance_type;
    std::vector<Bundle> bundles; // their prices are in `prices`, by the id as instance type
    std::vector<Blueprint> blueprints;
    std::vector<Host> hosts; // dedicated ones; only accounts have some
    std::string host_family; // of types such as CDH_1C1G
    std::int64_t max_host_cores = 0;
    std::int64_t max_host_memory = 0;
    std::set<std::pair<std::string, std::string>> sold_out;    // instance type, zone
    std::set<std::pair<std::string, std::string>> not_offered; // instance type, zone
    state::PriceTable prices;
    state::Cents per_gpu;                     // a month of a card, where `prices` does not list the type
    std::vector<state::Lifecycle> lifecycles; // presets; the first is that of accounts that name none

    // nullptr for what is not there.
    const Zone* find_zone(std::string_view name) const;
    const Image* find_image(std::string_view id) const;
    const InstanceType* find_instance_type(std::string_view name) const;
    const Host* find_host(std::string_view id) const;
    const Bundle* find_bundle(std::string_view id) const;
    const Blueprint* find_blueprint(std::string_view id) const;

    // The type of an instance on a dedicated host, which its name alone says: CDH_2C4G. nullopt for another name.
    std::optional<InstanceType> host_type(std::string_view name) const;

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

// The catalogue with what an account adds to it.
Catalog extended(const Catalog& catalog, const state::Additions& additions);

// "ap-guangzhou-3" -> "ap-guangzhou"; empty if the zone does not end in a hyphen and a number.
std::string region_of_zone(std::string_view zone);

// Whether the API knows a region of this name, with or without the actions of this server.
bool is_region(std::string_view name);

} // namespace cvm::api
