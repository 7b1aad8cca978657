#include "server/api/instance_settings.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>

namespace json = boost::json;

using namespace cvm;

namespace {

constexpr std::string_view linux_image = "img-eb30mz89";
constexpr std::string_view windows_image = "img-mmy6qctz";
constexpr std::string_view arm_image = "img-9a0eg8mt";

// RunInstances has a code for each of these problems, RenewInstances for none.
constexpr api::ActionName named(std::string_view action) { return {action, "2017-03-12"}; }

std::string told(const std::optional<Error>& refusal)
{
    return refusal ? std::string{code_of(refusal->code)} + ": " + message(*refusal, Language::english) : "good";
}

std::string code(const std::optional<Error>& refusal) { return refusal ? std::string{code_of(refusal->code)} : "good"; }

std::string bad_value(const std::string& value, const std::string& parameter)
{
    return "InvalidParameterValue: The value `" + value + "` specified in the parameter `" + parameter +
           "` is not valid.";
}

std::string login(std::string_view action, const std::string& settings, std::string_view image = linux_image)
{
    const json::object params = json::parse(R"({"LoginSettings":)" + settings + "}").as_object();
    return told(api::check_login(named(action), api::built_in_catalog(), api::Params{params}, std::string{image}));
}

std::string system_disk(std::string_view action, const std::string& disk, std::int64_t image_gib = 50)
{
    const json::object params = json::parse(disk).as_object();
    api::Image image{};
    image.size_gib = image_gib;
    return told(api::check_system_disk(named(action), api::built_in_catalog().prices, api::Params{params}, image));
}

// Base64 of this many zero bytes.
std::string base64_of(std::size_t bytes)
{
    std::string text(bytes / 3 * 4, 'A');
    if (bytes % 3 != 0)
        text += bytes % 3 == 1 ? "AA==" : "AAA=";
    return text;
}

} // namespace

TEST_CASE("an instance type is a family that begins with a capital and a dot and a size")
{
    struct Case {
        std::string_view type;
        bool good;
    };
    const Case cases[] = {
        {"", false},
        {".", false},
        {"S5", false},
        {"S5.", false},
        {".MEDIUM2", false},
        {"s5.MEDIUM2", false},
        {"5S.MEDIUM2", false},
        {"S5.MEDIUM2.X", false},
        {"S5..MEDIUM2", false},
        {"S5.MEDIUM-2", false},
        {"S-5.MEDIUM2", false},
        {"S5 .MEDIUM2", false},
        {" S5.MEDIUM2", false},
        {"S5.MEDIUM2 ", false},
        {"S5.MEDIUM2\n", false},
        {"S5_MEDIUM2", false},
        {"S5.\xe4\xba\xba", false},
        {"\xc3\x84.MEDIUM2", false},
        {"S5.MEDIUM2", true},
        {"S5.medium2", true},
        {"S.2", true},
        {"GN7.2XLARGE32", true},
        {"Sa2.16XLARGE256", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.type);
        CHECK(api::well_formed_instance_type(c.type) == c.good);
    }
    CHECK_FALSE(api::well_formed_instance_type(std::string_view{"S5.MEDIUM2\0", 11}));
}

TEST_CASE("an instance type is refused when it is malformed or not in the catalogue")
{
    struct Case {
        std::string type;
        std::string run;
        std::string without_codes;
    };
    const Case cases[] = {
        {"", "InvalidInstanceType.Malformed: The instance type `` is malformed. It must look like `S5.MEDIUM2`.",
         bad_value("", "InstanceType")},
        {"S5", "InvalidInstanceType.Malformed: The instance type `S5` is malformed. It must look like `S5.MEDIUM2`.",
         bad_value("S5", "InstanceType")},
        {"S99.MEDIUM2", "InvalidParameterValue.InstanceTypeNotFound: `S99.MEDIUM2` is not an instance type.",
         bad_value("S99.MEDIUM2", "InstanceType")},
        {"S5.medium2", "InvalidParameterValue.InstanceTypeNotFound: `S5.medium2` is not an instance type.",
         bad_value("S5.medium2", "InstanceType")},
        {"S5.MEDIUM2", "good", "good"},
        {"GN7.2XLARGE32", "good", "good"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.type);
        CHECK(told(api::check_instance_type(named("RunInstances"), api::built_in_catalog(), c.type)) == c.run);
        CHECK(told(api::check_instance_type(named("RenewInstances"), api::built_in_catalog(), c.type)) ==
              c.without_codes);
    }
}

