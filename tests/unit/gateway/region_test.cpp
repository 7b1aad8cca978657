#include "server/gateway/region.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using namespace cvm;
using wire::Dialect;

namespace {

constexpr Dialect dialects[] = {Dialect::tc3, Dialect::v1, Dialect::legacy, Dialect::legacy_numeric};

// The region, or the refusal as "code: text".
std::string resolved(Dialect dialect, const std::optional<std::string>& region, api::Region use = api::Region::required)
{
    static const api::Catalog catalog = api::built_in_catalog();
    wire::Envelope envelope;
    envelope.dialect = dialect;
    envelope.region = region;
    const auto result = resolve_region(envelope, use, catalog);
    if (result)
        return *result;
    return std::string{code_of(result.error().code)} + ": " + message(result.error(), Language::english);
}

} // namespace

TEST_CASE("a region is accepted or refused by the rules of its dialect")
{
    constexpr auto missing = "MissingParameter: The request is missing a required parameter `Region`.";
    constexpr auto bad_header =
        "InvalidParameterValue: A value specified in `X-TC-Region` is not valid, is unsupported, or cannot be used.";
    constexpr auto bad_value =
        "InvalidParameterValue: A value specified in `Region` is not valid, is unsupported, or cannot be used.";
    constexpr auto unsupported = "UnsupportedRegion: The action not support this region.";
    const std::optional<std::string> none;
    struct Case {
        std::string what;
        Dialect dialect;
        std::optional<std::string> region;
        std::string expected;
    };
    const Case cases[] = {
        {"tc3 without", Dialect::tc3, none, missing},
        {"tc3 empty", Dialect::tc3, "", bad_header},
        {"tc3 unknown", Dialect::tc3, "ap-nowhere", bad_header},
        {"tc3 in capitals", Dialect::tc3, "AP-GUANGZHOU", bad_header},
        {"tc3 a zone", Dialect::tc3, "ap-guangzhou-3", bad_header},
        {"tc3 short name", Dialect::tc3, "gz", bad_header},
        {"tc3 elsewhere", Dialect::tc3, "ap-mumbai", unsupported},
        {"tc3 good", Dialect::tc3, "ap-guangzhou", "ap-guangzhou"},
        {"tc3 of the finance cloud", Dialect::tc3, "ap-shanghai-fsi", "ap-shanghai-fsi"},
        {"v1 without", Dialect::v1, none, missing},
        {"v1 empty", Dialect::v1, "", bad_value},
        {"v1 unknown", Dialect::v1, "ap-nowhere", bad_value},
        {"v1 short name", Dialect::v1, "gz", bad_value},
        {"v1 elsewhere", Dialect::v1, "na-toronto", unsupported},
        {"v1 good", Dialect::v1, "na-ashburn", "na-ashburn"},
        {"legacy empty", Dialect::legacy, "", bad_value},
        {"legacy unknown", Dialect::legacy, "xx", bad_value},
        {"legacy elsewhere", Dialect::legacy, "ca", unsupported},
        {"legacy without", Dialect::legacy, none, "ap-guangzhou"},
        {"legacy short name", Dialect::legacy, "sh", "ap-shanghai"},
        {"legacy long name", Dialect::legacy, "ap-shanghai", "ap-shanghai"},
        {"numeric empty", Dialect::legacy_numeric, "", bad_value},
        {"numeric unknown", Dialect::legacy_numeric, "GZ", bad_value},
        {"numeric elsewhere", Dialect::legacy_numeric, "ap-mumbai", unsupported},
        {"numeric without", Dialect::legacy_numeric, none, "ap-guangzhou"},
        {"numeric short name", Dialect::legacy_numeric, "usw", "na-siliconvalley"},
        {"numeric long name", Dialect::legacy_numeric, "na-siliconvalley", "na-siliconvalley"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(resolved(c.dialect, c.region) == c.expected);
    }
}

TEST_CASE("an action that uses no region ignores whatever was sent")
{
    for (const Dialect dialect : dialects)
        for (const std::optional<std::string>& region :
             {std::optional<std::string>{}, std::optional<std::string>{""}, std::optional<std::string>{"ap-nowhere"},
              std::optional<std::string>{"ap-beijing"}}) {
            CAPTURE(static_cast<int>(dialect));
            CAPTURE(region.value_or("not sent"));
            CHECK(resolved(dialect, region, api::Region::unused).empty());
        }
}

TEST_CASE("every region of the catalog is settled as itself in every dialect")
{
    for (const std::string& region : api::built_in_catalog().cvm_regions)
        for (const Dialect dialect : dialects) {
            CAPTURE(region);
            CHECK(resolved(dialect, region) == region);
        }
}
