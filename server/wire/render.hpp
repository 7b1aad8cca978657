#pragma once

#include "server/base/answer_text.hpp"
#include "server/base/error.hpp"
#include "server/base/response_writer.hpp"
#include "server/wire/envelope.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

// The exact bytes of an answer. Errors are compact JSON without a final line break, as observed from the real gateway;
// successes of API 3.0 are formatted as the product formats them (fixtures/catalog/answer_text.json). The forms of the
// legacy API are those of https://cloud.tencent.com/document/api/213/11656 and
// https://cloud.tencent.com/document/api/229/1348.

namespace cvm::wire {

// Formats a RequestId for the dialect: lower case in API 3.0, upper case in the legacy API.
std::string format_request_id(Dialect dialect, std::string request_id);

// The form of a success in the dialect: {"Response":{<data>,"RequestId":"..."}} formatted as `text`, which the action's
// page gives, or {"code":0,"message":"","codeDesc":"Success",<data>}; the legacy forms are always compact.
ResponseForm response_form(Dialect dialect, const AnswerText& text, std::string_view request_id);

// The text of a success with the members of `data`.
std::string render_success(const ResponseForm& form, const boost::json::object& data);

// {"Response":{"Error":{"Code":"...","Message":"..."},"RequestId":"..."}}, or
// {"code":4100,"message":"...","codeDesc":"..."}. `action` determines which legacy codes are documented; empty if it is
// not known yet. `message` replaces the code's text; empty: keep that text.
std::string render_error(ResponseFormat format, const Error& error, std::string_view action,
                         std::string_view request_id, std::string_view message = {});

// The code as sent to clients: that of API 3.0, or for legacy the same if the action's legacy page lists it, otherwise
// the nearest of the legacy common codes.
std::string_view wire_code(Dialect dialect, Errc code, std::string_view action);

} // namespace cvm::wire
