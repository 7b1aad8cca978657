#include "server/api/network_checks.hpp"

#include "server/api/each_instance.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/tag_checks.hpp"
#include "server/api/tagged_resources.hpp"
#include "server/base/text.hpp"
#include "state/rules/addressing.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace cvm::api {

namespace {

Errc code_of_network_tag(TagFlaw flaw)
{
    switch (flaw) {
    case TagFlaw::reserved:
        return Errc::unsupported_operation_tag_system_reserved_tag_key;
    case TagFlaw::empty:
    case TagFlaw::too_long:
        return Errc::invalid_parameter_value_tag_invalid_key_len;
    case TagFlaw::bad_character:
        return Errc::invalid_parameter_value_tag_invalid_key;
    }
    throw std::logic_error{"TagFlaw out of range"};
}

// The network that the store has found, if any; an error if it is in another region.
template <class T>
Result<T> here(const Context& context, std::optional<T> found, const std::string& id, Errc missing)
{
    if (!found || found->region != context.call.region)
        return error(missing, id);
    return *std::move(found);
}

std::vector<std::uint32_t> addresses_of(const state::Instance& instance)
{
    std::vector<std::uint32_t> addresses;
    for (const std::string& text : instance.attributes.private_ip_addresses)
        if (const auto address = state::parse_ipv4(text))
            addresses.push_back(*address);
    return addresses;
}

constexpr state::Page everything{.offset = 0, .limit = std::numeric_limits<std::int64_t>::max()};

} // namespace

std::optional<bool> read_switch(const Params& params, std::string_view name)
{
    const auto word = params.string(name);
    return word ? std::optional{*word == "true" || *word == "TRUE"} : std::nullopt;
}

Result<std::vector<state::KeyValue>> read_network_tags(const Params& params)
{
    std::vector<state::KeyValue> tags;
    std::set<std::string> keys;
    for (const Params& tag : params.objects("Tags")) {
        state::KeyValue pair{tag.string("Key").value(), tag.string("Value").value_or("")};
        if (const auto flaw = flaw_of_tag_key(pair.key))
            return error(code_of_network_tag(*flaw), pair.key);
        if (flaw_of_tag_value(pair.value))
            return error(Errc::invalid_parameter_value_tag_invalid_val, pair.value);
        if (!keys.insert(pair.key).second)
            return error(Errc::invalid_parameter_value_tag_duplicate_key, pair.key);
        tags.push_back(std::move(pair));
    }
    if (tags.size() > max_tags_of_resource)
        return error(Errc::limit_exceeded_tag_key_per_resource_exceeded);
    return tags;
}

ResourceName network_name(const Call& call, std::string_view id)
{
    const std::string kind{id.substr(0, id.find('-'))};
    return {.service = kind == "sg" ? "cvm" : "vpc",
            .region = std::string{call.region},
            .account = "uin/" + call.account.uin,
            .resource = kind + "/" + std::string{id}};
}

std::string unused_network_id(state::Store& store, state::Account& account, std::string_view prefix)
{
    for (;;) {
        auto id = state::next_resource_id(account, prefix);
        state::NetworkStore& networks = store.networks();
        if (!networks.find_vpc(account.uin, id) && !networks.find_subnet(account.uin, id) &&
            !networks.find_security_group(account.uin, id))
            return id;
    }
}

std::optional<Error> check_dhcp(const Params& params)
{
    for (const std::string& server : params.strings("DnsServers"))
        if (!state::parse_ipv4(server))
            return error(Errc::invalid_parameter_value_malformed, server, "DnsServers");
    const std::string domain = params.string("DomainName").value_or("");
    return check_length(domain, characters(domain), max_domain_name);
}

std::optional<Error> check_length(const std::string& name, std::size_t length, std::size_t most)
{
    if (length > most)
        return error(Errc::invalid_parameter_value_too_long, name);
    return std::nullopt;
}

Result<state::Vpc> load_vpc(const Context& context, const std::string& id)
{
    if (!well_formed_id(id, "vpc"))
        return error(Errc::invalid_parameter_value_malformed, id, "VpcId");
    return here(context, context.store.networks().find_vpc(context.call.account.uin, id), id, Errc::resource_not_found);
}

Result<state::Subnet> load_subnet(const Context& context, const std::string& id)
{
    if (!well_formed_id(id, "subnet"))
        return error(Errc::invalid_parameter_value_malformed, id, "SubnetId");
    return here(context, context.store.networks().find_subnet(context.call.account.uin, id), id,
                Errc::resource_not_found);
}

