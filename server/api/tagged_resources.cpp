#include "server/api/tagged_resources.hpp"

#include "server/api/each_instance.hpp"
#include "server/api/persist.hpp"
#include "state/model/lighthouse.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <set>
#include <tuple>

namespace cvm::api {

namespace {

// A resource with its sort key.
struct Found {
    TaggedResource resource;
    int kind; // instances before disks before others
    state::Instant created_at;
    std::string id;
};

std::vector<TaggedResource> in_order(std::vector<Found> found)
{
    std::ranges::stable_sort(found, {}, [](const Found& f) { return std::tie(f.kind, f.created_at, f.id); });
    std::vector<TaggedResource> resources;
    for (Found& f : found)
        if (!f.resource.tags.empty())
            resources.push_back(std::move(f.resource));
    return resources;
}

std::optional<state::Instance> find_instance(const Context& context, const ResourceName& name)
{
    auto instance = context.store.find_instance(context.call.account.uin, name.instance_id());
    if (instance && (instance->region != name.region || !name.may_belong_to(context.call.account.uin)))
        return std::nullopt;
    return instance;
}

std::optional<state::PlacedDisk> find_disk(const Context& context, const ResourceName& name)
{
    auto disk = context.store.find_disk(context.call.account.uin, name.disk_id());
    if (disk && (disk->region != name.region || !name.may_belong_to(context.call.account.uin)))
        return std::nullopt;
    return disk;
}

Found found_instance(const state::Instance& instance, ResourceName name)
{
    return {{std::move(name), instance.attributes.tags}, 0, instance.created_at, instance.id};
}

Found found_disk(const state::PlacedDisk& placed, ResourceName name)
{
    return {{std::move(name), placed.disk.tags}, 1, placed.created_at, placed.disk.id};
}

Found found_other(const state::ResourceTags& tagged, std::string_view uin)
{
    return {{parse_resource_name(tagged.resource, uin).value(), tagged.tags}, 2, {}, {}};
}

} // namespace

std::optional<std::vector<state::KeyValue>> find_tags(const Context& context, const ResourceName& name)
{
    if (!name.instance_id().empty()) {
        auto instance = find_instance(context, name);
        return instance ? std::optional{std::move(instance->attributes.tags)} : std::nullopt;
    }
    if (!name.disk_id().empty()) {
        auto placed = find_disk(context, name);
        return placed ? std::optional{std::move(placed->disk.tags)} : std::nullopt;
    }
    if (!name.may_belong_to(context.call.account.uin))
        return std::nullopt;
    auto tagged = context.store.find_resource_tags(context.call.account.uin, name.text());
    return tagged ? std::move(tagged->tags) : std::vector<state::KeyValue>{};
}

void save_tags(const Context& context, const ResourceName& name, std::vector<state::KeyValue> tags)
{
    if (!name.instance_id().empty()) {
        auto instance = find_instance(context, name).value();
        instance.attributes.tags = std::move(tags);
        save(context, instance);
    } else if (!name.disk_id().empty()) {
        auto placed = find_disk(context, name).value();
        placed.disk.tags = std::move(tags);
        save(context, placed);
    } else {
        context.store.save_resource_tags(context.call.account.uin, {name.text(), std::move(tags)});
    }
}

std::vector<TaggedResource> tagged_resources(const Context& context)
{
    const std::string& uin = context.call.account.uin;
    std::vector<Found> found;
    const auto keep = [&](const state::Instance& instance) {
        if (!instance.attributes.tags.empty())
            found.push_back(found_instance(instance, instance_name(instance.region, uin, instance.id)));
    };
    for (const auto* regions : {&context.catalog.cvm_regions, &context.catalog.other_regions})
        for (const std::string& region : *regions)
            for (const std::string& scope : {region, state::lighthouse_scope(region)})
                for_each_instance(context.store, uin, scope, keep);
    for (const state::PlacedDisk& placed : context.store.list_disks(uin))
        if (!placed.disk.tags.empty())
            found.push_back(found_disk(placed, disk_name(placed.region, uin, placed.disk.id)));
    for (const state::ResourceTags& tagged : context.store.list_resource_tags(uin))
        found.push_back(found_other(tagged, uin));
    return in_order(std::move(found));
}

std::vector<TaggedResource> tagged_resources(const Context& context, std::span<const ResourceName> names)
{
    const std::string& uin = context.call.account.uin;
    std::vector<Found> found;
    std::set<std::string> seen;
    bool others = false;
    for (const ResourceName& name : names) {
        if (!seen.insert(name.text()).second)
            continue;
        if (!name.instance_id().empty()) {
            if (const auto instance = find_instance(context, name))
                found.push_back(found_instance(*instance, name));
        } else if (!name.disk_id().empty()) {
            if (const auto placed = find_disk(context, name))
                found.push_back(found_disk(*placed, name));
        } else {
            others = true;
        }
    }
    if (others)
        for (const state::ResourceTags& tagged : context.store.list_resource_tags(uin))
            if (seen.contains(tagged.resource))
                found.push_back(found_other(tagged, uin));
    return in_order(std::move(found));
}

void set_tags(std::vector<state::KeyValue>& tags, std::span<const state::KeyValue> given, bool of_instance)
{
    for (const state::KeyValue& tag : given) {
        const auto known = std::ranges::find(tags, tag.key, &state::KeyValue::key);
        if (known != tags.end() && (of_instance || *known == tag)) {
            known->value = tag.value;
            continue;
        }
        if (known != tags.end())
            tags.erase(known);
        const auto place =
            of_instance ? std::ranges::find_if(tags, [&](const auto& t) { return t.key > tag.key; }) : tags.begin();
        tags.insert(place, tag);
    }
}

std::optional<Error> change_tags(const Context& context, const ResourceName& name, const TagChange& change)
{
    const auto before = find_tags(context, name);
    if (!before)
        return error(Errc::invalid_parameter_value_resource_description_error, name.text());
    auto tags = *before;
    std::erase_if(tags, [&](const state::KeyValue& tag) {
        return std::ranges::find(change.removed, tag.key) != change.removed.end();
    });
    set_tags(tags, change.set, !name.instance_id().empty());
    if (tags.size() > max_tags_of_resource && tags.size() > before->size())
        return error(Errc::limit_exceeded_resource_attached_tags, name.text(), std::to_string(max_tags_of_resource));
    if (tags != *before)
        save_tags(context, name, std::move(tags));
    return std::nullopt;
}

Result<std::vector<ResourceName>> read_resource_list(const Context& context, const Params& params)
{
    const auto given = params.strings("ResourceList");
    if (given.size() > max_resources_of_call)
        return error(Errc::limit_exceeded_resource_num_per_request, std::to_string(max_resources_of_call));
    std::vector<ResourceName> names;
    for (const std::string& text : given) {
        auto name = parse_resource_name(text, context.call.account.uin);
        if (!name)
            return error(Errc::invalid_parameter_value_resource_description_error, text);
        names.push_back(*std::move(name));
    }
    return names;
}

boost::json::object change_all_tags(const Context& context, std::span<const ResourceName> names,
                                    const TagChange& change)
{
    boost::json::array failed;
    for (const ResourceName& name : names)
        if (const auto problem = change_tags(context, name, change))
            failed.push_back(boost::json::object{{"Resource", name.text()},
                                                 {"Code", code_of(problem->code)},
                                                 {"Message", message(*problem, context.call.language)}});
    return {{"FailedResources", std::move(failed)}};
}

} // namespace cvm::api
