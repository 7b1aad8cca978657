#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <bitset>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm {

// A regular expression for a whole text: ^...$ with characters, classes and their counts, or ^(...|...)$.
class QuickPattern {
public:
    // Throws std::invalid_argument for one that it cannot read.
    explicit QuickPattern(std::string_view pattern);

    bool matches(std::string_view text) const;

private:
    struct Item {
        std::bitset<256> allowed; // by character
        std::size_t least = 1;
        std::size_t most = 1;
    };

    static std::vector<Item> parse(std::string_view sequence);
    static bool matches(const Item* item, const Item* end, std::string_view text);

    std::vector<std::vector<Item>> alternatives_;
};

// A JSON schema made ready to say yes at once to a good document, which takes a library for every kind of schema many
// times as long. It knows the words that fixtures/state.schema.json uses.
class QuickSchema {
public:
    // Throws std::invalid_argument for a schema that it cannot read.
    explicit QuickSchema(const boost::json::value& schema);

    // False for a document that the schema does not allow, and for one with something unusual, such as 1.0 for a whole
    // number: first_schema_problem() decides.
    bool allows(const boost::json::value& document) const { return root_->allows(document); }

    // The same for what a definition of the schema describes.
    bool allows(const boost::json::value& part, std::string_view definition) const
    {
        return definitions_.at(std::string{definition})->allows(part);
    }

private:
    struct Node {
        bool allows(const boost::json::value& value) const;
        bool allows_text(std::string_view text) const;
        bool allows_number(double number) const;
        bool allows_object(const boost::json::object& object) const;

        const Node* same_as = nullptr; // $ref
        unsigned kinds = ~0U;          // a bit for each boost::json::kind
        std::vector<boost::json::value> words;
        std::vector<const Node*> any_of;
        std::optional<QuickPattern> pattern;
        std::size_t shortest = 0;
        std::optional<std::size_t> longest;
        std::optional<double> minimum;
        std::optional<double> maximum;
        const Node* items = nullptr;
        std::size_t fewest = 0;
        std::optional<std::size_t> most;
        bool has_members = false;
        std::vector<std::pair<std::string, const Node*>> members; // sorted
        std::vector<std::string> required;
    };

    const Node* read(const boost::json::value& schema);
    void read_word(std::string_view word, const boost::json::value& value, Node& node);

    std::deque<Node> nodes_;
    std::map<std::string, Node*> definitions_;
    const Node* root_ = nullptr;
};

} // namespace cvm
