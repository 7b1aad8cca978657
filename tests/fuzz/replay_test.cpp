// Replays the stored inputs: in corpus/ those that led to new code, in findings/ those that once broke something.

#include "tests/fuzz/target.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

using namespace cvm;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path{CVM_SOURCE_DIR} / "tests/fuzz";

std::string content_of(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::string content{std::istreambuf_iterator<char>{in}, {}};
    REQUIRE(in.good());
    return content;
}

// Empty if the folder does not exist.
std::set<std::string> names_in(const fs::path& of)
{
    std::set<std::string> names;
    if (!fs::exists(of))
        return names;
    for (const auto& entry : fs::directory_iterator{of})
        names.insert(entry.path().filename().string());
    return names;
}

// Returns the number of inputs.
std::size_t replay(const fuzz::Target& target, const fs::path& inputs)
{
    std::size_t count = 0;
    for (const std::string& name : names_in(inputs)) {
        const fs::path file = inputs / name;
        INFO(file.string());
        CHECK_NOTHROW(target.run(content_of(file)));
        ++count;
    }
    return count;
}

} // namespace

TEST_CASE("all inputs kept by fuzzing still pass")
{
    for (const fuzz::Target& target : fuzz::targets) {
        CAPTURE(target.name);
        CHECK(replay(target, folder / "corpus" / target.name) > 0);
        replay(target, folder / "findings" / target.name);
    }
}

TEST_CASE("every target is one of targets.txt and every kept input belongs to a target")
{
    std::set<std::string> names;
    for (const fuzz::Target& target : fuzz::targets)
        names.emplace(target.name);
    std::set<std::string> listed;
    std::ifstream list{folder / "targets.txt"};
    for (std::string line; std::getline(list, line);)
        if (!line.starts_with('#'))
            listed.insert(line.substr(0, line.find(' ')));
    CHECK(listed == names);
    CHECK(names_in(folder / "corpus") == names);
    for (const std::string& name : names_in(folder / "findings"))
        CHECK(names.contains(name));
}
