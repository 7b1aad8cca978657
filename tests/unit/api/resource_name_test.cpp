#include "server/api/resource_name.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;
using api::parse_resource_name;

namespace {

// The normalised name; "none" for an invalid one.
std::string normalised(std::string_view text)
{
    const auto name = parse_resource_name(text, "100000000001");
    return name ? name->text() : "none";
}

} // namespace

TEST_CASE("a resource is named in six parts, and what its name leaves out is filled in")
{
    struct Case {
        std::string given;
        std::string expected;
    };
    const Case cases[] = {
        // observed: recordings of cloud-custodian, 2022 and 2025
        {"qcs::cvm:ap-singapore::instance/ins-a4vgayks",
         "qcs::cvm:ap-singapore:uin/100000000001:instance/ins-a4vgayks"},
        {"qcs::cam:ap-singapore:uin/149323269987:uin/100027724164", "qcs::cam::uin/149323269987:uin/100027724164"},
        {"qcs::cos:ap-singapore:uid/1253831162:42342-1253831162",
         "qcs::cos:ap-singapore:uid/1253831162:42342-1253831162"},
        {"qcs::vpc:na-ashburn:uin/034674056990:subnet/subnet-8i3da4re",
         "qcs::vpc:na-ashburn:uin/034674056990:subnet/subnet-8i3da4re"},
        // as the provider of Terraform writes it
        {"qcs::cvm:ap-guangzhou:uin/:volume/disk-aaaaaaaa",
         "qcs::cvm:ap-guangzhou:uin/100000000001:volume/disk-aaaaaaaa"},
        {"qcs::x:::a:b", "qcs::x::uin/100000000001:a:b"},
        {"", "none"},
        {"qcs::", "none"},
        {"ins-a4vgayks", "none"},
        {"qcs::cvm:ap-singapore:instance/ins-a4vgayks", "none"},
        {"qcs::cvm:ap-singapore:uin/1:", "none"},
        {"qcs:::ap-singapore:uin/1:a", "none"},
        {"qcs:id/0:cvm:ap-singapore:uin/1:a", "none"},
        {"QCS::cvm:ap-singapore:uin/1:a", "none"},
        {"qcs::cvm:ap-singapore:uid/:a", "none"},
        {"qcs::cvm:ap-singapore:user/1:a", "none"},
        {"qcs::cvm:ap-singapore:uin/1:a b", "none"},
        {"qcs::cvm:ap-singapore:uin/1:a\n", "none"},
        {"qcs::cvm:ap-singapore:uin/1:" + std::string(1024, 'a'), "none"},
        // The maximum length with the longest Uin, and one byte more.
        {"qcs::x:::" + std::string(1024 - 32, 'a'), "qcs::x::uin/100000000001:" + std::string(1024 - 32, 'a')},
        {"qcs::x:::" + std::string(1024 - 31, 'a'), "none"},
        {"qcs::cos:ap-guangzhou::\xE6\xA1\xB6", "none"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.given);
        CHECK(normalised(c.given) == c.expected);
    }
}

TEST_CASE("instances and disks are recognised by their resource names")
{
    struct Case {
        std::string given;
        std::string instance_id;
        std::string disk_id;
    };
    const Case cases[] = {
        {"qcs::cvm:r::instance/ins-aaaaaaaa", "ins-aaaaaaaa", ""},
        {"qcs::cvm:r::volume/disk-aaaaaaaa", "", "disk-aaaaaaaa"},
        {"qcs::cbs:r::instance/disk-aaaaaaaa", "", "disk-aaaaaaaa"},
        {"qcs::cvm:r::instance/img-aaaaaaaa", "", ""},
        {"qcs::cvm:r::instance/disk-aaaaaaaa", "", ""},
        {"qcs::cvm:r::volume/ins-aaaaaaaa", "", ""},
        {"qcs::cbs:r::instance/ins-aaaaaaaa", "", ""},
        {"qcs::lighthouse:r::instance/ins-aaaaaaaa", "", ""},
        {"qcs::lighthouse:r::instance/lhins-aaaaaaaa", "lhins-aaaaaaaa", ""},
        {"qcs::lighthouse:r::disk/lhdisk-aaaaaaaa", "", "lhdisk-aaaaaaaa"},
        {"qcs::cvm:r::instance/lhins-aaaaaaaa", "", ""},
        {"qcs::cvm:r::instance/ins-aaaaaaa", "", ""},
        {"qcs::cvm:r::ins-aaaaaaaa", "", ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.given);
        const auto name = parse_resource_name(c.given, "1").value();
        CHECK(name.instance_id() == c.instance_id);
        CHECK(name.disk_id() == c.disk_id);
    }
    CHECK(api::instance_name("r", "1", "ins-aaaaaaaa").instance_id() == "ins-aaaaaaaa");
    CHECK(api::instance_name("r", "1", "lhins-aaaaaaaa").instance_id() == "lhins-aaaaaaaa");
    CHECK(api::disk_name("r", "1", "lhdisk-aaaaaaaa").text() == "qcs::lighthouse:r:uin/1:disk/lhdisk-aaaaaaaa");
    CHECK(api::disk_name("r", "1", "disk-aaaaaaaa").text() == "qcs::cvm:r:uin/1:volume/disk-aaaaaaaa");
}

TEST_CASE("a resource belongs to the account that its name says, and follows it into a copy")
{
    CHECK(parse_resource_name("qcs::clb:r:uin/1:a", "1").value().may_belong_to("1"));
    CHECK(parse_resource_name("qcs::clb:r::a", "1").value().may_belong_to("1"));
    CHECK(parse_resource_name("qcs::cos:r:uid/7:a", "1").value().may_belong_to("1"));
    CHECK_FALSE(parse_resource_name("qcs::clb:r:uin/12:a", "1").value().may_belong_to("1"));
    CHECK(api::with_account("qcs::clb:r:uin/1:a", "1", "2") == "qcs::clb:r:uin/2:a");
    CHECK(api::with_account("qcs::cos:r:uid/1:a", "1", "2") == "qcs::cos:r:uid/1:a");
}
