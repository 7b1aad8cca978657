#pragma once

#include "server/api/action.hpp"
#include "server/api/resource_name.hpp"

#include <boost/json/array.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The tags of an account's resources, wherever they are kept: those of instances and disks with these, those of all
// other resources by their names (state::ResourceTags).

namespace cvm::api {

struct TaggedResource {
    ResourceName name;
    std::vector<state::KeyValue> tags;
};

// The tags of a resource. Of an instance or a disk that is not in that region of the account nullopt; of any other
// resource, of which nothing is known, at least an empty list.
std::optional<std::vector<state::KeyValue>> find_tags(const Context& context, const ResourceName& name);

// Puts other tags in their place. The resource must be there, as find_tags() tells.
void save_tags(const Context& context, const ResourceName& name, std::vector<state::KeyValue> tags);

// The resources that have tags, of all regions or those that are named: first instances, then disks, each the oldest
// first, then the others, those first that were tagged first. A recording of 2022 shows three load balancers in another
// order than the request's, the one that was tagged last as the last; that the order is that of tagging is inferred,
// that it is that of age here is assumed.
std::vector<TaggedResource> tagged_resources(const Context& context);
std::vector<TaggedResource> tagged_resources(const Context& context, std::span<const ResourceName> names);

// Tags that one resource can have (assumed from the vendor's limits for tags).
inline constexpr std::size_t max_tags_of_resource = 50;

// Resources and tags that one call can change (documented).
inline constexpr std::size_t max_resources_of_call = 10;
inline constexpr std::size_t max_tags_of_call = 10;

// Adds tags, or changes the values of those whose keys are there. Those of an instance stand by the bytes of their
// keys, as the real DescribeInstances shows them; of any other resource new and changed ones come to the front, as the
// real GetResources shows those of a disk (both from recordings of cloud-custodian, 2022).
void set_tags(std::vector<state::KeyValue>& tags, std::span<const state::KeyValue> given, bool of_instance);

// What a call does to the tags of a resource.
struct TagChange {
    std::vector<state::KeyValue> set;
    std::vector<std::string> removed; // keys; those that are not there are passed over
};

// Makes the change and saves it. InvalidParameterValue.ResourceDescriptionError for a resource that is not there or of
// another account, LimitExceeded.ResourceAttachedTags for one that would have too many tags; then nothing is changed.
std::optional<Error> change_tags(const Context& context, const ResourceName& name, const TagChange& change);

// ResourceList. InvalidParameterValue.ResourceDescriptionError for what is no name of a resource,
// LimitExceeded.ResourceNumPerRequest for too many.
Result<std::vector<ResourceName>> read_resource_list(const Context& context, const Params& params);

// Changes each of the resources and answers with FailedResources: those that change_tags() refuses, with its code.
boost::json::object change_all_tags(const Context& context, std::span<const ResourceName> names,
                                    const TagChange& change);

} // namespace cvm::api
