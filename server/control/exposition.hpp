#pragma once

#include "server/control/figures.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm::control {

// Writes the text format 0.0.4 of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).
class Exposition {
public:
    enum class Kind { counter, gauge, histogram };
    using Labels = std::vector<std::pair<std::string_view, std::string_view>>; // values may be any UTF-8

    static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

    // Begins a metric; the following samples belong to it. Durations are in seconds.
    void metric(std::string_view name, Kind kind, std::string_view help);
    void sample(const Labels& labels, std::uint64_t value);
    void sample(const Labels& labels, double value);
    void sample(const Labels& labels, const Histogram& durations);

    std::string take() { return std::move(text_); }

private:
    void begin_sample(std::string_view suffix, const Labels& labels, std::string_view le = {});
    void end_sample(std::uint64_t value);
    void end_sample(double value);

    std::string text_;
    std::string name_;
};

} // namespace cvm::control
