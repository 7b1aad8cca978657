#include "server/control/console.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace cvm;
using control::accepts_gzip;
using control::unpacked;

namespace {

// printf 'aaaaaaaaaabbbb\n' | gzip -9n
constexpr std::string_view packed{
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x4c\x84\x81\x24\x20\xe0\x02\x00\x05\xbc\x89\xc5\x0f\x00\x00\x00", 27};

} // namespace

TEST_CASE("gzip is sent to clients that accept it")
{
    for (const char* accepts :
         {"gzip", "GZIP", "deflate, gzip;q=0.5", "x-gzip", "*", "br;q=1.0, *;q=0.1", "gzip;q=1"}) {
        CAPTURE(accepts);
        CHECK(accepts_gzip(accepts));
    }
    for (const char* refuses :
         {"", "identity", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipped", "br", ";;;", "q=1"}) {
        CAPTURE(refuses);
        CHECK_FALSE(accepts_gzip(refuses));
    }
}

TEST_CASE("what gzip packed is unpacked, and nothing else")
{
    CHECK(unpacked(packed) == "aaaaaaaaaabbbb\n");
    CHECK_THROWS_AS(unpacked(""), std::runtime_error);
    CHECK_THROWS_AS(unpacked("aaaaaaaaaabbbbaaaaaaaaaabbbb"), std::runtime_error);
    CHECK_THROWS_AS(unpacked(packed.substr(0, 20)), std::runtime_error);
    std::string named{packed};
    named[3] = 8; // with a name
    CHECK_THROWS_AS(unpacked(named), std::runtime_error);
    std::string shorter{packed};
    shorter[23] = 14;
    CHECK_THROWS_AS(unpacked(shorter), std::runtime_error);
    std::string longer{packed};
    longer[23] = 16;
    CHECK_THROWS_AS(unpacked(longer), std::runtime_error);
}

TEST_CASE("every file of the console unpacks, and the page is one of them")
{
    CHECK(std::ranges::count(control::console_files(), "index.html", &control::PackedFile::name) == 1);
    std::size_t bytes = 0;
    for (const control::PackedFile& file : control::console_files()) {
        CAPTURE(file.name);
        CHECK_FALSE(unpacked(file.packed).empty());
        CHECK(file.tag.size() == 16);
        bytes += file.packed.size();
    }
    CHECK(bytes <= 60 * 1024);
}
