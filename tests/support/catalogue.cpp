#include "tests/support/catalogue.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

namespace cvm::test {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string fixture_text(const std::string& name)
{
    std::ifstream in{CVM_SOURCE_DIR "/fixtures/" + name};
    if (!in)
        throw std::runtime_error{"fixtures/" + name + " cannot be read"};
    return {std::istreambuf_iterator<char>{in}, {}};
}

json::value fixture(const std::string& name) { return json::parse(fixture_text(name)); }

json::array catalogue_actions()
{
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{CVM_SOURCE_DIR "/fixtures/catalog/actions"})
        names.insert(entry.path().filename().string());
    json::array pages;
    for (const std::string& name : names)
        pages.push_back(fixture("catalog/actions/" + name));
    return pages;
}

} // namespace cvm::test
