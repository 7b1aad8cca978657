#include "server/cli/answer.hpp"

#include "server/base/json_text.hpp"
#include "server/base/text.hpp"

#include <boost/json.hpp>

namespace cvm::cli {

namespace json = boost::json;

namespace {

std::string decimal(std::int64_t number, unsigned places)
{
    const bool negative = number < 0;
    std::string digits = std::to_string(number).substr(negative ? 1 : 0);
    if (digits.size() <= places)
        digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, ".");
    return (negative ? "-" : "") + digits;
}

void add_words(std::string& words, const std::string& name, const json::value& value)
{
    if (const auto* object = value.if_object()) {
        for (const auto& [key, inner] : *object) {
            const std::string_view separator = name.empty() || key.starts_with('/') ? "" : ".";
            add_words(words, name + std::string{separator} + std::string{key}, inner);
        }
        return;
    }
    words += words.empty() ? "" : " ";
    words += name;
    if (value != json::value(true))
        words += (name.empty() ? "" : "=") + shown(&value);
}

} // namespace

const json::value* member(const json::value& from, std::string_view name)
{
    const auto* object = from.if_object();
    return object != nullptr ? object->if_contains({name.data(), name.size()}) : nullptr;
}

const json::array& list_in(const json::value& from, std::string_view name)
{
    const json::value* value = member(from, name);
    if (value == nullptr || !value->is_array())
        throw BadAnswer{"has no list `" + std::string{name} + "`"};
    return value->get_array();
}

bool flag_in(const json::value& from, std::string_view name)
{
    const json::value* value = member(from, name);
    if (value == nullptr || !value->is_bool())
        throw BadAnswer{"has no boolean `" + std::string{name} + "`"};
    return value->get_bool();
}

std::string shown(const json::value* value)
{
    if (value == nullptr || value->is_null())
        return {};
    if (value->is_bool())
        return value->get_bool() ? "yes" : "no";
    if (const auto* text = value->if_string())
        return one_line({text->data(), text->size()});
    return one_line(json_text(*value));
}

std::string shown_in(const json::value& from, std::string_view name) { return shown(member(from, name)); }

std::string required_in(const json::value& from, std::string_view name)
{
    if (member(from, name) == nullptr)
        throw BadAnswer{"has no `" + std::string{name} + "`"};
    return shown_in(from, name);
}

std::string yuan(const json::value* cents)
{
    return cents != nullptr && cents->is_int64() ? decimal(cents->get_int64(), 2) : shown(cents);
}

std::string yuan_in(const json::value& from, std::string_view name) { return yuan(member(from, name)); }

std::string milliseconds_in(const json::value& from, std::string_view name)
{
    const json::value* micros = member(from, name);
    if (micros == nullptr || !micros->is_int64())
        return shown(micros);
    return decimal(micros->get_int64() / 10, 2);
}

std::string in_words(const json::value* value)
{
    std::string words;
    if (value != nullptr && !value->is_null())
        add_words(words, {}, *value);
    return words;
}

} // namespace cvm::cli
