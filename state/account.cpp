#include "state/account.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace cvm::state {

std::string next_order_id(Account& account, Instant now)
{
    using namespace std::chrono;
    const year_month_day date{floor<days>(now + hours{8})};
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04d%02u%02u71%013lld", static_cast<int>(date.year()),
                                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                     static_cast<long long>(++account.orders));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::int64_t order_number(std::string_view order_id)
{
    constexpr std::size_t date = 8;
    constexpr std::string_view mark = "71";
    constexpr std::size_t digits = 13;
    std::int64_t number = 0;
    if (order_id.size() != date + mark.size() + digits || order_id.substr(date, mark.size()) != mark)
        return 0;
    const auto [end, ec] =
        std::from_chars(order_id.data() + date + mark.size(), order_id.data() + order_id.size(), number);
    return ec == std::errc{} && end == order_id.data() + order_id.size() ? std::max(number, std::int64_t{0}) : 0;
}

} // namespace cvm::state
