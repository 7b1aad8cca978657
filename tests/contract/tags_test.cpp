// A tag that is written is seen by everything that reads tags of instances and disks, by name and by filter.

#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cvm;
namespace json = boost::json;

namespace {

test::Call tag(const std::string& action, const json::object& params)
{
    return {.action = action, .params = params, .version = "2018-08-13", .service = "tag"};
}

// A tagged resource, and how it is named and listed.
struct Thing {
    std::string id;
    std::string prefix; // ResourcePrefix
    std::string lister; // the action that lists such resources
    std::string set;    // the list in its answer
    std::string member; // the id in an item of that list

    std::string name() const { return "qcs::cvm:ap-guangzhou:uin/100000000001:" + prefix + "/" + id; }
};

const Thing instance{"ins-r8hr2upy", "instance", "DescribeInstances", "InstanceSet", "InstanceId"};
const Thing disk{"disk-5d8a23r1", "volume", "DescribeDisks", "DiskSet", "DiskId"};

std::vector<std::string> members(const json::object& answer, const std::string& list, const std::string& member)
{
    std::vector<std::string> found;
    const auto* items = answer.if_contains(list);
    REQUIRE(items != nullptr);
    for (const json::value& item : items->as_array())
        found.emplace_back(item.at(member).as_string());
    return found;
}

// Checks that everything that reads tags finds the pair on the resource, and on nothing else.
void check_seen(test::Emulator& emulator, const Thing& thing, const std::string& key, const std::string& value)
{
    const std::vector<std::string> only{thing.id};
    const json::object by_id{{"ServiceType", "cvm"},
                             {"ResourcePrefix", thing.prefix},
                             {"ResourceRegion", "ap-guangzhou"},
                             {"ResourceIds", json::array{thing.id}}};
    for (const char* action : {"DescribeResourceTagsByResourceIds", "DescribeResourceTagsByResourceIdsSeq"})
        CHECK(members(emulator.response(tag(action, by_id)), "Tags", "TagValue") == std::vector{value});
    CHECK(members(emulator.response(tag("DescribeResourceTags", {{"ResourceId", thing.id}})), "Rows", "TagKey") ==
          std::vector{key});
    CHECK(members(emulator.response(tag(
                      "GetResources",
                      {{"TagFilters", json::array{json::object{{"TagKey", key}, {"TagValue", json::array{value}}}}}})),
                  "ResourceTagMappingList", "Resource") == std::vector{thing.name()});
    for (const auto& [name, wanted] :
         {std::pair{std::string{"tag-key"}, key}, {std::string{"tag-value"}, value}, {"tag:" + key, value}}) {
        CAPTURE(name);
        const json::object filter{{"Name", name}, {"Values", json::array{wanted}}};
        CHECK(members(emulator.response({.action = thing.lister, .params = {{"Filters", json::array{filter}}}}),
                      thing.set, thing.member) == only);
    }
    const json::object keys = emulator.response(tag("GetTagKeys", {}));
    CHECK(json::serialize(keys.at("TagKeys")).find("\"" + key + "\"") != std::string::npos);
    CHECK(members(emulator.response(tag("GetTagValues", {{"TagKeys", json::array{key}}})), "Tags", "TagValue") ==
          std::vector{value});
}

} // namespace

TEST_CASE("what is tagged is found by its tag, instances and disks alike")
{
    for (const Thing& thing : {instance, disk}) {
        CAPTURE(thing.id);
        test::Emulator emulator;
        REQUIRE(emulator.code(tag("TagResources",
                                  {{"ResourceList", json::array{thing.name()}},
                                   {"Tags", json::array{json::object{{"TagKey", "owner"}, {"TagValue", "me"}}}}})) ==
                "OK");
        check_seen(emulator, thing, "owner", "me");
        REQUIRE(
            emulator.code(tag("ModifyResourceTags",
                              {{"Resource", thing.name()},
                               {"ReplaceTags", json::array{json::object{{"TagKey", "keeper"}, {"TagValue", "you"}}}},
                               {"DeleteTags", json::array{json::object{{"TagKey", "owner"}}}}})) == "OK");
        check_seen(emulator, thing, "keeper", "you");
        REQUIRE(emulator.code(tag("UnTagResources", {{"ResourceList", json::array{thing.name()}},
                                                     {"TagKeys", json::array{"keeper"}}})) == "OK");
        CHECK(emulator.response(tag("DescribeResourceTags", {{"ResourceId", thing.id}})).at("TotalCount").as_int64() ==
              0);
    }
}

TEST_CASE("the pages of GetTagKeys are those of one list")
{
    test::Emulator emulator;
    const std::vector<std::string> all =
        json::value_to<std::vector<std::string>>(emulator.response(tag("GetTagKeys", {})).at("TagKeys"));
    REQUIRE(all.size() > 1);
    std::vector<std::string> read;
    std::string token;
    do {
        const json::object page = emulator.response(tag("GetTagKeys", {{"PaginationToken", token}, {"MaxResults", 1}}));
        for (const json::value& key : page.at("TagKeys").as_array())
            read.emplace_back(key.as_string());
        token = page.at("PaginationToken").as_string();
        REQUIRE(read.size() <= all.size());
    } while (!token.empty());
    CHECK(read == all);
}
