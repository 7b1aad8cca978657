#pragma once

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

// Shared by the build-time tools, which turn files of fixtures/catalog/ into headers.

namespace cvm::tools {

inline constexpr std::string_view head = "// Generated from fixtures/catalog/ when the project is built. Do not edit.\n"
                                         "#pragma once\n\n";

// The JSON of a file.
inline boost::json::value read(const char* path)
{
    std::ifstream in{path};
    if (!in)
        throw std::runtime_error{std::string{path} + ": cannot be read"};
    return boost::json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
}

// Writes the file unless it already has this text, so that nothing is recompiled.
inline void write(const std::filesystem::path& path, const std::string& text)
{
    std::ifstream in{path};
    if (in && std::string{std::istreambuf_iterator<char>{in}, {}} == text)
        return;
    std::ofstream out{path};
    out << text;
    out.close();
    if (!out)
        throw std::runtime_error{path.string() + ": cannot be written"};
}

// A C++ string literal.
inline std::string literal(std::string_view text) { return boost::json::serialize(boost::json::value(text)); }

// The text member of this name; empty if there is none.
inline std::string text_of(const boost::json::object& o, std::string_view key)
{
    const auto* v = o.if_contains(key);
    return v != nullptr ? std::string{v->as_string()} : std::string{};
}

} // namespace cvm::tools
