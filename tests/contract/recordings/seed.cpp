#include "tests/contract/recordings/seed.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace cvm::test {

namespace json = boost::json;

namespace {

std::string text_of(const json::value& object, std::string_view name)
{
    return std::string{object.at(name).as_string()};
}

// "Fri, 16 Sep 2022 03:22:05 GMT"
state::Instant http_date(const std::string& text)
{
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::istringstream in{text};
    std::string weekday;
    std::string month;
    std::string time;
    int day = 0;
    int year = 0;
    in >> weekday >> day >> month >> year >> time;
    const auto number = std::ranges::find(months, month) - months.begin() + 1;
    std::ostringstream out;
    const auto two = [](auto value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    out << year << '-' << two(number) << '-' << two(day) << 'T' << time << 'Z';
    return state::parse_instant(out.str()).value();
}

json::value answer_of(const Exchange& exchange) { return json::parse(exchange.body).at("Response"); }

// Whether the exchanges belong to one series: the same action within two seconds.
bool together(const Exchange& one, const Exchange& other)
{
    return one.action == other.action && std::chrono::abs(one.at - other.at) <= std::chrono::seconds{2};
}

// The entries of a list in the answers of a series, without duplicate ids.
json::array shown(const Exchange& exchange, std::span<const Exchange> all, std::string_view list, std::string_view id)
{
    json::array entries;
    for (const Exchange& other : all) {
        if (!together(other, exchange))
            continue;
        const json::value answer = answer_of(other);
        for (const json::value& entry : answer.at(list).as_array())
            if (std::ranges::none_of(entries, [&](const json::value& known) { return known.at(id) == entry.at(id); }))
                entries.push_back(entry);
    }
    return entries;
}

json::array pairs(const json::value& tags)
{
    json::array list;
    for (const json::value& tag : tags.as_array())
        list.push_back(json::object{{"Key", tag.at("Key")}, {"Value", tag.at("Value")}});
    return list;
}

// Converts an element of InstanceSet for a state document.
json::object instance(const json::value& shown)
{
    json::object o = shown.as_object();
    o["Tags"] = pairs(shown.at("Tags"));
    if (!o.contains("OperatorUin"))
        o["OperatorUin"] = nullptr;
    json::object& internet = o["InternetAccessible"].as_object();
    if (internet.at("InternetChargeType").is_null())
        internet.erase("InternetChargeType");
    // An instance that is stopped without charge had an address, which the answer must hide.
    if (text_of(shown, "StopChargingMode") == "STOP_CHARGING")
        o["PublicIpAddresses"] = json::array{"203.0.113.1"};
    return o;
}

// Converts an element of ImageSet for a state document.
json::object image(const json::value& shown)
{
    json::object o;
    for (const std::string_view name : {"ImageId", "ImageName", "OsName", "ImageType", "CreatedTime",
                                        "ImageDescription", "ImageSource", "ImageCreator", "ImageState", "ImageFormat",
                                        "Architecture", "Platform", "ImageSize", "LicenseType", "SnapshotSet"})
        if (const json::value* member = shown.as_object().if_contains(name))
            o[name] = *member;
    o["Tags"] = pairs(shown.at("Tags"));
    return o;
}

// "2022-09-23 11:27:30", in UTC+8
json::string instant(const json::value& beijing_time)
{
    return json::string{
        state::format_instant(state::parse_beijing_time(std::string{beijing_time.as_string()}).value())};
}

// A disk of an instance, converted to that instance.
json::object instance_of_disk(const json::value& disk)
{
    return {{"InstanceId", disk.at("InstanceId")},
            {"InstanceChargeType", disk.at("DiskChargeType")},
            {"Placement", json::object{{"Zone", disk.at("Placement").at("Zone")}}},
            {"CreatedTime", instant(disk.at("CreateTime"))},
            {"SystemDisk", json::object{{"DiskId", disk.at("DiskId")},
                                        {"DiskType", disk.at("DiskType")},
                                        {"DiskSize", disk.at("DiskSize")},
                                        {"DiskName", disk.at("DiskName")},
                                        {"Tags", pairs(disk.at("Tags"))}}}};
}

json::object free_disk(const json::value& disk)
{
    return {{"DiskId", disk.at("DiskId")},
            {"DiskType", disk.at("DiskType")},
            {"DiskSize", disk.at("DiskSize")},
            {"DiskName", disk.at("DiskName")},
            {"Portable", disk.at("Portable")},
            {"DiskChargeType", disk.at("DiskChargeType")},
            {"RenewFlag", disk.at("RenewFlag")},
            {"DeadlineTime", instant(disk.at("DeadlineTime"))},
            {"Placement", json::object{{"Zone", disk.at("Placement").at("Zone")}}},
            {"CreateTime", instant(disk.at("CreateTime"))},
            {"Tags", pairs(disk.at("Tags"))}};
}

// The instances that a call names, in the state before the call.
json::array named_instances(const Exchange& exchange)
{
    json::array list;
    const json::value params = json::parse(exchange.request);
    const json::value* ids = params.as_object().if_contains("InstanceIds");
    if (ids == nullptr || !ids->is_array())
        return list;
    for (const json::value& id : ids->as_array())
        list.push_back(json::object{{"InstanceId", id},
                                    {"InstanceChargeType", "POSTPAID_BY_HOUR"},
                                    {"InstanceState", exchange.action == "StartInstances" ? "STOPPED" : "RUNNING"},
                                    {"Placement", json::object{{"Zone", exchange.region + "-1"}}}});
    return list;
}

json::array pairs_of_tag(const json::value& tags)
{
    json::array list;
    for (const json::value& tag : tags.as_array())
        list.push_back(json::object{{"Key", tag.at("TagKey")}, {"Value", tag.at("TagValue")}});
    return list;
}

// The resources of an account that the calls of tag refer to.
struct Resources {
    json::array instances;
    json::array disks;
    json::array others;

    // The first one added is the oldest.
    void add(const Exchange& exchange, const std::string& name, json::array tags)
    {
        const std::string id = name.substr(name.find_last_of(":/") + 1);
        const auto created = state::format_instant(exchange.at - std::chrono::hours{1000} +
                                                   std::chrono::seconds{instances.size() + disks.size()});
        const json::object placement{{"Zone", exchange.region + "-1"}};
        if (id.starts_with("ins-"))
            instances.push_back(json::object{{"InstanceId", id},
                                             {"InstanceChargeType", "POSTPAID_BY_HOUR"},
                                             {"CreatedTime", created},
                                             {"Placement", placement},
                                             {"Tags", std::move(tags)}});
        else if (id.starts_with("disk-"))
            disks.push_back(json::object{{"DiskId", id},
                                         {"DiskType", "CLOUD_PREMIUM"},
                                         {"DiskSize", 50},
                                         {"Portable", true},
                                         {"DiskChargeType", "POSTPAID_BY_HOUR"},
                                         {"CreateTime", created},
                                         {"Placement", placement},
                                         {"Tags", std::move(tags)}});
        else if (!tags.empty())
            others.push_back(json::object{{"Resource", name}, {"Tags", std::move(tags)}});
    }
};

// The region in resource names if the call has none.
constexpr std::string_view default_region = "ap-singapore";

Resources tagged_resources(Exchange exchange, std::span<const Exchange> all)
{
    if (exchange.region.empty())
        exchange.region = default_region;
    Resources found;
    const json::value params = json::parse(exchange.request);
    const json::value answer = answer_of(exchange);
    if (exchange.action == "GetResources")
        for (const json::value& resource : answer.at("ResourceTagMappingList").as_array())
            found.add(exchange, text_of(resource, "Resource"), pairs_of_tag(resource.at("Tags")));
    if (exchange.action == "TagResources" || exchange.action == "UnTagResources")
        for (const json::value& name : params.at("ResourceList").as_array())
            found.add(exchange, std::string{name.as_string()}, {});
    if (exchange.action == "ModifyResourceTags")
        found.add(exchange, text_of(params, "Resource"), {});
    if (exchange.action == "GetTagValues") {
        // One resource for each value, and one more if no answer is the last page.
        int number = 0;
        const auto name = [&] { return "qcs::clb:" + exchange.region + "::clb/lb-" + std::to_string(number++); };
        for (const json::value& tag : shown(exchange, all, "Tags", "TagValue"))
            found.add(exchange, name(), pairs_of_tag(json::array{tag}));
        const bool ends = std::ranges::any_of(all, [&](const Exchange& other) {
            return together(other, exchange) && answer_of(other).at("PaginationToken") == "";
        });
        if (!ends)
            found.add(exchange, name(), {json::object{{"Key", params.at("TagKeys").at(0)}, {"Value", "one more"}}});
    }
    return found;
}

// The account number in the resource names of a request or an answer; the default is that of the recordings.
std::string uin_of(const Exchange& exchange)
{
    for (const std::string& text : {exchange.request, exchange.body})
        for (const std::string_view before : {"uin/", "uin\\/"})
            if (const auto at = text.find(before); at != std::string::npos) {
                const auto begin = at + before.size();
                if (const auto end = text.find_first_not_of("0123456789", begin); end > begin)
                    return text.substr(begin, end - begin);
            }
    return "809692647752";
}

} // namespace

std::vector<Exchange> read_exchanges(const std::string& text)
{
    std::vector<Exchange> all;
    const json::value recordings = json::parse(text);
    for (const json::value& entry : recordings.at("exchanges").as_array())
        all.push_back({.action = text_of(entry, "action"),
                       .version = text_of(entry, "version"),
                       .region = entry.at("region").is_null() ? "" : text_of(entry, "region"),
                       .host = text_of(entry, "host"),
                       .request = text_of(entry, "request"),
                       .body = text_of(entry, "body"),
                       .at = http_date(text_of(entry, "recorded"))});
    return all;
}

json::object seed_of(const Exchange& exchange, std::span<const Exchange> all)
{
    json::array instances;
    json::array disks;
    json::array images;
    if (exchange.action == "DescribeInstances") {
        for (const json::value& entry : shown(exchange, all, "InstanceSet", "InstanceId"))
            instances.push_back(instance(entry));
    } else if (exchange.action == "DescribeDisks") {
        for (const json::value& entry : shown(exchange, all, "DiskSet", "DiskId"))
            if (entry.at("Attached").as_bool())
                instances.push_back(instance_of_disk(entry));
            else
                disks.push_back(free_disk(entry));
    } else if (exchange.action == "DescribeImages") {
        for (const json::value& entry : shown(exchange, all, "ImageSet", "ImageId"))
            images.push_back(image(entry));
    } else {
        instances = named_instances(exchange);
    }
    Resources tagged = tagged_resources(exchange, all);
    std::ranges::move(tagged.instances, std::back_inserter(instances));
    std::ranges::move(tagged.disks, std::back_inserter(disks));
    return {{"format_version", 1},
            {"accounts",
             json::array{json::object{{"Uin", uin_of(exchange)},
                                      {"Balance", json::object{{"Cash", 1000000}}},
                                      {"Credentials", json::array{json::object{{"SecretId", "AKIDrecordingEXAMPLE"},
                                                                               {"SecretKey", "recordingkeyEXAMPLE"}}}},
                                      {"Instances", std::move(instances)},
                                      {"Disks", std::move(disks)},
                                      {"Images", std::move(images)},
                                      {"Tags", std::move(tagged.others)}}}}};
}

} // namespace cvm::test
