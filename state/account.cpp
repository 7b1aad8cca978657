#include "state/account.hpp"

#include <array>
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

} // namespace cvm::state
