#pragma once

#include "server/base/json_text.hpp"

#include <string>
#include <string_view>

namespace cvm {

// How the successful answer to one call is formatted.
struct ResponseForm {
    bool numeric = false; // for the legacy API without a Version: {"code":0,...} instead of {"Response":{...}}
    AnswerText text{};
    std::string_view request_id{};
};

// Writes a successful answer from beginning to end: the envelope, the members in the order in which they are named, and
// RequestId where the product puts it.
class ResponseWriter {
public:
    explicit ResponseWriter(const ResponseForm& form);

    // Writes the name of a member; its value is written next, by json().
    void name(std::string_view name);
    JsonWriter& json() { return json_; }

    template <class T>
    void member(std::string_view name, const T& value)
    {
        this->name(name);
        json_.value(value);
    }

    // Returns the whole text, and empties the writer.
    std::string take();

private:
    void request_id();

    ResponseForm form_;
    JsonWriter json_;
    bool request_id_is_next_ = false;
    bool request_id_written_ = false;
};

} // namespace cvm
