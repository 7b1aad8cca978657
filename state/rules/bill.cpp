#include "state/rules/bill.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <tuple>

namespace cvm::state {

namespace {

std::chrono::year_month_day beijing_day(Instant instant)
{
    return std::chrono::floor<std::chrono::days>(instant + beijing_offset);
}

BillMonth month(std::chrono::year_month month)
{
    const auto begin = [](std::chrono::year_month m) -> Instant {
        return std::chrono::sys_days{m / std::chrono::day{1}} - beijing_offset;
    };
    return {begin(month), begin(month + std::chrono::months{1})};
}

std::chrono::year_month name_of(const BillMonth& month)
{
    const auto day = beijing_day(month.begins);
    return day.year() / day.month();
}

std::optional<int> number(std::string_view digits)
{
    int value = 0;
    const char* const last = digits.data() + digits.size();
    const auto [end, ec] = std::from_chars(digits.data(), last, value);
    return ec == std::errc{} && end == last && digits.front() != '-' ? std::optional{value} : std::nullopt;
}

bool of_vendor(const LedgerLine& line) { return (line.from == Book::vendor) != (line.to == Book::vendor); }

void add(Payments& paid, const LedgerLine& line)
{
    const bool back = line.from == Book::vendor;
    const Cents amount = back ? Cents{} - line.amount : line.amount;
    switch (back ? line.to : line.from) {
    case Book::income:
        paid.transfer += amount;
        return;
    case Book::present:
        paid.incentive += amount;
        return;
    case Book::voucher:
        paid.voucher += amount;
        return;
    case Book::cash:
    case Book::owed:
    case Book::frozen:
    case Book::vendor:
    case Book::reserve:
    case Book::outside:
        paid.cash += amount;
        return;
    }
}

BillAction action_of(const Deal& deal)
{
    if (deal.action == "preToPost")
        return BillAction::to_hourly;
    if (deal.status == DealStatus::refunded && deal.action == "refund")
        return BillAction::refund;
    if (deal.action == "renew")
        return BillAction::renewal;
    return deal.action == "purchase" ? BillAction::purchase : BillAction::change;
}

BillEntry begun(const LedgerLine& line, const std::optional<Deal>& deal)
{
    BillEntry entry{.order_id = line.order_id,
                    .resource_id = line.resource_id,
                    .prepaid = line.cause != Cause::usage,
                    .paid_at = line.at,
                    .begins = line.at,
                    .ends = line.at};
    entry.action = line.cause == Cause::usage ? BillAction::hours : BillAction::other;
    if (deal) {
        entry.action = action_of(*deal);
        entry.sub_product = deal->sub_product;
        entry.zone = deal->zone;
        entry.months = deal->months;
        if (deal->months > 0) {
            entry.begins = deal->begins_at;
            entry.ends = add_months(deal->begins_at, std::chrono::months{deal->months});
        }
        // A line from the vendor belongs to an order that gives money back.
        entry.original = line.from == Book::vendor ? Cents{} - deal->original : deal->original;
    }
    return entry;
}

} // namespace

BillMonth bill_month_of(Instant instant)
{
    const auto day = beijing_day(instant);
    return month(day.year() / day.month());
}

std::optional<BillMonth> parse_bill_month(std::string_view text)
{
    constexpr std::size_t year_digits = 4;
    if (text.size() != year_digits + 3 || text[year_digits] != '-')
        return std::nullopt;
    const auto year = number(text.substr(0, year_digits));
    const auto of_year = number(text.substr(year_digits + 1));
    if (!year || !of_year || *year < 1970 || *year > 9998 || *of_year < 1 || *of_year > 12)
        return std::nullopt;
    return month(std::chrono::year{*year} / *of_year);
}

std::string format_bill_month(const BillMonth& month)
{
    const auto name = name_of(month);
    std::array<char, 32> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04d-%02u", static_cast<int>(name.year()),
                                     static_cast<unsigned>(name.month()));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::int64_t months_between(const BillMonth& earlier, const BillMonth& later)
{
    return (name_of(later) - name_of(earlier)).count();
}

Payments& Payments::operator+=(const Payments& other)
{
    cash += other.cash;
    transfer += other.transfer;
    incentive += other.incentive;
    voucher += other.voucher;
    return *this;
}

std::vector<BillEntry> bill_of(std::span<const LedgerLine> lines, const FindDeal& find_deal)
{
    std::vector<BillEntry> entries;
    // The key is the order, or the resource and the day of its use; a line with neither is grouped by its cause.
    std::map<std::tuple<std::string, std::string, std::string, std::chrono::sys_days>, std::size_t> known;
    for (const LedgerLine& line : lines) {
        if (!of_vendor(line))
            continue;
        const bool use = line.cause == Cause::usage;
        const auto [at, fresh] = known.try_emplace(
            {line.order_id, line.resource_id, use ? "" : line.cause_id,
             use ? std::chrono::floor<std::chrono::days>(line.at + beijing_offset) : std::chrono::sys_days{}},
            entries.size());
        if (fresh)
            entries.push_back(begun(line, line.order_id.empty() ? std::nullopt : find_deal(line.order_id)));
        BillEntry& entry = entries[at->second];
        add(entry.paid, line);
        if (use) {
            entry.used += line.used;
            entry.begins = std::min(entry.begins, line.at);
        }
    }
    for (BillEntry& entry : entries) {
        if (entry.action == BillAction::hours)
            entry.ends = std::min(latest, entry.begins + entry.used);
        if (entry.action == BillAction::hours || entry.action == BillAction::other)
            entry.original = entry.paid.total();
    }
    return entries;
}

void BillSum::add(const BillEntry& entry)
{
    paid += entry.paid;
    original += entry.original;
}

BillSum sum_of(std::span<const BillEntry> entries)
{
    BillSum sum;
    for (const BillEntry& entry : entries)
        sum.add(entry);
    return sum;
}

std::int64_t ratio(Cents part, Cents whole)
{
    if (part <= Cents{} || whole <= Cents{})
        return 0;
    __extension__ using Wide = __int128;
    constexpr int hundredths_of_a_percent = 10'000;
    return static_cast<std::int64_t>((static_cast<Wide>(part.value) * hundredths_of_a_percent * 2 + whole.value) /
                                     (static_cast<Wide>(whole.value) * 2));
}

} // namespace cvm::state
