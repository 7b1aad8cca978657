#include "server/api/name_pattern.hpp"

#include "server/base/text.hpp"

#include <charconv>
#include <optional>

namespace cvm::api {

namespace {

// {R:first,F:digits}
struct Counter {
    std::int64_t first = 0;
    std::size_t digits = 0; // minimum number of digits, with leading zeros
};

constexpr std::size_t max_digits_of_first = 9; // assumed
constexpr std::int64_t max_digits = 8;

std::optional<std::int64_t> number(std::string_view digits)
{
    if (digits.empty() || digits.size() > max_digits_of_first || !is_number(digits))
        return std::nullopt;
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

// Parses the text between the braces.
std::optional<Counter> read_counter(std::string_view text)
{
    if (!text.starts_with("R:"))
        return std::nullopt;
    const auto comma = text.find(',');
    const auto first = number(text.substr(2, comma == std::string_view::npos ? comma : comma - 2));
    if (!first)
        return std::nullopt;
    if (comma == std::string_view::npos)
        return Counter{*first, 0};
    const std::string_view rest = text.substr(comma + 1);
    const auto digits = rest.starts_with("F:") ? number(rest.substr(2)) : std::nullopt;
    if (!digits || *digits > max_digits)
        return std::nullopt;
    return Counter{*first, static_cast<std::size_t>(*digits)};
}

std::string spelled(const Counter& counter, std::int64_t index)
{
    std::string digits = std::to_string(counter.first + index);
    if (digits.size() < counter.digits)
        digits.insert(0, counter.digits - digits.size(), '0');
    return digits;
}

// If `private_ip` is empty, {IP} is not a pattern.
std::string expanded(std::string_view pattern, std::string_view private_ip, std::int64_t index, std::int64_t count)
{
    constexpr std::string_view address = "IP";
    std::string name;
    bool told_apart = count == 1;
    while (!pattern.empty()) {
        const auto end = pattern.front() == '{' ? pattern.find('}') : std::string_view::npos;
        const std::string_view inside = end == std::string_view::npos ? std::string_view{} : pattern.substr(1, end - 1);
        std::size_t used = 1;
        if (const auto counter = read_counter(inside)) {
            name += spelled(*counter, index);
            used = end + 1;
        } else if (inside == address && !private_ip.empty()) {
            name += private_ip;
            used = end + 1;
        } else {
            name += pattern.front();
        }
        told_apart = told_apart || used > 1;
        pattern.remove_prefix(used);
    }
    return told_apart ? name : name + std::to_string(index + 1);
}

} // namespace

std::string numbered_name(std::string_view pattern, std::int64_t index, std::int64_t count)
{
    return expanded(pattern, {}, index, count);
}

std::string host_name(std::string_view pattern, std::string_view private_ip, std::int64_t index, std::int64_t count)
{
    return expanded(pattern, private_ip, index, count);
}

} // namespace cvm::api
