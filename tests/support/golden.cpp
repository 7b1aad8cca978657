#include "tests/support/golden.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace cvm::test {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

json::value read(const fs::path& path)
{
    std::ifstream in{path};
    return json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
}

} // namespace

std::string Golden::way() const
{
    const auto* how = content.as_object().if_contains("how");
    return how != nullptr ? std::string{how->as_string()} : "natural";
}

std::string Golden::code() const
{
    if (const auto* description = content.at("answer").as_object().if_contains("codeDesc"))
        return description->as_string() == "Success" ? std::string{} : std::string{description->as_string()};
    const auto* response = content.at("answer").as_object().if_contains("Response");
    const auto* problem = response != nullptr ? response->as_object().if_contains("Error") : nullptr;
    return problem != nullptr ? std::string{problem->at("Code").as_string()} : std::string{};
}

std::vector<Golden> golden_cases()
{
    const fs::path root = fs::path{CVM_SOURCE_DIR} / "fixtures/cases";
    std::set<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator{root})
        if (entry.path().extension() == ".json")
            files.insert(entry.path());
    std::vector<Golden> cases;
    for (const fs::path& file : files) {
        const std::string name = fs::relative(file, root).string();
        const std::string action = file.parent_path().filename().string();
        const json::value content = read(file);
        const auto* several = content.as_object().if_contains("cases");
        if (several == nullptr) {
            cases.push_back({name, action, content});
            continue;
        }
        std::size_t number = 0;
        for (const json::value& one : several->as_array())
            cases.push_back({name + " " + std::to_string(++number), action, one});
    }
    return cases;
}

} // namespace cvm::test
