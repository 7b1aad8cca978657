#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Rewrites a JSON text as the serialisers of different languages do. Numbers are not changed.

namespace cvm::auth {

struct JsonSpelling {
    std::string_view how; // description for people
    std::string_view item = ",";
    std::string_view colon = ":";
    std::string_view indent = {}; // for each level; empty: everything on one line
};

enum class JsonStrings {
    as_written,
    plain,         // only necessary escapes (JavaScript)
    ascii,         // non-ASCII characters as \u00e9 (Python)
    html,          // \u003c, \u003e, \u0026 (Go)
    ascii_slashes, // as ascii, and also \/ (PHP)
};

class JsonText {
public:
    // nullopt if the text is not JSON or nested deeper than 32 levels.
    static std::optional<JsonText> parse(std::string_view text);

    // nullopt if the result would be longer than `max_bytes`.
    std::optional<std::string> spelled(const JsonSpelling& spelling, JsonStrings strings, bool sorted,
                                       std::size_t max_bytes) const;

    struct Node {
        char kind = 0; // '{', '[', '"', or 0 for anything else
        std::string written;
        std::string decoded;     // of a string
        std::vector<Node> names; // of an object; same size as items
        std::vector<Node> items;
    };

private:
    Node root_;
};

} // namespace cvm::auth
