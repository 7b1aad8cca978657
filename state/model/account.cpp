#include "state/model/account.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace cvm::state {

std::string next_order_id(Account& account, Instant now)
{
    if (account.orders >= max_orders)
        throw std::overflow_error{"the account " + account.uin + " has no order numbers left"};
    using namespace std::chrono;
    const year_month_day date{floor<days>(std::min(now + beijing_offset, latest))};
    std::string id = "00000000710000000000000";
    put_digits(id, 4, static_cast<int>(date.year()));
    put_digits(id, 6, static_cast<unsigned>(date.month()));
    put_digits(id, 8, static_cast<unsigned>(date.day()));
    put_digits(id, id.size(), ++account.orders);
    return id;
}

void complete_order(Account& account, Instant now, Deal& deal)
{
    deal.order_id = next_order_id(account, now);
    deal.created_at = now;
    if (deal.begins_at == Instant{})
        deal.begins_at = now;
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

std::string next_resource_id(Account& account, std::string_view prefix)
{
    if (account.resources >= max_resources)
        throw std::overflow_error{"the account " + account.uin + " has no resource numbers left"};
    // SplitMix64 over the Uin and the counter: looks like the vendor's ids and needs no source of randomness.
    std::uint64_t mixed = 0;
    for (const char c : account.uin)
        mixed = mixed * 31 + static_cast<unsigned char>(c);
    mixed += static_cast<std::uint64_t>(++account.resources) * 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    mixed ^= mixed >> 31U;
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string id{prefix};
    id += '-';
    for (int i = 0; i < 8; ++i, mixed /= digits.size())
        id += digits[mixed % digits.size()];
    return id;
}

} // namespace cvm::state