Result<state::SecurityGroup> load_security_group(const Context& context, const std::string& id)
{
    if (!well_formed_id(id, "sg")) {
        if (documented(context.action, Errc::invalid_security_group_id_of_vpc_malformed))
            return error(Errc::invalid_security_group_id_of_vpc_malformed, id);
        return error(Errc::invalid_parameter_value_malformed, id, "SecurityGroupId");
    }
    const bool own = documented(context.action, Errc::invalid_security_group_id_of_vpc_notfound);
    return here(context, context.store.networks().find_security_group(context.call.account.uin, id), id,
                own ? Errc::invalid_security_group_id_of_vpc_notfound : Errc::resource_not_found);
}

bool is_used(const Context& context, state::InstanceMember member, const std::string& id)
{
    const std::array conditions{state::InstanceCondition{member, {id}}};
    return context.store
               .select_instances(context.call.account.uin, context.call.region, conditions, {.offset = 0, .limit = 1})
               .total > 0;
}

std::map<std::string, std::int64_t, std::less<>> used_addresses(const Context& context)
{
    std::map<std::string, std::int64_t, std::less<>> used;
    for_each_instance(context.store, context.call.account.uin, context.call.region, [&](const state::Instance& i) {
        if (const auto& subnet = i.attributes.virtual_private_cloud.subnet_id)
            used[*subnet] += std::ssize(addresses_of(i));
    });
    return used;
}

Result<std::optional<state::Subnet>> choose_subnet(const Context& context, const std::string& vpc_id,
                                                   const std::string& subnet_id, std::string_view zone)
{
    const std::string& uin = context.call.account.uin;
    auto subnet = context.store.networks().find_subnet(uin, subnet_id);
    if (subnet && subnet->region != context.call.region)
        subnet.reset();
    if (context.call.strict_network && vpc_id != "DEFAULT") {
        const auto vpc = context.store.networks().find_vpc(uin, vpc_id);
        if (!vpc || vpc->region != context.call.region)
            return error(Errc::invalid_parameter_value_vpc_id_not_exist, vpc_id);
    }
    if (context.call.strict_network && subnet_id != "DEFAULT" && !subnet)
        return error(Errc::invalid_parameter_value_subnet_not_exist, subnet_id);
    if (subnet && subnet->vpc_id != vpc_id)
        return error(Errc::invalid_parameter_value_vpc_id_subnet_id_not_match, vpc_id, subnet_id);
    if (subnet && subnet->zone != zone)
        return error(Errc::invalid_parameter_value_subnet_id_zone_id_not_match, subnet_id, std::string{zone});
    return subnet;
}

std::optional<Error> check_groups_exist(const Context& context, std::span<const std::string> ids)
{
    if (!context.call.strict_network)
        return std::nullopt;
    for (const std::string& id : ids) {
        const auto group = context.store.networks().find_security_group(context.call.account.uin, id);
        if (!group || group->region != context.call.region)
            return error(Errc::invalid_security_group_id_not_found, id);
    }
    return std::nullopt;
}

Result<std::vector<std::string>> take_addresses(const Context& context, const state::Subnet& subnet,
                                                std::span<const std::string> given, std::int64_t count)
{
    const std::array conditions{state::InstanceCondition{state::InstanceMember::subnet_id, {subnet.id}}};
    std::vector<std::uint32_t> used;
    for (const state::Instance& instance :
         context.store.select_instances(context.call.account.uin, context.call.region, conditions, everything)
             .instances)
        std::ranges::copy(addresses_of(instance), std::back_inserter(used));
    std::vector<std::string> taken;
    if (given.empty()) {
        const auto free = state::free_addresses(subnet.cidr, std::move(used), count);
        if (!free)
            return error(Errc::failed_operation_no_available_ip_address_count_in_subnet, subnet.id);
        std::ranges::transform(*free, std::back_inserter(taken), state::ipv4_text);
        return taken;
    }
    for (const std::string& text : given) {
        const auto address = state::parse_ipv4(text);
        if (!address || !state::is_usable(subnet.cidr, *address))
            return error(Errc::vpc_addr_not_in_sub_net, text, subnet.id);
        if (std::ranges::find(used, *address) != used.end())
            return error(Errc::vpc_ip_is_used, text);
        used.push_back(*address);
        taken.push_back(text);
    }
    return taken;
}

} // namespace cvm::api
