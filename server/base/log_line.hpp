#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

// A line of the log without its time and level: fields and a sentence, written in one of two forms. Any bytes may stand
// in a value or the sentence; what is not UTF-8 becomes U+FFFD.

namespace cvm {

// Borrows its texts. One with an empty text is left out of the line.
class LogField {
public:
    LogField(std::string_view name, std::string_view text) : name_{name}, value_{text} {}
    template <std::integral T>
    LogField(std::string_view name, T number) : name_{name}, value_{static_cast<std::int64_t>(number)}
    {
    }

    std::string_view name() const noexcept { return name_; }
    const std::variant<std::string_view, std::int64_t>& value() const noexcept { return value_; }

private:
    std::string_view name_; // small letters and _
    std::variant<std::string_view, std::int64_t> value_;
};

using LogFields = std::initializer_list<LogField>;

// The longest line in bytes, and the longest text of a field, which counts as it is escaped in JSON. What is longer is
// cut and ends with "...".
inline constexpr std::size_t max_log_line = 4000;
inline constexpr std::size_t max_log_value = 1500;

// For people: request_id=... code=OK and the sentence. A value with a blank, a quote, a backslash or a = stands in
// quotes. Control characters become "?"; further lines of the sentence are indented, so that none looks like a line of
// the log.
std::string text_line(std::string_view message, LogFields fields);

// The members of a JSON object, without its brackets: "request_id":"...","code":"OK","msg":"...".
std::string json_members(std::string_view message, LogFields fields);

} // namespace cvm
