#include "server/control/figures.hpp"

#include <algorithm>

namespace cvm::control {

namespace {

std::size_t position(const api::Action* action)
{
    const auto all = api::all_actions();
    return static_cast<std::size_t>(std::ranges::find(all, action) - all.begin());
}

} // namespace

void Histogram::add(std::chrono::nanoseconds duration) noexcept
{
    const auto bucket = std::ranges::find_if(bounds, [&](auto bound) { return duration <= bound; });
    ++buckets[static_cast<std::size_t>(bucket - bounds.begin())];
    sum += duration;
}

RequestCounts::RequestCounts()
    : calls_(place(api::all_actions().size() + 1, 0)), durations_(api::all_actions().size() + 1)
{
}

std::size_t RequestCounts::place(std::size_t action, std::size_t told)
{
    return action * (2 + all_errors().size()) + told;
}

void RequestCounts::add(const CountedCall& call) noexcept
{
    const std::size_t action = position(call.action);
    ++calls_[place(action, call.silent ? told_nothing : call.error ? told(*call.error) : told_ok)];
    durations_[action].add(call.duration);
}

void RequestCounts::add_other(unsigned status) noexcept { ++others_[status < statuses ? status : 0]; }

void RequestCounts::add(http::Refusal reason) noexcept { ++refusals_.at(static_cast<std::size_t>(reason)); }

} // namespace cvm::control
