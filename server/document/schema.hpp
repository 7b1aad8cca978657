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

// A regular expression that matches whole texts: ^...$ with characters, classes and quantifiers, or ^(...|...)$.
class SchemaPattern {
public:
    // Throws std::invalid_argument for an unsupported pattern.
    explicit SchemaPattern(std::string_view pattern);

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

struct SchemaProblem {
    std::string path; // accounts[0].Instances[2].RenewFlag
    std::string what;
};

// A JSON schema (draft 7), with the keywords that fixtures/state.schema.json uses. Not valijson, because that collects
// all problems of a document to show one, which takes over a hundred times the memory of the document, and is many
// times slower for a valid one. Tests compare this class with valijson.
class Schema {
public:
    // Throws std::invalid_argument for an unsupported schema.
    explicit Schema(const boost::json::value& schema);

    // A whole number must be written without a fraction: 1, not 1.0.
    bool allows(const boost::json::value& document) const { return root_->allows(document); }

    // The same for a part that a definition of the schema describes.
    bool allows(const boost::json::value& part, std::string_view definition) const
    {
        return definitions_.at(std::string{definition})->allows(part);
    }

    // The first violation of the schema, in the order of the document; nullopt for a valid document.
    std::optional<SchemaProblem> first_problem(const boost::json::value& document) const;

private:
    struct Node {
        bool allows(const boost::json::value& value) const;
        std::optional<SchemaProblem> first_problem(const boost::json::value& value, const std::string& path) const;
        std::optional<SchemaProblem> first_problem_inside(const boost::json::value& value,
                                                          const std::string& path) const;
        std::string why_refused(const boost::json::value& value) const;
        const Node* member(std::string_view name) const;
        const Node& target() const { return same_as != nullptr ? same_as->target() : *this; }
        bool allows_text(std::string_view text) const;
        bool allows_number(double number) const;
        bool allows_object(const boost::json::object& object) const;

        const Node* same_as = nullptr; // $ref
        unsigned kinds = ~0U;          // one bit for each boost::json::kind
        std::vector<boost::json::value> words;
        std::vector<const Node*> any_of;
        std::optional<SchemaPattern> pattern;
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

// fixtures/state.schema.json.
const Schema& state_schema();

} // namespace cvm
