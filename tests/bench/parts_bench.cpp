// The parts of a request, each measured alone.

#include "server/api/action.hpp"
#include "server/api/instance_json.hpp"
#include "server/api/orders.hpp"
#include "server/auth/verify.hpp"
#include "server/control/figures.hpp"
#include "server/wire/envelope.hpp"
#include "server/wire/render.hpp"
#include "state/store/account_repository.hpp"
#include "tests/bench/account_document.hpp"
#include "tests/support/call.hpp"
#include "tests/support/emulator.hpp"

#include <benchmark/benchmark.h>

using namespace cvm;
namespace json = boost::json;

namespace {

constexpr int instances = 1000;

// Two instances that are far from each other.
const std::array ids{bench::instance_id(123), bench::instance_id(876)};

test::Call describe_two()
{
    return {.action = "DescribeInstances", .params = {{"InstanceIds", json::value_from(ids)}}};
}

struct Loaded {
    Loaded() { emulator.control("PUT", "/_emulator/state", bench::account_document(instances)); }

    state::Account account() { return emulator.store.default_account().value(); }
    state::Instance instance(const std::string& id) { return emulator.store.find_instance(uin, id).value(); }

    test::Emulator emulator;
    const std::string uin = account().uin;
};

// From the request to the verdict on its signature.
void verify(benchmark::State& state)
{
    const test::Call call = describe_two();
    const http::Request request = test::sign(call, test::test_time);
    const auth::Key key{.secret_key = call.secret_key, .token = {}, .expires_at = {}};
    auth::SigningKeys signing_keys;
    for (auto _ : state) {
        const auto envelope = wire::open_envelope(request, call.dialect).value();
        const auto claim = auth::read_claim(envelope).value();
        if (auth::verify(envelope, claim, request, &key, signing_keys, test::test_time).refusal)
            state.SkipWithError("a good signature was refused");
    }
}

// From the text of the body to checked parameters.
void decode(benchmark::State& state)
{
    const test::Call call = describe_two();
    const http::Request request = test::sign(call, test::test_time);
    const auto envelope = wire::open_envelope(request, call.dialect).value();
    const api::Action& action = *api::find_action(call.action, call.version);
    for (auto _ : state) {
        json::monotonic_resource memory;
        const auto given = wire::action_params(envelope, request, &memory).value();
        if (!api::decode(action.fields, given, api::Source::json, api::Unknown::refused, &memory))
            state.SkipWithError("good parameters were refused");
    }
}

// Loads two of 1,000 instances from the store.
void load(benchmark::State& state)
{
    Loaded loaded;
    for (auto _ : state)
        for (const std::string& id : ids)
            benchmark::DoNotOptimize(loaded.instance(id));
}

// From two instances to the text of the answer of DescribeInstances.
void render(benchmark::State& state)
{
    Loaded loaded;
    const std::array found{loaded.instance(ids[0]), loaded.instance(ids[1])};
    const AnswerText text = answer_page("DescribeInstances", "2017-03-12")->text;
    for (auto _ : state) {
        ResponseWriter answer{wire::response_form(wire::Dialect::tc3, text, test::FixedRequestIds::value)};
        answer.member("TotalCount", 2);
        answer.name("InstanceSet");
        answer.json().begin_array();
        for (const state::Instance& instance : found)
            api::write(answer.json(), instance);
        answer.json().end_array();
        benchmark::DoNotOptimize(answer.take());
    }
}

// Renews one of 1,000 instances by a month: loads, pays, books and saves it in a transaction.
void renewal(benchmark::State& state)
{
    Loaded loaded;
    state::Store& store = loaded.emulator.store;
    const state::RenewalTerms terms{.period = std::chrono::months{1}, .renew_flag = {}};
    int next = 0;
    for (auto _ : state) {
        state::Transaction transaction{store};
        const state::Instance instance = loaded.instance(bench::instance_id(next++ % instances));
        const auto price = state::renewal_price(loaded.emulator.catalog.prices, instance, terms);
        state::Bookkeeper books{loaded.account(), test::test_time, state::Cause::request, test::FixedRequestIds::value};
        if (!api::buy_months(books, instance, price, terms.period, instance.expires_at.value()))
            state.SkipWithError("the account has no money left");
        store.save_instance(loaded.uin, state::renewed(instance, terms));
        state::save(store, books);
        transaction.commit();
    }
}

// The cost of counting a call.
void count(benchmark::State& state)
{
    control::RequestCounts counts;
    const control::CountedCall call{.action = api::find_action("RenewInstances", "2017-03-12"),
                                    .duration = std::chrono::microseconds{30}};
    for (auto _ : state) {
        counts.add(call);
        benchmark::ClobberMemory();
    }
}

// GET /metrics after a call of each action.
void scrape(benchmark::State& state)
{
    Loaded loaded;
    for (const api::Action* action : api::all_actions())
        loaded.emulator.figures.requests.add({.action = action});
    const http::Request request{boost::beast::http::verb::get, "/metrics", 11};
    for (auto _ : state)
        if (loaded.emulator.send(request).result_int() != 200)
            state.SkipWithError("there are no figures");
}

} // namespace

BENCHMARK(verify)->Unit(benchmark::kMicrosecond);
BENCHMARK(decode)->Unit(benchmark::kMicrosecond);
BENCHMARK(load)->Unit(benchmark::kMicrosecond);
BENCHMARK(render)->Unit(benchmark::kMicrosecond);
BENCHMARK(renewal)->Unit(benchmark::kMicrosecond);
BENCHMARK(count)->Unit(benchmark::kNanosecond);
BENCHMARK(scrape)->Unit(benchmark::kMicrosecond);
