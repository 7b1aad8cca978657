// Build-time tool: gen_errors ERRORS.json ACTIONS.json OUT.hpp
//
// Turns the error vocabulary into an enum and a table, and the documented codes of each action into sorted
// arrays, so that a misspelt code does not compile. Fails when two entries would become one enumerator or when
// an action documents a code that the vocabulary lacks.

#include <boost/json.hpp>

#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace json = boost::json;

namespace {

json::value read(const char* path)
{
    std::ifstream in{path};
    if (!in)
        throw std::runtime_error{std::string{path} + ": cannot be read"};
    return json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
}

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

std::string literal(std::string_view text) { return json::serialize(json::value(text)); }

std::string text_of(const json::object& o, std::string_view key)
{
    const auto* v = o.if_contains(key);
    return v != nullptr ? std::string{v->as_string()} : std::string{};
}

// The documented codes of an action's page with the way to each, sorted by code.
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

void write_header(const json::value& errors, const json::value& actions, std::ostream& out)
{
    std::map<std::string, std::string> enumerators; // enumerator -> code and variant
    std::map<std::string, std::string> first;       // code -> enumerator
    std::string table;
    std::string names;
    for (const auto& entry : errors.at("codes").as_array()) {
        const auto& e = entry.as_object();
        const std::string code = text_of(e, "code");
        const std::string variant = text_of(e, "variant");
        const std::string name = snake_case(code) + (variant.empty() ? "" : "_" + variant);
        if (const auto [at, fresh] = enumerators.emplace(name, code + " " + variant); !fresh)
            throw std::runtime_error{"'" + at->second + "' and '" + code + " " + variant + "' are both " + name};
        if (variant.empty())
            first.emplace(code, name);
        const auto& legacy = e.at("legacy").as_object();
        const std::string legacy_code = text_of(legacy, "code");
        const std::string code_desc = text_of(legacy, "codeDesc");
        names += "    " + name + ",\n";
        table += "    {Errc::" + name + ", " + literal(code) + ", " + literal(text_of(e, "en")) + ", " +
                 literal(text_of(e, "zh")) + ",\n     " + (text_of(e, "text") == "observed" ? "true" : "false") + ", " +
                 literal(legacy_code.empty() ? code : legacy_code) + ", " +
                 std::to_string(legacy.at("number").as_int64()) + ", " + literal(code_desc.empty() ? code : code_desc) +
                 ", " + literal(text_of(legacy, "message")) + "},\n";
    }

    out << "// Generated from fixtures/catalog/errors.json and actions.json by gen_errors. Do not edit.\n"
           "#pragma once\n\n#include <array>\n#include <span>\n#include <string_view>\n\nnamespace cvm {\n\n"
           "enum class Errc {\n"
        << names
        << "};\n\n"
           "struct ErrorEntry {\n"
           "    Errc errc;\n"
           "    std::string_view code;           // on the wire, API 3.0\n"
           "    std::string_view en;             // {0} is the first argument\n"
           "    std::string_view zh;             // empty: the real service does not localise it\n"
           "    bool observed;                   // the text was seen in an answer of the real service\n"
           "    std::string_view legacy_code;    // /v2/index.php with Version\n"
           "    int legacy_number;               // /v2/index.php without Version\n"
           "    std::string_view code_desc;      // /v2/index.php without Version\n"
           "    std::string_view legacy_message; // the same; empty: zh or en\n"
           "};\n\n"
           "inline constexpr std::array<ErrorEntry, "
        << enumerators.size() << "> error_table{{\n"
        << table << "}};\n\n";

    write_codes(out, "common_codes", actions.at("common_codes").at("codes").as_array(), first);
    write_codes(out, "legacy_common_codes", actions.at("legacy_common_codes").at("codes").as_array(), first);

    // What is generated of an action and version.
    struct Page {
        bool legacy;
        std::string array;
        std::int64_t rate_limit;
    };
    std::map<std::pair<std::string, std::string>, Page> documented;
    for (const auto& entry : actions.at("actions").as_array()) {
        const auto& a = entry.as_object();
        const std::string action = text_of(a, "action");
        const std::string version = text_of(a, "version");
        const std::string array = "codes_of_" + snake_case(action) + (version.empty() ? "_without_version" : "");
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
        documented.emplace(std::pair{action, version}, Page{legacy != nullptr, array, a.at("rate_limit").as_int64()});
    }
    out << "\nstruct DocumentedCodes {\n    std::string_view action;\n"
           "    std::string_view version;\n"
           "    std::span<const std::string_view> codes;        // API 3.0, sorted\n"
           "    std::span<const std::string_view> reached;      // of codes, in their order: natural, rule or header\n"
           "    std::span<const std::string_view> legacy_codes; // /v2/index.php, sorted\n"
           "    int rate_limit;                                 // calls a second\n};\n\n"
           "inline constexpr std::array<DocumentedCodes, "
        << documented.size() << "> documented_table{{\n";
    for (const auto& [action, page] : documented)
        out << "    {" << literal(action.first) << ", " << literal(action.second) << ", " << page.array << ", ways_to_"
            << page.array << ", " << (page.legacy ? "legacy_" + page.array : "{}") << ", " << page.rate_limit << "},\n";
    out << "}};\n\n} // namespace cvm\n";
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 4) {
        std::cerr << "usage: gen_errors ERRORS.json ACTIONS.json OUT.hpp\n";
        return EXIT_FAILURE;
    }
    std::ofstream out{argv[3]};
    write_header(read(argv[1]), read(argv[2]), out);
    out.close();
    return out ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& e) {
    std::cerr << "gen_errors: " << e.what() << '\n';
    return EXIT_FAILURE;
}
