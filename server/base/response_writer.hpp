#pragma once

#include "server/base/json_text.hpp"

#include <string>
#include <string_view>

namespace cvm {

// How the successful answer to one call is written.
struct ResponseForm {
    bool numeric = false; // of the legacy API without a Version: {"code":0,...} in place of {"Response":{...}}
    AnswerText text{};
    std::string_view request_id{};
};

// The text of a successful answer, written from its beginning to its end: the envelope, the members in the order in
// which they are named, and RequestId where the product puts it.
class ResponseWriter {
public:
    explicit ResponseWriter(const ResponseForm& form);

    // The name of the member whose value is written next, by json().
    void name(std::string_view name);
    JsonWriter& json() { return json_; }

    template <class T>
    void member(std::string_view name, const T& value)
    {
        this->name(name);
        json_.value(value);
    }

    // The whole text. The writer is empty afterwards.
    std::string take();

private:
    void request_id();

    ResponseForm form_;
    JsonWriter json_;
    bool request_id_is_next_ = false;
    bool request_id_written_ = false;
};

} // namespace cvm
