// Build-time tool: gen_errors OUT_DIR ERRORS.json COMMON_CODES.json ACTION.json...
//
// Turns the error vocabulary into an enum (errc.gen.hpp) and a table, and the documented codes of each action into
// sorted arrays (errors.gen.hpp), so that a misspelt code does not compile. A file whose text has not changed is not
// written, so that nothing is recompiled. Fails if two entries would have the same enumerator, if an action documents a
// code that the vocabulary lacks, or if a placeholder of a text has no explanation.

#include "server/tools/generator.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace json = boost::json;
using namespace cvm::tools;

namespace {

bool upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// InvalidInstanceId.NotFound -> invalid_instance_id_not_found; IPv6AddressMalformed -> ipv6_address_malformed;
// NOT_SUPPORT_THIS_ACTION -> not_support_this_action.
std::string snake_case(std::string code)
{
    if (const auto at = code.find("IPv"); at != std::string::npos)
        code.replace(at, 3, "Ipv");
    std::string out;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        if (c == '.' || c == '_') {
            out += '_';
            continue;
        }
        const bool starts_word = upper(c) && i > 0 && code[i - 1] != '.' && code[i - 1] != '_' &&
                                 (!upper(code[i - 1]) || (i + 1 < code.size() && !upper(code[i + 1]) &&
                                                          code[i + 1] != '.' && code[i + 1] != '_'));
        if (starts_word)
            out += '_';
        out += lower(c);
    }
    return out;
}

// The documented codes of an action's page with the way to provoke each, sorted by code.
std::map<std::string, std::string> reached(const json::object& codes)
{
    std::map<std::string, std::string> sorted;
    for (const auto& [code, how] : codes) {
        const std::string word{how.as_string()};
        if (word != "natural" && word != "rule" && word != "header")
            throw std::runtime_error{std::string{code} + ": '" + word + "' is none of natural, rule, header"};
        sorted.emplace(code, word);
    }
    return sorted;
}

void write_codes(std::ostream& out, const std::string& name, const json::array& codes,
                 const std::map<std::string, std::string>& first)
{
    std::set<std::string> sorted;
    for (const auto& code : codes)
        sorted.insert(std::string{code.as_string()});
    out << "inline constexpr std::array<std::string_view, " << sorted.size() << "> " << name << "{{\n";
    for (const auto& code : sorted) {
        if (!first.contains(code) && name.find("legacy") == std::string::npos)
            throw std::runtime_error{name + ": code " + code + " is not in errors.json"};
        out << "    " << literal(code) << ",\n";
    }
    out << "}};\n";
}

// What is generated from the vocabulary.
constexpr std::size_t max_places = 3; // the size of ErrorEntry::places

struct Vocabulary {
    std::map<std::string, std::string> first; // code -> enumerator, for codes without a variant
    std::string enumerators;
    std::string rows;
    std::string places; // name and example
    std::size_t size = 0;
    std::size_t number_of_places = 0;
};

// The number of arguments that a text needs: one more than the largest n of its {n}.
std::size_t arguments(std::string_view text)
{
    std::size_t needed = 0;
    for (std::size_t i = 0; i + 2 < text.size(); ++i)
        if (text[i] == '{' && text[i + 1] >= '0' && text[i + 1] <= '9' && text[i + 2] == '}')
            needed = std::max(needed, static_cast<std::size_t>(text[i + 1] - '0') + 1);
    return needed;
}

// Explains the arguments of an entry's texts, as the initialiser of an array.
std::string places_of(const json::object& entry, const json::object& known)
{
    const auto* words = entry.if_contains("places");
    const json::array list = words != nullptr ? words->as_array() : json::array{};
    const std::size_t needed = std::max(arguments(text_of(entry, "en")), arguments(text_of(entry, "zh")));
    if (list.size() != needed || needed > max_places)
        throw std::runtime_error{text_of(entry, "code") + ": the texts have " + std::to_string(needed) +
                                 " places and \"places\" " + std::to_string(list.size()) + ", of at most " +
                                 std::to_string(max_places)};
    std::string out = "{{";
    for (const auto& word : list) {
        if (!known.contains(word.as_string()))
            throw std::runtime_error{text_of(entry, "code") + ": no such place: " + std::string{word.as_string()}};
        out += literal(word.as_string()) + ", ";
    }
    return out + "}}";
}

