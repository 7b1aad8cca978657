#include "server/base/log_line.hpp"

#include "server/base/json_text.hpp"
#include "server/base/text.hpp"

#include <algorithm>

namespace cvm {

namespace {

constexpr std::string_view ellipsis = "...";

// Reserved for what follows a long text: names, numbers and the end of the line.
constexpr std::size_t kept_free = 200;

constexpr std::size_t punctuation = 6; // around a member with a text

// The maximum number of bytes that a byte of valid UTF-8 takes in a JSON string.
std::size_t escaped_size(char c)
{
    constexpr std::size_t of_control = 6; // \u001f
    if (static_cast<unsigned char>(c) < ' ')
        return of_control;
    return c == '"' || c == '\\' ? 2 : 1;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Valid UTF-8 that takes at most `limit` bytes after escaping.
std::string fitting(std::string_view text, std::size_t limit)
{
    std::string valid = valid_utf8(text.substr(0, max_log_line));
    std::size_t size = 0;
    std::size_t end = 0; // of the part that leaves room for the ellipsis
    for (std::size_t i = 0; i < valid.size(); ++i) {
        if (size + ellipsis.size() <= limit && !continues_character(valid[i]))
            end = i;
        size += escaped_size(valid[i]);
        if (size > limit)
            return valid.substr(0, end) + std::string{ellipsis};
    }
    return valid;
}

// The maximum length of the next text in a line that already has `used` bytes.
std::size_t room(std::size_t used, std::size_t most)
{
    return std::min(most, max_log_line - std::min(max_log_line, used + kept_free));
}

void append_value(std::string& line, const std::string& value)
{
    if (value.find_first_of(" \"\\=") == std::string::npos) {
        line += value;
        return;
    }
    line += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\')
            line += '\\';
        line += c;
    }
    line += '"';
}

std::string sentence(std::string_view text)
{
    const auto end = text.find('\n');
    std::string lines = one_line(text.substr(0, end));
    if (end != std::string_view::npos)
        lines += "\n" + indented(text.substr(end + 1));
    return lines;
}

bool is_left_out(const LogField& field)
{
    const auto* text = std::get_if<std::string_view>(&field.value());
    return text != nullptr && text->empty();
}

} // namespace

std::string text_line(std::string_view message, LogFields fields)
{
    std::string line;
    for (const LogField& field : fields) {
        if (is_left_out(field))
            continue;
        line.append(line.empty() ? "" : " ").append(field.name()).append("=");
        if (const auto* number = std::get_if<std::int64_t>(&field.value()))
            line += std::to_string(*number);
        else
            append_value(
                line, one_line(fitting(std::get<std::string_view>(field.value()), room(line.size(), max_log_value))));
    }
    if (!message.empty())
        line.append(line.empty() ? "" : " ").append(sentence(fitting(message, room(line.size(), max_log_line))));
    return line.substr(0, max_log_line); // indentation may have made it longer
}

std::string json_members(std::string_view message, LogFields fields)
{
    JsonWriter json;
    json.begin_object();
    std::size_t used = 0;
    const auto add = [&](std::string_view name, std::string_view text, std::size_t most) {
        const std::string value = fitting(text, room(used, most));
        for (const char c : value)
            used += escaped_size(c);
        json.any_name(name);
        json.value(value);
    };
    for (const LogField& field : fields) {
        if (is_left_out(field))
            continue;
        used += field.name().size() + punctuation;
        if (const auto* number = std::get_if<std::int64_t>(&field.value())) {
            json.any_name(field.name());
            json.value(*number);
        } else {
            add(field.name(), std::get<std::string_view>(field.value()), max_log_value);
        }
    }
    if (!message.empty() || used == 0)
        add("msg", message, max_log_line);
    json.end_object();
    const std::string object = json.take();
    return object.substr(1, object.size() - 2);
}

} // namespace cvm
