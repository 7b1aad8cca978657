// The speed of moving time: a year of 1,000 instances with automatic renewal every month, 12,000 renewals; and a month
// of 100 hourly instances.

#include "server/api/catch_up.hpp"
#include "state/store/account_repository.hpp"
#include "tests/bench/account_document.hpp"
#include "tests/support/emulator.hpp"

#include <benchmark/benchmark.h>

using namespace cvm;
namespace json = boost::json;

namespace {

constexpr int instances = 1000;
constexpr std::int64_t renewals = instances * 12;

std::string document() { return bench::account_document(instances); }

void count(benchmark::State& state, std::int64_t events, std::int64_t expected)
{
    if (events != expected)
        state.SkipWithError("not everything that is due has happened");
    state.counters["events/s"] =
        benchmark::Counter(static_cast<double>(expected), benchmark::Counter::kIsIterationInvariantRate);
}

// Only the rules: values in, values out.
void rules(benchmark::State& state)
{
    test::Emulator emulator;
    emulator.control("PUT", "/_emulator/state", document());
    const state::Account account = emulator.store.default_account().value();
    const state::Instant until = test::test_time + std::chrono::days{365};
    const state::Lifecycle& lifecycle = emulator.catalog.lifecycle_of(account);
    const state::SimulationInput input = state::load_due(emulator.store, account, until, lifecycle);
    std::int64_t events = 0;
    for (auto _ : state)
        events = std::ssize(state::simulate(input, lifecycle, emulator.catalog.prices, {.until = until}).events);
    count(state, events, renewals);
}

void hours(benchmark::State& state)
{
    const api::Catalog& catalog = api::built_in_catalog();
    state::SimulationInput input;
    input.account.balance.cash = {1'000'000'000};
    for (int i = 0; i < 100; ++i) {
        state::Instance instance;
        instance.id = "ins-" + std::to_string(10'000'000 + i);
        instance.type = "S5.MEDIUM2";
        instance.charge_type = state::ChargeType::postpaid_by_hour;
        instance.hourly_since = instance.charged_until = test::test_time;
        input.instances.push_back(state::scheduled(instance, catalog.lifecycles.front(), test::test_time));
    }
    std::int64_t charged = 0;
    for (auto _ : state)
        charged = state::simulate(input, catalog.lifecycles.front(), catalog.prices,
                                  {.until = test::test_time + std::chrono::hours{720}})
                      .hours.charged;
    count(state, charged, 72'000);
}

// The whole path: POST /_emulator/clock with the state in memory, up to the text of the answer.
void endpoint(benchmark::State& state)
{
    test::Emulator emulator;
    const std::string start = document();
    http::Request request{boost::beast::http::verb::post, "/_emulator/clock", 11};
    request.body() = R"({"advance":"P365D"})";
    std::string answer;
    for (auto _ : state) {
        state.PauseTiming();
        emulator.control("PUT", "/_emulator/state", start);
        state.ResumeTiming();
        answer = emulator.send(request).body();
    }
    count(state, std::ssize(json::parse(answer).at("events").as_array()), renewals);
}

} // namespace

BENCHMARK(rules)->Unit(benchmark::kMillisecond);
BENCHMARK(hours)->Unit(benchmark::kMillisecond);
BENCHMARK(endpoint)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
