#include "server/control/exposition.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;
using namespace std::chrono_literals;
using control::Exposition;
using control::Histogram;
using Kind = Exposition::Kind;

TEST_CASE("metrics are written with their help, their type and their samples")
{
    Exposition out;
    out.metric("calls_total", Kind::counter, "Calls.");
    out.sample({{"action", "RenewInstances"}, {"code", "OK"}}, std::uint64_t{18446744073709551615U});
    out.sample({{"action", "StopInstances"}, {"code", "OK"}}, std::uint64_t{0});
    out.metric("open", Kind::gauge, "Open.");
    out.sample({}, 1.5);
    CHECK(out.take() == "# HELP calls_total Calls.\n"
                        "# TYPE calls_total counter\n"
                        "calls_total{action=\"RenewInstances\",code=\"OK\"} 18446744073709551615\n"
                        "calls_total{action=\"StopInstances\",code=\"OK\"} 0\n"
                        "# HELP open Open.\n"
                        "# TYPE open gauge\n"
                        "open 1.5\n");
}

TEST_CASE("texts are escaped as the format asks for: quotes in values of labels alone")
{
    Exposition out;
    out.metric("a", Kind::gauge, "back\\slash, \"quote\",\nline");
    out.sample({{"l", "back\\slash, \"quote\",\nline, 续费"}}, std::uint64_t{1});
    CHECK(out.take() == "# HELP a back\\\\slash, \"quote\",\\nline\n"
                        "# TYPE a gauge\n"
                        "a{l=\"back\\\\slash, \\\"quote\\\",\\nline, 续费\"} 1\n");
}

TEST_CASE("the buckets of a histogram hold all that is below, and the last one everything")
{
    Histogram durations;
    for (const std::chrono::nanoseconds duration : {0ns, 10'000ns, 10'001ns, 25'000ns, 40'000ns, 1'000'000'000ns})
        durations.add(duration);
    durations.add(3s);
    Exposition out;
    out.metric("d_seconds", Kind::histogram, "D.");
    out.sample({{"action", "A"}}, durations);
    CHECK(out.take() == "# HELP d_seconds D.\n"
                        "# TYPE d_seconds histogram\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.00001\"} 2\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.000025\"} 4\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.00005\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.0001\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.00025\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.0005\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.001\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.0025\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.005\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.01\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.05\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.1\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"0.5\"} 5\n"
                        "d_seconds_bucket{action=\"A\",le=\"1\"} 6\n"
                        "d_seconds_bucket{action=\"A\",le=\"+Inf\"} 7\n"
                        "d_seconds_sum{action=\"A\"} 4.000085001\n"
                        "d_seconds_count{action=\"A\"} 7\n");
}
