#pragma once

#include "server/api/action.hpp"
#include "server/api/resource_name.hpp"

#include <boost/json/array.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The tags of an account's resources, wherever they are stored: those of instances and disks in their own records,
// those of all other resources by name (state::ResourceTags).

namespace cvm::api {

struct TaggedResource {
    ResourceName name;
    std::vector<state::KeyValue> tags;
};

// The tags of a resource. nullopt for an instance or a disk that does not exist in that region of the account. Any
// other resource is treated as existing; its list may be empty.
std::optional<std::vector<state::KeyValue>> find_tags(const Context& context, const ResourceName& name);

// Replaces the tags of a resource. find_tags() must find it.
void save_tags(const Context& context, const ResourceName& name, std::vector<state::KeyValue> tags);

// The resources with tags, in all regions or of the given names: first instances, then disks, each oldest first, then
// the others, ordered by when they were first tagged. A recording of 2022 shows three load balancers in another order
// than in the request, with the one tagged last as the last; that the order is that of tagging is inferred, that it is
// by age for instances and disks is assumed.
std::vector<TaggedResource> tagged_resources(const Context& context);
std::vector<TaggedResource> tagged_resources(const Context& context, std::span<const ResourceName> names);

// The maximum number of tags of one resource (assumed from the vendor's limits for tags).
inline constexpr std::size_t max_tags_of_resource = 50;

// The maximum number of resources and tags that one call can change (documented).
inline constexpr std::size_t max_resources_of_call = 10;
inline constexpr std::size_t max_tags_of_call = 10;

// Adds tags, or changes the values of existing keys. The tags of an instance are sorted by the bytes of their keys, as
// in the real DescribeInstances; for any other resource, new and changed tags move to the front, as the real
// GetResources shows for a disk (both from recordings of cloud-custodian, 2022).
void set_tags(std::vector<state::KeyValue>& tags, std::span<const state::KeyValue> given, bool of_instance);

// A change of a resource's tags.
struct TagChange {
    std::vector<state::KeyValue> set;
    std::vector<std::string> removed; // keys; unknown ones are ignored
};

// Makes the change and saves it. InvalidParameterValue.ResourceDescriptionError for a resource that does not exist or
// belongs to another account, LimitExceeded.ResourceAttachedTags if it would have too many tags; on an error nothing is
// changed.
std::optional<Error> change_tags(const Context& context, const ResourceName& name, const TagChange& change);

// Reads ResourceList. InvalidParameterValue.ResourceDescriptionError for an invalid resource name,
// LimitExceeded.ResourceNumPerRequest for too many.
Result<std::vector<ResourceName>> read_resource_list(const Context& context, const Params& params);

// Changes each of the resources and returns FailedResources: those that change_tags() refuses, with its code.
boost::json::object change_all_tags(const Context& context, std::span<const ResourceName> names,
                                    const TagChange& change);

} // namespace cvm::api
