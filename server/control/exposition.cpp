#include "server/control/exposition.hpp"

#include <array>
#include <charconv>
#include <chrono>

namespace cvm::control {

namespace {

template <class Number, class... Format>
std::string text_of(Number number, Format... format)
{
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number, format...).ptr};
}

double seconds(std::chrono::nanoseconds duration) { return std::chrono::duration<double>{duration}.count(); }

void append_escaped(std::string& out, std::string_view text, bool quotes)
{
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || (c == '"' && quotes))
            out += '\\';
        out += c;
    }
}

std::string_view name_of(Exposition::Kind kind)
{
    switch (kind) {
    case Exposition::Kind::counter:
        return "counter";
    case Exposition::Kind::gauge:
        return "gauge";
    case Exposition::Kind::histogram:
        return "histogram";
    }
    return {};
}

} // namespace

void Exposition::metric(std::string_view name, Kind kind, std::string_view help)
{
    name_ = name;
    text_.append("# HELP ").append(name).append(" ");
    append_escaped(text_, help, false);
    text_.append("\n# TYPE ").append(name).append(" ").append(name_of(kind)).append("\n");
}

void Exposition::sample(const Labels& labels, std::uint64_t value)
{
    begin_sample("", labels);
    end_sample(value);
}

void Exposition::sample(const Labels& labels, double value)
{
    begin_sample("", labels);
    end_sample(value);
}

void Exposition::sample(const Labels& labels, const Histogram& durations)
{
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < durations.buckets.size(); ++i) {
        so_far += durations.buckets[i];
        begin_sample("_bucket", labels,
                     i < Histogram::bounds.size() ? text_of(seconds(Histogram::bounds[i]), std::chars_format::fixed)
                                                  : std::string{"+Inf"});
        end_sample(so_far);
    }
    begin_sample("_sum", labels);
    end_sample(seconds(durations.sum));
    begin_sample("_count", labels);
    end_sample(so_far);
}

void Exposition::begin_sample(std::string_view suffix, const Labels& labels, std::string_view le)
{
    text_.append(name_).append(suffix);
    char before = '{';
    const auto add = [&](std::string_view name, std::string_view value) {
        text_.append(1, before).append(name).append("=\"");
        append_escaped(text_, value, true);
        text_ += '"';
        before = ',';
    };
    for (const auto& [name, value] : labels)
        add(name, value);
    if (!le.empty())
        add("le", le);
    if (before == ',')
        text_ += '}';
    text_ += ' ';
}

void Exposition::end_sample(std::uint64_t value) { text_.append(text_of(value)).append("\n"); }

void Exposition::end_sample(double value) { text_.append(text_of(value)).append("\n"); }

} // namespace cvm::control