Vocabulary vocabulary_of(const json::value& errors)
{
    Vocabulary made;
    const json::object& places = errors.at("places").as_object();
    made.number_of_places = places.size();
    for (const auto& [name, example] : places)
        made.places += "    {" + literal(name) + ", " + literal(example.as_string()) + "},\n";
    const auto observed = [](const json::object& e, std::string_view language) {
        return text_of(e.at("text").as_object(), language) == "observed" ? "true" : "false";
    };
    std::map<std::string, std::string> taken; // enumerator -> code and variant
    for (const auto& entry : errors.at("codes").as_array()) {
        const auto& e = entry.as_object();
        const std::string code = text_of(e, "code");
        const std::string variant = text_of(e, "variant");
        const std::string given = text_of(e, "enumerator");
        const std::string name = (given.empty() ? snake_case(code) : given) + (variant.empty() ? "" : "_" + variant);
        if (const auto [at, fresh] = taken.emplace(name, code + " " + variant); !fresh)
            throw std::runtime_error{"'" + at->second + "' and '" + code + " " + variant + "' are both " + name};
        if (variant.empty())
            made.first.emplace(code, name);
        const auto& legacy = e.at("legacy").as_object();
        const std::string legacy_code = text_of(legacy, "code");
        const std::string code_desc = text_of(legacy, "codeDesc");
        made.enumerators += "    " + name + ",\n";
        made.rows += "    {Errc::" + name + ", " + literal(code) + ", " + literal(text_of(e, "en")) + ", " +
                     literal(text_of(e, "zh")) + ",\n     " + observed(e, "en") + ", " + observed(e, "zh") + ", " +
                     places_of(e, places) + ", " + literal(legacy_code.empty() ? code : legacy_code) + ", " +
                     std::to_string(legacy.at("number").as_int64()) + ", " +
                     literal(code_desc.empty() ? code : code_desc) + ", " + literal(text_of(legacy, "message")) +
                     "},\n";
    }
    made.size = taken.size();
    return made;
}

std::string errc_header(const Vocabulary& vocabulary)
{
    return std::string{head} +
           "namespace cvm {\n\n// The codes of fixtures/catalog/errors.json, sorted. Error::code is one of them.\n"
           "enum class Errc {\n" +
           vocabulary.enumerators + "};\n\n} // namespace cvm\n";
}

std::string tables_header(const Vocabulary& vocabulary, const json::value& common, const json::array& actions)
{
    std::ostringstream out;
    out << head
        << "#include \"server/base/error.hpp\"\n\n#include <array>\n\nnamespace cvm::generated {\n\n"
           "inline constexpr std::array<ErrorEntry, "
        << vocabulary.size << "> errors{{\n"
        << vocabulary.rows << "}};\n\n"
        << "inline constexpr std::array<std::pair<std::string_view, std::string_view>, " << vocabulary.number_of_places
        << "> places{{\n"
        << vocabulary.places << "}};\n\n";
    const auto& first = vocabulary.first;
    write_codes(out, "common_codes", common.at("common_codes").at("codes").as_array(), first);
    write_codes(out, "legacy_common_codes", common.at("legacy_common_codes").at("codes").as_array(), first);

    // What is generated for an action and version.
    struct Page {
        bool legacy;
        std::string array;
        std::int64_t rate_limit;
    };
    std::map<std::pair<std::string, std::string>, Page> documented;
    for (const auto& entry : actions) {
        const auto& a = entry.as_object();
        const std::string action = text_of(a, "action");
        const std::string version = text_of(a, "version");
        // Different products may have actions of the same name, in versions of their own.
        std::string array = "codes_of_" + snake_case(action) + (version.empty() ? "_without_version" : "_" + version);
        std::ranges::replace(array, '-', '_');
        json::array codes;
        std::string ways;
        for (const auto& [code, how] : reached(a.at("codes").as_object())) {
            codes.emplace_back(code);
            ways += literal(how) + ", ";
        }
        write_codes(out, array, codes, first);
        out << "inline constexpr std::array<std::string_view, " << codes.size() << "> ways_to_" << array << "{{" << ways
            << "}};\n";
        const auto* legacy = a.if_contains("legacy_codes");
        if (legacy != nullptr)
            write_codes(out, "legacy_" + array, legacy->as_array(), first);
        const Page page{legacy != nullptr, array, a.at("rate_limit").as_int64()};
        if (!documented.emplace(std::pair{action, version}, page).second)
            throw std::runtime_error{action + " " + version + " stands in two files"};
    }
    out << "\ninline constexpr std::array<DocumentedCodes, " << documented.size() << "> documented{{\n";
    for (const auto& [action, page] : documented)
        out << "    {" << literal(action.first) << ", " << literal(action.second) << ", " << page.array << ", ways_to_"
            << page.array << ", " << (page.legacy ? "legacy_" + page.array : "{}") << ", " << page.rate_limit << "},\n";
    out << "}};\n\n} // namespace cvm::generated\n";
    return out.str();
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc < 5) {
        std::cerr << "usage: gen_errors OUT_DIR ERRORS.json COMMON_CODES.json ACTION.json...\n";
        return EXIT_FAILURE;
    }
    json::array actions;
    for (int i = 4; i < argc; ++i)
        actions.push_back(read(argv[i]));
    const std::filesystem::path out{argv[1]};
    const Vocabulary vocabulary = vocabulary_of(read(argv[2]));
    write(out / "errc.gen.hpp", errc_header(vocabulary));
    write(out / "errors.gen.hpp", tables_header(vocabulary, read(argv[3]), actions));
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << "gen_errors: " << e.what() << '\n';
    return EXIT_FAILURE;
}
