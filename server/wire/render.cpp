#include "server/wire/render.hpp"

#include "server/base/json_text.hpp"
#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::wire {

namespace json = boost::json;

namespace {

// Arguments come from requests: they may contain any bytes, and megabytes of them.
Error with_printable_arguments(Error error)
{
    for (std::string& arg : error.args)
        arg = printable(arg);
    return error;
}

std::string numeric_error(const ErrorEntry& e, const std::string& text)
{
    return json_text(json::object{{"code", e.legacy_number}, {"message", text}, {"codeDesc", e.code_desc}});
}

std::string text_of(ResponseFormat format, const Error& error, std::string_view given)
{
    const ErrorEntry& e = entry(error.code);
    if (!given.empty())
        return std::string{given};
    if (format.dialect == Dialect::legacy_numeric && !e.legacy_message.empty())
        return std::string{e.legacy_message};
    return message(error, format.language);
}

} // namespace

std::string format_request_id(Dialect dialect, std::string request_id)
{
    if (is_legacy(dialect))
        std::ranges::transform(request_id, request_id.begin(),
                               [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    return request_id;
}

ResponseForm response_form(Dialect dialect, const AnswerText& text, std::string_view request_id)
{
    return {.numeric = dialect == Dialect::legacy_numeric,
            .text = is_legacy(dialect) ? AnswerText{} : text,
            .request_id = request_id};
}

std::string render_success(const ResponseForm& form, const json::object& data)
{
    ResponseWriter writer{form};
    for (const auto& [name, value] : data)
        writer.member(std::string_view{name}, value);
    return writer.take();
}

std::string render_error(ResponseFormat format, const Error& error, std::string_view action,
                         std::string_view request_id, std::string_view message)
{
    const Error shown = with_printable_arguments(error);
    const std::string text = text_of(format, shown, message);
    if (format.dialect == Dialect::legacy_numeric)
        return numeric_error(entry(shown.code), text);
    json::object problem{{"Code", wire_code(format.dialect, shown.code, action)}, {"Message", text}};
    json::object response;
    response.emplace("Error", std::move(problem));
    response.emplace("RequestId", request_id);
    json::object answer;
    answer.emplace("Response", std::move(response));
    return json_text(answer);
}

std::string_view wire_code(Dialect dialect, Errc code, std::string_view action)
{
    const ErrorEntry& e = entry(code);
    if (!is_legacy(dialect))
        return e.code;
    // All legacy pages with a Version are of this version.
    const DocumentedCodes* documented = documented_codes(action, "2017-03-12");
    return documented != nullptr && contains(documented->legacy_codes, e.code) ? e.code : e.legacy_code;
}

} // namespace cvm::wire
