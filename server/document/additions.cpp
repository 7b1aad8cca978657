#include "server/document/additions.hpp"

#include "server/api/catalog.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <set>

namespace cvm {

namespace json = boost::json;

using namespace members;
using state::Additions;
using state::Host;
using state::Image;
using state::InstanceType;
using state::Role;
using state::Zone;

namespace {

constexpr std::string_view public_image = "PUBLIC_IMAGE";

json::value or_null(const auto& value) { return value ? json::value(*value) : json::value(nullptr); }

InstanceType read_type(const json::object& o)
{
    InstanceType type;
    type.name = text(o, "InstanceType", "");
    type.family = type.name.substr(0, type.name.find('.'));
    type.description = text(o, "TypeName", type.family);
    type.cpu = integer(o, "Cpu", 1);
    type.memory_gib = integer(o, "Memory", 1);
    type.gpu = integer(o, "Gpu", 0);
    type.gpu_type = text(o, "GPUType", "");
    type.architecture = text(o, "Architecture", type.architecture);
    type.cpu_type = text(o, "CpuType", "");
    type.frequency = text(o, "Frequency", "");
    if (const json::value* bandwidth = find_non_null(o, "InstanceBandwidth"))
        type.bandwidth_gbps = bandwidth->to_number<double>();
    type.pps = integer(o, "InstancePps", 0);
    if (const json::value* price = find_non_null(o, "Price"))
        type.month = state::Cents{price->to_number<std::int64_t>()};
    return type;
}

json::object write_type(const InstanceType& type)
{
    json::object o{{"InstanceType", type.name},
                   {"TypeName", type.description},
                   {"Cpu", type.cpu},
                   {"Memory", type.memory_gib},
                   {"Gpu", type.gpu},
                   {"GPUType", type.gpu_type},
                   {"Architecture", type.architecture},
                   {"CpuType", type.cpu_type},
                   {"Frequency", type.frequency},
                   {"InstanceBandwidth", type.bandwidth_gbps},
                   {"InstancePps", type.pps}};
    if (type.month)
        o["Price"] = type.month->value;
    return o;
}

Image read_image(const json::object& o, const JsonPath& place, const std::string& uin, state::Instant now)
{
    Image image;
    image.id = text(o, "ImageId", "");
    image.name = text(o, "ImageName", image.id);
    image.os_name = text(o, "OsName", "");
    image.type = text(o, "ImageType", "PRIVATE_IMAGE");
    const bool shared_by_vendor = image.type == public_image;
    image.created_at = maybe_time(o, "CreatedTime", place, now);
    image.description = text(o, "ImageDescription", shared_by_vendor ? image.name : "");
    image.source = text(o, "ImageSource", shared_by_vendor ? "OFFICIAL" : "CREATE_IMAGE");
    image.creator = text(o, "ImageCreator", shared_by_vendor ? "tencent" : uin);
    image.state = text(o, "ImageState", image.state);
    image.format = text(o, "ImageFormat", image.format);
    image.architecture = text(o, "Architecture", image.architecture);
    image.platform = text(o, "Platform", "");
    image.size_gib = integer(o, "ImageSize", image.size_gib);
    image.license_type = text(o, "LicenseType", image.license_type);
    if (const json::value* family = find_non_null(o, "ImageFamily"))
        image.family = family->as_string();
    if (find_non_null(o, "SnapshotSet") != nullptr) {
        image.snapshots.emplace();
        for (const json::value& v : list(o, "SnapshotSet"))
            image.snapshots->push_back({text(v.as_object(), "SnapshotId", ""),
                                        text(v.as_object(), "DiskUsage", "SYSTEM_DISK"),
                                        integer(v.as_object(), "DiskSize", image.size_gib)});
    }
    for (const json::value& v : list(o, "Tags"))
        image.tags.push_back({text(v.as_object(), "Key", ""), text(v.as_object(), "Value", "")});
    return image;
}

json::object write_image(const Image& image)
{
    json::object o{{"ImageId", image.id},
                   {"ImageName", image.name},
                   {"OsName", image.os_name},
                   {"ImageType", image.type},
                   {"CreatedTime", image.created_at ? json::value(state::format_instant(*image.created_at)) : nullptr},
                   {"ImageDescription", image.description},
                   {"ImageSource", image.source},
                   {"ImageCreator", image.creator},
                   {"ImageState", image.state},
                   {"ImageFormat", image.format},
                   {"Architecture", image.architecture},
                   {"Platform", image.platform},
                   {"ImageSize", image.size_gib},
                   {"LicenseType", image.license_type},
                   {"ImageFamily", or_null(image.family)}};
    if (image.snapshots) {
        json::array snapshots;
        for (const state::Snapshot& s : *image.snapshots)
            snapshots.push_back(json::object{{"SnapshotId", s.id}, {"DiskUsage", s.usage}, {"DiskSize", s.size_gib}});
        o["SnapshotSet"] = std::move(snapshots);
    }
    json::array tags;
    for (const state::KeyValue& tag : image.tags)
        tags.push_back(json::object{{"Key", tag.key}, {"Value", tag.value}});
    o["Tags"] = std::move(tags);
    return o;
}

// The vendor's zone ids: the number of the region and two digits for the zone.
std::string default_zone_id(const Zone& zone)
{
    const auto& known = api::built_in_catalog().zones;
    const auto neighbour = std::ranges::find(known, zone.region, &Zone::region);
    const std::string number = zone.name.substr(zone.region.size() + 1);
    const std::string digits = number.size() < 2 ? "0" + number : number;
    return neighbour->id.substr(0, neighbour->id.size() - 2) + digits;
}

Zone read_zone(const json::object& o, const JsonPath& place)
{
    Zone zone;
    zone.name = text(o, "Zone", "");
    zone.region = api::region_of_zone(zone.name);
    if (!api::built_in_catalog().cvm_regions.contains(zone.region))
        place.member("Zone").fail("'" + zone.name + "' is not a zone of a known region, such as ap-guangzhou-9");
    zone.id = text(o, "ZoneId", default_zone_id(zone));
    zone.names.en = zone.names.zh = text(o, "ZoneName", zone.name);
    zone.available = text(o, "ZoneState", "AVAILABLE") == "AVAILABLE";
    return zone;
}

json::object write_zone(const Zone& zone)
{
    return {{"Zone", zone.name},
            {"ZoneId", zone.id},
            {"ZoneName", zone.names.en},
            {"ZoneState", zone.available ? "AVAILABLE" : "UNAVAILABLE"}};
}

Role read_role(const json::object& o)
{
    Role role;
    role.name = text(o, "RoleName", "");
    role.id = text(o, "RoleId", state::default_role_id(role.name));
    if (find_non_null(o, "Actions") != nullptr)
        role.allowed = texts(o, "Actions");
    return role;
}

json::object write_role(const Role& role)
{
    return {{"RoleName", role.name},
            {"RoleId", role.id},
            {"Actions", json::array(role.allowed.begin(), role.allowed.end())}};
}

Host read_host(const json::object& o, const JsonPath& place, state::Instant now)
{
    Host host;
    host.id = text(o, "HostId", "");
    host.zone = text(o, "Zone", "");
    host.name = text(o, "HostName", "");
    host.type = text(o, "HostType", host.type);
    host.project_id = integer(o, "ProjectId", 0);
    host.charge_type = word(o, "HostChargeType", host.charge_type);
    host.created_at = time_or(o, "CreatedTime", "-P0D", place, now);
    const bool prepaid = host.charge_type == state::ChargeType::prepaid;
    for (const std::string_view member : {"RenewFlag", "ExpiredTime"})
        if (!prepaid && find_non_null(o, member) != nullptr)
            place.member(member).fail("must be left out: the host is not PREPAID");
    if (prepaid) {
        host.renew_flag = word(o, "RenewFlag", state::RenewFlag::notify_and_manual_renew);
        host.expires_at = time_or(o, "ExpiredTime", "+P1M", place, now);
    }
    host.cpu = integer(o, "CpuTotal", host.cpu);
    host.memory_gib = integer(o, "MemTotal", host.memory_gib);
    host.disk_gib = integer(o, "DiskTotal", 0);
    host.disk_type = text(o, "DiskType", "");
    if (const json::value* price = find_non_null(o, "Price"))
        host.month = state::Cents{price->to_number<std::int64_t>()};
    for (const json::value& v : list(o, "Tags"))
        host.tags.push_back({text(v.as_object(), "Key", ""), text(v.as_object(), "Value", "")});
    return host;
}

json::object write_host(const Host& host)
{
    json::object o{{"HostId", host.id},
                   {"Zone", host.zone},
                   {"HostName", host.name},
                   {"HostType", host.type},
                   {"ProjectId", host.project_id},
                   {"HostChargeType", name(host.charge_type)},
                   {"CreatedTime", state::format_instant(host.created_at)},
                   {"CpuTotal", host.cpu},
                   {"MemTotal", host.memory_gib},
                   {"DiskTotal", host.disk_gib},
                   {"DiskType", host.disk_type}};
    if (host.renew_flag)
        o["RenewFlag"] = name(*host.renew_flag);
    if (host.expires_at)
        o["ExpiredTime"] = state::format_instant(*host.expires_at);
    if (host.month)
        o["Price"] = host.month->value;
    json::array tags;
    for (const state::KeyValue& tag : host.tags)
        tags.push_back(json::object{{"Key", tag.key}, {"Value", tag.value}});
    o["Tags"] = std::move(tags);
    return o;
}

// Calls `read_item` with each object of the list and its place. Throws for the second item with the same key.
template <class T>
std::vector<T> read_list(const json::object& account, const JsonPath& place, std::string_view name, std::string T::*key,
                         auto read_item)
{
    std::vector<T> items;
    std::set<std::string> seen;
    for (const json::value& v : list(account, name)) {
        const JsonPath where = place.member(name).item(items.size());
        items.push_back(read_item(v.as_object(), where));
        if (!seen.insert(items.back().*key).second)
            where.fail("'" + items.back().*key + "' appears twice");
    }
    return items;
}

template <class T>
void write_list(json::object& account, std::string_view name, const std::vector<T>& items, auto write_item)
{
    if (items.empty())
        return;
    json::array written;
    for (const T& item : items)
        written.push_back(write_item(item));
    account[name] = std::move(written);
}

// The zone of a host must be known or added by the account.
void check_hosts(const Additions& additions, const JsonPath& place)
{
    for (std::size_t i = 0; i < additions.hosts.size(); ++i) {
        const std::string& zone = additions.hosts[i].zone;
        if (api::built_in_catalog().find_zone(zone) == nullptr &&
            std::ranges::count(additions.zones, zone, &Zone::name) == 0)
            place.member("Hosts").item(i).member("Zone").fail("there is no zone '" + zone +
                                                              "'; add it under \"Zones\"");
    }
}

} // namespace

Additions read_additions(const json::object& account, const JsonPath& place, const std::string& uin, state::Instant now)
{
    Additions additions;
    additions.types = read_list(account, place, "Types", &InstanceType::name,
                                [](const json::object& o, const JsonPath&) { return read_type(o); });
    additions.images =
        read_list(account, place, "Images", &Image::id,
                  [&](const json::object& o, const JsonPath& where) { return read_image(o, where, uin, now); });
    additions.zones = read_list(account, place, "Zones", &Zone::name, read_zone);
    additions.hosts = read_list(account, place, "Hosts", &Host::id,
                                [&](const json::object& o, const JsonPath& where) { return read_host(o, where, now); });
    check_hosts(additions, place);
    additions.roles = read_list(account, place, "Roles", &Role::name,
                                [](const json::object& o, const JsonPath&) { return read_role(o); });
    for (std::size_t i = 0; i < additions.roles.size(); ++i)
        if (std::ranges::count(additions.roles, additions.roles[i].id, &Role::id) > 1)
            place.member("Roles").item(i).fail("'" + additions.roles[i].id + "' is the id of another role too");
    return additions;
}

void write_additions(const Additions& additions, json::object& account)
{
    write_list(account, "Types", additions.types, write_type);
    write_list(account, "Images", additions.images, write_image);
    write_list(account, "Zones", additions.zones, write_zone);
    write_list(account, "Roles", additions.roles, write_role);
    write_list(account, "Hosts", additions.hosts, write_host);
}

} // namespace cvm
