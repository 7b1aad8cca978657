// Build-time tool: gen_answers OUT_DIR ANSWER_TEXT.json ACTION.json...
//
// Writes answers.gen.hpp: how the answer of each action is formatted and how well it is known. Fails if a product has
// no style, or if a word is unknown to the catalogue.

#include "server/tools/generator.hpp"

#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <span>
#include <vector>

namespace json = boost::json;
using namespace cvm::tools;

namespace {

// Whether the member `name` has the value `yes` rather than `no`, in the first of the objects that has the member.
bool says(std::initializer_list<const json::object*> places, std::string_view name, std::string_view yes,
          std::string_view no)
{
    for (const json::object* place : places) {
        const std::string word = text_of(*place, name);
        if (word == yes || word == no)
            return word == yes;
        if (!word.empty())
            throw std::runtime_error{std::string{name} + ": '" + word + "' is neither " + std::string{yes} + " nor " +
                                     std::string{no}};
    }
    throw std::runtime_error{std::string{name} + " is missing"};
}

std::string evidence(const json::object& o, std::string_view otherwise)
{
    std::string word = text_of(o, "evidence");
    if (word.empty())
        return std::string{otherwise};
    if (word != "observed" && word != "documented" && word != "assumed")
        throw std::runtime_error{"evidence: '" + word + "' is none of observed, documented, assumed"};
    return word;
}

const char* word(bool value) { return value ? "true" : "false"; }

// "inline constexpr std::array<TYPE, N> NAME{{...}};"
std::string array_of(const std::string& type, const std::string& name, const std::vector<std::string>& rows)
{
    std::string text =
        "inline constexpr std::array<" + type + ", " + std::to_string(rows.size()) + "> " + name + "{{\n";
    for (const std::string& row : rows)
        text += "    " + row + ",\n";
    return text + "}};\n";
}

// The arrays generated from one page, and the row that refers to them.
struct Page {
    std::string arrays;
    std::string row;
};

Page page_of(const json::object& page, const json::object& products, std::size_t number)
{
    const json::object& style = products.at(text_of(page, "product")).as_object();
    const json::object* own = page.contains("answer") ? &page.at("answer").as_object() : nullptr;
    const json::object none;
    const json::object& answer = own != nullptr ? *own : none;

    std::vector<std::string> unlike;
    if (const auto* list = answer.if_contains("unlike_recording"))
        for (const json::value& entry : list->as_array())
            unlike.push_back("{" + literal(text_of(entry.as_object(), "member")) + ", " +
                             literal(text_of(entry.as_object(), "why")) + "}");
    std::vector<std::string> assumptions;
    for (const json::value& assumption : page.at("assumptions").as_array())
        assumptions.push_back(literal(std::string_view{assumption.as_string()}));

    std::vector<std::string> ignored;
    if (const auto* paths = page.if_contains("without_effect"))
        for (const json::value& path : paths->as_array())
            ignored.push_back(literal(std::string_view{path.as_string()}));

    const std::string unlike_name = "unlike_" + std::to_string(number);
    const std::string assumptions_name = "assumptions_" + std::to_string(number);
    const std::string ignored_name = "without_effect_" + std::to_string(number);
    const auto comma = std::string{", "};
    return {.arrays = array_of("UnlikeRecording", unlike_name, unlike) +
                      array_of("std::string_view", assumptions_name, assumptions) +
                      array_of("std::string_view", ignored_name, ignored),
            .row = "{" + literal(text_of(page, "action")) + comma + literal(text_of(page, "version")) + ", {" +
                   word(style.at("white_space").as_bool()) + comma +
                   word(says({&answer, &style}, "non_ascii", "escaped", "raw")) + comma +
                   word(says({&answer, &style}, "slash", "escaped", "raw")) + comma +
                   literal(text_of(answer, "request_id_after")) + "}, " + literal(evidence(style, "")) + comma +
                   literal(evidence(answer, "documented")) + comma + literal(text_of(answer, "recorded")) + comma +
                   unlike_name + comma + assumptions_name + comma + ignored_name + comma +
                   literal(text_of(page, "rate_limit_evidence")) + comma + literal(text_of(page, "source")) + "}"};
}

std::string answers_header(const json::object& products, std::span<const json::value> pages)
{
    std::map<std::pair<std::string, std::string>, std::string> rows; // by action and version
    std::string arrays;
    for (const json::value& entry : pages) {
        const json::object& page = entry.as_object();
        try {
            const Page made = page_of(page, products, rows.size());
            arrays += made.arrays;
            rows.emplace(std::pair{text_of(page, "action"), text_of(page, "version")}, made.row);
        } catch (const std::exception& e) {
            throw std::runtime_error{text_of(page, "action") + ": " + e.what()};
        }
    }
    std::vector<std::string> sorted;
    for (const auto& [name, row] : rows)
        sorted.push_back(row);
    return std::string{head} +
           "#include \"server/base/answer_text.hpp\"\n\n#include <array>\n\nnamespace cvm::generated {\n\n" + arrays +
           array_of("AnswerPage", "answers", sorted) + "\n} // namespace cvm::generated\n";
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc < 4) {
        std::cerr << "usage: gen_answers OUT_DIR ANSWER_TEXT.json ACTION.json...\n";
        return EXIT_FAILURE;
    }
    std::vector<json::value> pages;
    for (int i = 3; i < argc; ++i)
        pages.push_back(read(argv[i]));
    const json::value text = read(argv[2]);
    write(std::filesystem::path{argv[1]} / "answers.gen.hpp", answers_header(text.at("products").as_object(), pages));
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << "gen_answers: " << e.what() << '\n';
    return EXIT_FAILURE;
}
