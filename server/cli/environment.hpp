#pragma once

#include <map>
#include <string>
#include <string_view>

namespace cvm::cli {

using Environment = std::map<std::string, std::string, std::less<>>;

// Reads the environment of the process; an empty variable counts as not set.
inline Environment read_environment(const char* const* variables)
{
    Environment environment;
    for (; *variables != nullptr; ++variables) {
        const std::string_view variable{*variables};
        const auto equals = variable.find('=');
        if (equals != std::string_view::npos && equals + 1 < variable.size())
            environment.emplace(variable.substr(0, equals), variable.substr(equals + 1));
    }
    return environment;
}

// Empty if the variable is not set.
inline std::string variable(const Environment& environment, std::string_view name)
{
    const auto at = environment.find(name);
    return at != environment.end() ? at->second : std::string{};
}

} // namespace cvm::cli
