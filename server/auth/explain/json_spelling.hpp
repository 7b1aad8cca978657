#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// One JSON text as the serialisers of different languages write it. Numbers stay as they are written.

namespace cvm::auth {

struct JsonSpelling {
    std::string_view how; // for people
    std::string_view item = ",";
    std::string_view colon = ":";
    std::string_view indent = {}; // of each level; empty: all in one line
};

enum class JsonStrings {
    as_written,
    plain,         // nothing escaped but what must be (JavaScript)
    ascii,         // \u00e9 for what is not ASCII (Python)
    html,          // \u003c, \u003e, \u0026 (Go)
    ascii_slashes, // as ascii, and \/ (PHP)
};

class JsonText {
public:
    // nullopt if the text is not JSON or is nested deeper than 32.
    static std::optional<JsonText> parse(std::string_view text);

    // nullopt if it would be longer than `max_bytes`.
    std::optional<std::string> spelled(const JsonSpelling& spelling, JsonStrings strings, bool sorted,
                                       std::size_t max_bytes) const;

    struct Node {
        char kind = 0; // '{', '[', '"', or 0 for anything else
        std::string written;
        std::string decoded;     // of a string
        std::vector<Node> names; // of an object, as many as items
        std::vector<Node> items;
    };

private:
    Node root_;
};

} // namespace cvm::auth
