#include "server/cli/given.hpp"

#include <charconv>

namespace cvm::cli {

void Given::set(std::string_view name, std::vector<std::string> values, std::string_view variable)
{
    values_.insert_or_assign(std::string{name}, std::move(values));
    variables_.insert_or_assign(std::string{name}, std::string{variable});
}

bool Given::has(std::string_view name) const { return !all(name).empty(); }

std::string Given::text(std::string_view name) const { return has(name) ? all(name).back() : std::string{}; }

const std::vector<std::string>& Given::all(std::string_view name) const
{
    static const std::vector<std::string> none;
    const auto at = values_.find(name);
    return at != values_.end() ? at->second : none;
}

std::string Given::variable_of(std::string_view name) const
{
    const auto at = variables_.find(name);
    return at != variables_.end() ? at->second : std::string{};
}

std::optional<std::int64_t> Given::number(std::string_view name) const
{
    if (!has(name))
        return std::nullopt;
    const std::string& digits = all(name).back();
    std::int64_t value = 0;
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (ec != std::errc{} || end != digits.data() + digits.size())
        throw UsageError{std::string{name} + " must be a whole number"};
    return value;
}

} // namespace cvm::cli
