#include "server/base/json_numbers.hpp"

#include <boost/json.hpp>

#include <cmath>

namespace cvm {

namespace json = boost::json;

std::optional<std::int64_t> whole_number(double number) noexcept
{
    constexpr double exact = 9007199254740992.0; // 2^53
    if (std::trunc(number) != number || std::abs(number) > exact)
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

void make_whole_numbers(json::value& tree)
{
    if (auto* object = tree.if_object()) {
        for (auto& member : *object)
            make_whole_numbers(member.value());
    } else if (auto* list = tree.if_array()) {
        for (json::value& item : *list)
            make_whole_numbers(item);
    } else if (const double* number = tree.if_double()) {
        if (const auto whole = whole_number(*number))
            tree = *whole;
    }
}

std::string_view without_byte_order_mark(std::string_view text) noexcept
{
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

} // namespace cvm
