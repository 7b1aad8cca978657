#include "server/api/instance_size.hpp"

#include <algorithm>
#include <charconv>

namespace cvm::api {

namespace {

// Removes a leading number from `text`. nullopt if there is none or it has more than six digits.
std::optional<std::int64_t> take_number(std::string_view& text)
{
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > 6)
        return std::nullopt;
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + digits, number);
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, std::string_view word)
{
    if (!text.starts_with(word))
        return false;
    text.remove_prefix(word.size());
    return true;
}

} // namespace

std::optional<InstanceSize> read_size(std::string_view size, const SizeWords& words)
{
    const bool counted = !size.empty() && size.front() >= '0' && size.front() <= '9';
    const auto count = counted ? take_number(size) : 1;
    const auto word = words.find(size.substr(0, std::min(size.find_first_of("0123456789"), size.size())));
    if (!count || word == words.end())
        return std::nullopt;
    size.remove_prefix(word->first.size());
    const auto memory = take_number(size);
    if (!memory || !size.empty())
        return std::nullopt;
    return InstanceSize{*count * word->second, *memory};
}

std::optional<InstanceSize> read_host_type(std::string_view name, std::string_view family)
{
    if (!take(name, family) || !take(name, "_"))
        return std::nullopt;
    const auto cpu = take_number(name);
    if (!cpu || *cpu == 0 || !take(name, "C"))
        return std::nullopt;
    const auto memory = take_number(name);
    if (!memory || *memory == 0 || name != "G")
        return std::nullopt;
    return InstanceSize{*cpu, *memory};
}

} // namespace cvm::api
