#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm::cli {

// An invalid command line: exit code 2. The text says what to do instead.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The flags and arguments of one command by name ("--account", "DURATION").
class Given {
public:
    Given() = default;
    Given(std::initializer_list<std::pair<const std::string, std::vector<std::string>>> values) : values_{values} {}

    // `variable` is the environment variable that the values come from, if they do.
    void set(std::string_view name, std::vector<std::string> values, std::string_view variable = {});

    bool has(std::string_view name) const;

    // The last value of the flag; empty if it was not given.
    std::string text(std::string_view name) const;

    const std::vector<std::string>& all(std::string_view name) const;

    // The environment variable that set the flag; empty if the command line did, or nothing.
    std::string variable_of(std::string_view name) const;

    // nullopt if it was not given. Throws UsageError for anything but a 64-bit whole number.
    std::optional<std::int64_t> number(std::string_view name) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
    std::map<std::string, std::string, std::less<>> variables_;
};

} // namespace cvm::cli