TEST_CASE("an image is refused when it is malformed or unknown or of another processor")
{
    struct Case {
        std::string image;
        std::string run;
        std::string inquiry; // its page has no code for the type
        std::string without_codes;
    };
    const Case cases[] = {
        {"", "InvalidImageId.Malformed", "InvalidImageId.Malformed", "InvalidParameterValue"},
        {"img-1", "InvalidImageId.Malformed", "InvalidImageId.Malformed", "InvalidParameterValue"},
        {"img-EB30MZ89", "InvalidImageId.Malformed", "InvalidImageId.Malformed", "InvalidParameterValue"},
        {"ins-eb30mz89", "InvalidImageId.Malformed", "InvalidImageId.Malformed", "InvalidParameterValue"},
        {"img-zzzzzzzz", "InvalidImageId.NotFound", "InvalidImageId.NotFound", "InvalidParameterValue"},
        {std::string{arm_image}, "InvalidParameterValue.InvalidImageForGivenInstanceType",
         "InvalidParameterValue.InvalidImageId", "InvalidParameterValue"},
        {std::string{linux_image}, "good", "good", "good"},
        {std::string{windows_image}, "good", "good", "good"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.image);
        CHECK(code(api::check_image(named("RunInstances"), api::built_in_catalog(), c.image, "S5.MEDIUM2")) == c.run);
        CHECK(code(api::check_image(named("InquiryPriceRunInstances"), api::built_in_catalog(), c.image,
                                    "S5.MEDIUM2")) == c.inquiry);
        CHECK(code(api::check_image(named("RenewInstances"), api::built_in_catalog(), c.image, "S5.MEDIUM2")) ==
              c.without_codes);
    }
    CHECK(
        told(api::check_image(named("RunInstances"), api::built_in_catalog(), std::string{arm_image}, "S5.MEDIUM2")) ==
        "InvalidParameterValue.InvalidImageForGivenInstanceType: Instances of the type `S5.MEDIUM2` cannot boot from "
        "`img-9a0eg8mt`.");
    CHECK(told(api::check_image(named("RenewInstances"), api::built_in_catalog(), "img-1", "S5.MEDIUM2")) ==
          bad_value("img-1", "ImageId"));
}

TEST_CASE("a password has 8 to 30 characters of two kinds and for Windows 12 to 30 of three")
{
    struct Case {
        std::string password;
        bool on_linux;
        bool on_windows;
    };
    const Case cases[] = {
        {"", false, false},
        {"aB3$", false, false},
        {"aB3$567", false, false}, // seven
        {"abcdefgh", false, false},
        {"ABCDEFGH", false, false},
        {"12345678", false, false},
        {"$$$$$$$$", false, false},
        {std::string(30, 'a'), false, false},
        {std::string(30, 'a') + "1", false, false}, // 31
        {"aB3$" + std::string(27, 'x'), false, false},
        {std::string(1'000'000, 'a') + "B3$", false, false},
        {"abcdefg1", true, false},
        {"ABCDEFG1", true, false},
        {"abcdefgH", true, false},
        {"abcdefg$", true, false},
        {"1234567$", true, false},
        {"       a", true, false},
        {std::string(29, 'a') + "1", true, false},
        {"abcdefghijk1", true, false}, // twelve, but two kinds
        {"aB345678", true, false},     // three kinds, but eight
        {"aB3$5678901", true, false},  // four kinds, but eleven
        {"aB3456789012", true, true},
        {"a$3456789012", true, true},
        {"AB$456789012", true, true},
        {"aB$aB$aB$aB$", true, true},
        {"aB3$56789012", true, true},
        {"aB3$" + std::string(26, 'x'), true, true}, // 30
    };
    for (const Case& c : cases) {
        CAPTURE(c.password);
        constexpr auto invalid = "InvalidParameterValue.InvalidPassword";
        CHECK(code(api::check_password(named("RunInstances"), c.password)) == (c.on_linux ? "good" : invalid));
        CHECK(code(api::check_password(named("RunInstances"), c.password, true)) == (c.on_windows ? "good" : invalid));
    }
    CHECK(told(api::check_password(named("RunInstances"), "x")) ==
          "InvalidParameterValue.InvalidPassword: The password breaks the length or character rules.");
    CHECK(code(api::check_password(named("InquiryPriceRunInstances"), "x")) == "InvalidPassword");
    CHECK(code(api::check_password(named("RenewInstances"), "x")) == "InvalidPassword");
}

