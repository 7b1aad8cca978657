#pragma once

#include "server/base/answer_text.hpp"

#include <boost/json/value.hpp>

#include <string>

namespace cvm::wire {

// JSON as the real service writes it, compact and in raw UTF-8 unless `text` asks for something else. Boost.JSON writes
// 76.5 as 7.65E1; prices must look like prices. Strings must be UTF-8.
std::string json_text(const boost::json::value& value, const AnswerText& text = {});

} // namespace cvm::wire
