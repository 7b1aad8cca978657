#pragma once

#include "server/base/answer_text.hpp"
#include "server/base/error.hpp"
#include "server/base/response_writer.hpp"
#include "server/wire/envelope.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

// The exact bytes of an answer. Refusals are compact JSON without a line break at the end, as those of the real gateway
// are observed; successes of API 3.0 are written as the product writes them (fixtures/catalog/answer_text.json).
// The forms of the legacy API are those of https://cloud.tencent.com/document/api/213/11656 and
// https://cloud.tencent.com/document/api/229/1348.

namespace cvm::wire {

// A RequestId as the dialect writes it: lower case in API 3.0, upper case in the legacy one.
std::string format_request_id(Dialect dialect, std::string request_id);

// How a success of the dialect is written: {"Response":{<data>,"RequestId":"..."}} as `text` of the action's page says,
// or
// {"code":0,"message":"","codeDesc":"Success",<data>}; the legacy forms are always compact.
ResponseForm response_form(Dialect dialect, const AnswerText& text, std::string_view request_id);

// The text of a success with these members.
std::string render_success(const ResponseForm& form, const boost::json::object& data);

// {"Response":{"Error":{"Code":"...","Message":"..."},"RequestId":"..."}}, or
// {"code":4100,"message":"...","codeDesc":"..."}. `action` tells which legacy codes are documented; empty if it is not
// known yet. `message` takes the place of the code's text; empty: that text.
std::string render_error(ResponseFormat format, const Error& error, std::string_view action,
                         std::string_view request_id, std::string_view message = {});

// The code on the wire: that of API 3.0, or for legacy the same where the action's legacy page lists it, otherwise the
// nearest of the legacy common codes.
std::string_view wire_code(Dialect dialect, Errc code, std::string_view action);

} // namespace cvm::wire