TEST_CASE("a login is a password or key pairs and for Windows a password")
{
    struct Case {
        std::string_view what;
        std::string settings;
        std::string_view image;
        std::string run;
        std::string without_codes;
    };
    constexpr auto conflict = "InvalidParameter.ParameterConflict: The parameters `LoginSettings.Password` and "
                              "`LoginSettings.KeyIds` contradict each other.";
    constexpr auto exclusive = "InvalidParameter: The parameters `LoginSettings.Password` and `LoginSettings.KeyIds` "
                               "cannot be specified at the same time.";
    constexpr auto weak = "InvalidParameterValue.InvalidPassword: The password breaks the length or character rules.";
    constexpr auto weak_too = "InvalidPassword: The password is too weak, too short or too long.";
    const Case cases[] = {
        {"both", R"({"Password":"abcdefg1","KeyIds":["skey-aaaaaaaa"]})", linux_image, conflict, exclusive},
        {"both before each", R"({"Password":"x","KeyIds":["x"]})", windows_image, conflict, exclusive},
        {"a weak password", R"({"Password":"abcdefgh"})", linux_image, weak, weak_too},
        {"an empty password", R"({"Password":""})", linux_image, weak, weak_too},
        {"too weak for Windows", R"({"Password":"abcdefg1"})", windows_image, weak, weak_too},
        {"a malformed key pair", R"({"KeyIds":["skey-aaaaaaaa","skey-1"]})", linux_image,
         "InvalidKeyPairId.Malformed: The key pair ID `skey-1` is malformed. It must look like `skey-xxxxxxxx`.",
         bad_value("skey-1", "LoginSettings.KeyIds")},
        {"malformed before Windows", R"({"KeyIds":["skey-1"]})", windows_image,
         "InvalidKeyPairId.Malformed: The key pair ID `skey-1` is malformed. It must look like `skey-xxxxxxxx`.",
         bad_value("skey-1", "LoginSettings.KeyIds")},
        {"a key pair for Windows", R"({"KeyIds":["skey-aaaaaaaa"]})", windows_image,
         "UnsupportedOperation.KeyPairUnsupportedWindows: The image `img-mmy6qctz` is Windows, which takes a password "
         "and no key pair.",
         bad_value("img-mmy6qctz", "LoginSettings.KeyIds")},
        {"neither", "{}", linux_image, "good", "good"},
        {"the image's own, of a public image", R"({"KeepImageLogin":"true"})", linux_image,
         bad_value("true", "LoginSettings.KeepImageLogin"), bad_value("true", "LoginSettings.KeepImageLogin")},
        {"neither true nor false", R"({"KeepImageLogin":"yes"})", linux_image,
         bad_value("yes", "LoginSettings.KeepImageLogin"), bad_value("yes", "LoginSettings.KeepImageLogin")},
        {"the image's own and a password", R"({"KeepImageLogin":"TRUE","Password":"abcdefg1"})", linux_image,
         "InvalidParameter.ParameterConflict: The parameters `LoginSettings.Password` and "
         "`LoginSettings.KeepImageLogin` contradict each other.",
         "InvalidParameter: The parameters `LoginSettings.Password` and `LoginSettings.KeepImageLogin` cannot be "
         "specified at the same time."},
        {"the image's own and a key pair", R"({"KeepImageLogin":"true","KeyIds":["skey-aaaaaaaa"]})", linux_image,
         "InvalidParameter.ParameterConflict: The parameters `LoginSettings.KeyIds` and "
         "`LoginSettings.KeepImageLogin` contradict each other.",
         "InvalidParameter: The parameters `LoginSettings.KeyIds` and `LoginSettings.KeepImageLogin` cannot be "
         "specified at the same time."},
        {"not the image's own, and a password", R"({"KeepImageLogin":"FALSE","Password":"abcdefg1"})", linux_image,
         "good", "good"},
        {"a password", R"({"Password":"abcdefg1"})", linux_image, "good", "good"},
        {"a password for Windows", R"({"Password":"aB3456789012"})", windows_image, "good", "good"},
        {"key pairs", R"({"KeyIds":["skey-aaaaaaaa","skey-bbbbbbbb"]})", linux_image, "good", "good"},
        {"an unknown image is no Windows", R"({"KeyIds":["skey-aaaaaaaa"]})", "img-zzzzzzzz", "good", "good"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(login("RunInstances", c.settings, c.image) == c.run);
        CHECK(login("RenewInstances", c.settings, c.image) == c.without_codes);
    }
    const json::object none;
    CHECK(told(api::check_login(named("RunInstances"), api::built_in_catalog(), api::Params{none}, "")) == "good");
}

TEST_CASE("a host name is 2 to 60 letters and digits with single marks between them")
{
    struct Case {
        std::string name;
        bool good;
    };
    const Case cases[] = {
        {"", false},
        {"a", false},
        {".", false},
        {"--", false},
        {"-a", false},
        {".a", false},
        {"a-", false},
        {"a.", false},
        {"a--b", false},
        {"a..b", false},
        {"a.-b", false},
        {"a-.b", false},
        {"a_b", false},
        {"a b", false},
        {" ab", false},
        {"ab\n", false},
        {"a*b", false},
        {"\xe4\xba\xba", false},
        {std::string(61, 'a'), false},
        {std::string(1'000'000, 'a'), false},
        {std::string("a\0b", 3), false},
        {"ab", true},
        {"12", true},
        {"a-b", true},
        {"a.b", true},
        {"A.b-3.C", true},
        {std::string(60, 'a'), true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(code(api::check_host_name(named("RunInstances"), c.name)) ==
              (c.good ? "good" : "InvalidParameterValue.IllegalHostName"));
        CHECK(code(api::check_host_name(named("RenewInstances"), c.name)) ==
              (c.good ? "good" : "InvalidParameterValue"));
    }
    CHECK(told(api::check_host_name(named("RunInstances"), "a_b")) ==
          "InvalidParameterValue.IllegalHostName: `a_b` cannot be used as a host name.");
    CHECK(told(api::check_host_name(named("RenewInstances"), "a_b")) == bad_value("a_b", "HostName"));
}

TEST_CASE("a host name of Windows is 2 to 15 letters, digits and hyphens and not digits alone")
{
    struct Case {
        std::string name;
        bool good;
    };
    const Case cases[] = {
        {"", false},
        {"a", false},
        {std::string(16, 'a'), false},
        {"12345", false},
        {std::string(15, '7'), false},
        {"a.b", false},
        {"-a", false},
        {"a--b", false},
        {"a_b", false},
        {"ab", true},
        {"1a", true},
        {"1-2", true},
        {std::string(15, 'a'), true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(code(api::check_host_name(named("RunInstances"), c.name, true)) ==
              (c.good ? "good" : "InvalidParameterValue.IllegalHostName"));
    }
}

TEST_CASE("the length of an instance name is counted in characters")
{
    const auto repeated = [](std::string_view text, int times) {
        std::string all;
        for (int i = 0; i < times; ++i)
            all += text;
        return all;
    };
    CHECK(told(api::check_instance_name(named("RunInstances"), std::string(129, 'a'), 128)) ==
          "InvalidInstanceName.TooLong: The instance name has `129` characters. At most `128` are allowed.");
    CHECK(told(api::check_instance_name(named("ModifyInstancesAttribute"), repeated("\xe4\xba\xba", 61), 60)) ==
          "InvalidInstanceName.TooLong: The instance name has `61` characters. At most `60` are allowed.");
    CHECK(told(api::check_instance_name(named("RenewInstances"), std::string(129, 'a'), 128)) ==
          bad_value("129", "InstanceName"));
    CHECK(told(api::check_instance_name(named("RunInstances"), std::string(128, 'a'), 128)) == "good");
    CHECK(told(api::check_instance_name(named("RunInstances"), repeated("\xe4\xba\xba", 128), 128)) == "good");
    CHECK(told(api::check_instance_name(named("RunInstances"), repeated("\xf0\x9f\x98\x80", 128), 128)) == "good");
    CHECK(told(api::check_instance_name(named("RunInstances"), "", 128)) == "good");
}

TEST_CASE("user data is Base64 with its padding")
{
    struct Case {
        std::string data;
        bool good;
    };
    const Case cases[] = {
        {"A", false},
        {"AA", false},
        {"AAA", false},
        {"AAAAA", false},
        {"A===", false},
        {"====", false},
        {"=AAA", false},
        {"AA=A", false},
        {"AA=", false},
        {"AAAA=", false},
        {"AAAA====", false},
        {"AA==AAAA", false},
        {"AA==AA==", false},
        {"AAA ", false},
        {"AAAA\n", false},
        {"AA\nAA", false},
        {"AA-_", false}, // the alphabet of URLs
        {"AA.A", false},
        {"\xe4\xba\xba"
         "A",
         false},
        {std::string("AAA\0", 4), false},
        {"", true},
        {"AAAA", true},
        {"AAA=", true},
        {"AA==", true},
        {"az09AZ+/", true},
        {"IyEvYmluL3NoCg==", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.data);
        CHECK(code(api::check_user_data(named("RunInstances"), c.data)) ==
              (c.good ? "good" : "InvalidParameterValue.InvalidUserDataFormat"));
    }
    CHECK(told(api::check_user_data(named("RenewInstances"), "A")) == bad_value("A", "UserData"));
}

TEST_CASE("user data holds at most 16 KiB whatever its padding")
{
    struct Case {
        std::size_t bytes;
        bool good;
    };
    const Case cases[] = {
        {16'385, false}, {16'386, false}, {16'387, false}, {1'000'000, false},
        {16'382, true},  {16'383, true},  {16'384, true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.bytes);
        CHECK(code(api::check_user_data(named("RunInstances"), base64_of(c.bytes))) ==
              (c.good ? "good" : "InvalidParameterValue.InvalidUserDataFormat"));
    }
}

TEST_CASE("security groups are at most five and well formed")
{
    const std::string good = "sg-aaaaaaaa";
    struct Case {
        std::string_view what;
        std::vector<std::string> ids;
        std::string expected;
    };
    const Case cases[] = {
        {"six", {good, good, good, good, good, good}, "LimitExceeded.AssociateUSGLimitExceeded"},
        {"six before malformed", {"", "", "", "", "", ""}, "LimitExceeded.AssociateUSGLimitExceeded"},
        {"nothing", {""}, "InvalidSecurityGroupId.NotFound"},
        {"too short", {"sg-aaaaaaa"}, "InvalidSecurityGroupId.NotFound"},
        {"another prefix", {"esg-aaaaaaaa"}, "InvalidSecurityGroupId.NotFound"},
        {"the last one", {good, good, good, good, "sg-AAAAAAAA"}, "InvalidSecurityGroupId.NotFound"},
        {"none", {}, "good"},
        {"one", {good}, "good"},
        {"five", {good, good, good, good, good}, "good"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(code(api::check_security_groups(c.ids, Errc::limit_exceeded_associate_usg_limit_exceeded,
                                              "ins-aaaaaaaa")) == c.expected);
    }
    CHECK(told(api::check_security_groups(std::vector<std::string>{good, "x", "y"},
                                          Errc::limit_exceeded_associate_usg_limit_exceeded, "ins-aaaaaaaa")) ==
          "InvalidSecurityGroupId.NotFound: The security group `x` does not exist.");
}

TEST_CASE("a role name is of letters and digits and a few marks")
{
    struct Case {
        std::string name;
        bool good;
    };
    const Case cases[] = {
        {"a b", false},
        {"a/b", false},
        {"a:b", false},
        {"a*", false},
        {"a\n", false},
        {"\xe4\xba\xba", false},
        {std::string("a\0", 2), false},
        {"", true}, // none
        {"CVM_QCSRole", true},
        {"aZ09+=,.@_-", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(code(api::check_role_name(named("RunInstances"), c.name)) ==
              (c.good ? "good" : "InvalidParameterValue.CamRoleNameMalformed"));
    }
    CHECK(
        told(api::check_role_name(named("RunInstances"), "a b")) ==
        "InvalidParameterValue.CamRoleNameMalformed: The role name `a b` holds a character other than letters, digits "
        "and `+=,.@_-`.");
    CHECK(told(api::check_role_name(named("RenewInstances"), "a b")) == bad_value("a b", "CamRoleName"));
}

TEST_CASE("a system disk is of a known type and holds the image and at most 1024 GiB")
{
    constexpr auto no_disk = "UnsupportedOperation.InvalidDisk: A disk of the type `CLOUD_FUTURE` cannot be used here.";
    struct Case {
        std::string disk;
        std::int64_t image_gib;
        std::string expected;
    };
    const Case cases[] = {
        {R"({"DiskType":"CLOUD_FUTURE"})", 50, no_disk},
        {R"({"DiskType":"CLOUD_FUTURE","DiskSize":1})", 50, no_disk},
        {R"({"DiskSize":49})", 50, bad_value("49", "SystemDisk.DiskSize")},
        {R"({"DiskSize":19})", 10, bad_value("19", "SystemDisk.DiskSize")},
        {R"({"DiskSize":1025})", 50, bad_value("1025", "SystemDisk.DiskSize")},
        {R"({"DiskSize":0})", 0, bad_value("0", "SystemDisk.DiskSize")},
        {R"({"DiskSize":-9223372036854775808})", 0, bad_value("-9223372036854775808", "SystemDisk.DiskSize")},
        {R"({"DiskSize":9223372036854775807})", 0, bad_value("9223372036854775807", "SystemDisk.DiskSize")},
        {R"({"DiskType":"CLOUD_SSD","DiskSize":49})", 50, bad_value("49", "SystemDisk.DiskSize")},
        {R"({})", 50, "good"},
        {R"({"DiskType":"LOCAL_SSD"})", 50, "good"},
        {R"({"DiskSize":50})", 50, "good"},
        {R"({"DiskSize":20})", 10, "good"},
        {R"({"DiskSize":20})", 20, "good"},
        {R"({"DiskSize":1024,"DiskType":"CLOUD_PREMIUM"})", 50, "good"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.disk);
        CAPTURE(c.image_gib);
        CHECK(system_disk("RunInstances", c.disk, c.image_gib) == c.expected);
    }
    CHECK(system_disk("RenewInstances", R"({"DiskType":"cloud_ssd"})") ==
          bad_value("cloud_ssd", "SystemDisk.DiskType"));
    CHECK(system_disk("RunInstances", R"({"DiskType":""})") ==
          "UnsupportedOperation.InvalidDisk: A disk of the type `` cannot be used here.");
}
