#pragma once

#include "server/base/answer_text.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// JSON as the real service writes it: compact and in raw UTF-8, unless an AnswerText requests something else.
// Boost.JSON writes 76.5 as 7.65E1, but prices must look like prices. Strings must be UTF-8.

namespace cvm {

// The name of a member, which is written to the JSON without escaping. Checked at compile time.
class MemberName {
public:
    template <std::size_t N>
    consteval MemberName(const char (&text)[N]) : text_{text, N - 1} // NOLINT: a literal is a name
    {
        for (const char c : text_)
            if (c == '"' || c == '\\' || c == '/' || c < ' ')
                throw "a member's name that JSON must escape";
    }
    constexpr std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

// Writes JSON from beginning to end, without a tree. The caller must end what it begins, and name the members of
// objects. The writer adds the commas.
class JsonWriter {
public:
    explicit JsonWriter(const AnswerText& text = {}) : text_{text} {}

    void begin_object() { begin('{'); }
    void end_object() { end('}'); }
    void begin_array() { begin('['); }
    void end_array() { end(']'); }

    // Writes the name of the next value.
    void name(MemberName name);
    void any_name(std::string_view name); // may contain any characters

    void value(std::nullptr_t);
    void value(bool flag);
    void value(std::int64_t number);
    void value(std::uint64_t number);
    void value(int number) { value(std::int64_t{number}); }
    void value(double number); // a whole number is written without a fraction or an exponent
    void value(std::string_view text);
    void value(const std::string& text) { value(std::string_view{text}); }
    void value(const char* text) { value(std::string_view{text}); }
    void value(const boost::json::value& tree);
    void written(std::string_view json); // JSON that another writer with the same AnswerText has written

    template <class T>
    void value(const std::vector<T>& list)
    {
        begin_array();
        for (const T& item : list)
            value(item);
        end_array();
    }

    // nullopt is written as null.
    template <class T>
    void value(const std::optional<T>& maybe)
    {
        if (maybe)
            value(*maybe);
        else
            value(nullptr);
    }

    template <class T>
    void member(MemberName name, const T& value)
    {
        this->name(name);
        this->value(value);
    }

    // nullopt is omitted.
    template <class T>
    void maybe_member(MemberName name, const std::optional<T>& value)
    {
        if (value)
            member(name, *value);
    }

    const AnswerText& text() const { return text_; }

    // Returns what was written, and empties the writer.
    std::string take();

private:
    // Extends the text by `bytes` bytes and returns a pointer to them, valid until the next call.
    char* grow(std::size_t bytes)
    {
        if (size_ + bytes > buffer_.size())
            enlarge(bytes);
        char* const at = buffer_.data() + size_;
        size_ += bytes;
        return at;
    }
    void enlarge(std::size_t bytes);
    void append(std::string_view plain) { std::memcpy(grow(plain.size()), plain.data(), plain.size()); }
    void begin(char bracket);
    void end(char bracket);
    void separate();
    void quote(std::string_view text);
    void escape(std::string_view character);

    AnswerText text_;
    std::string buffer_; // the first size_ bytes are written
    std::size_t size_ = 0;
    bool comma_ = false; // a value precedes the next one on the same level
};

std::string json_text(const boost::json::value& value, const AnswerText& text = {});

} // namespace cvm
