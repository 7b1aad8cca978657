#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

// A line of the log without its time and level: fields and a sentence, in one of two formats. Values and the sentence
// may contain any bytes; invalid UTF-8 becomes U+FFFD.

namespace cvm {

// Refers to its texts without copying them. A field with an empty text is omitted from the line.
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
    std::string_view name_; // lower-case letters and _
    std::variant<std::string_view, std::int64_t> value_;
};

using LogFields = std::initializer_list<LogField>;

// The maximum length of a line in bytes, and of the text of a field, measured after JSON escaping. Anything longer is
// cut and ends with "...".
inline constexpr std::size_t max_log_line = 4000;
inline constexpr std::size_t max_log_value = 1500;

// For people: request_id=... code=OK and the sentence. A value with a space, a quote, a backslash or a = is quoted.
// Control characters become "?"; further lines of the sentence are indented, so that none looks like a line of the log.
std::string text_line(std::string_view message, LogFields fields);

// The members of a JSON object, without its brackets: "request_id":"...","code":"OK","msg":"...".
std::string json_members(std::string_view message, LogFields fields);

} // namespace cvm
