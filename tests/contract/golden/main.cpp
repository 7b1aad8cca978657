// golden_tests [--update] [PATTERN...]: runs the golden cases of fixtures/cases/, or updates their answers.

#include "tests/support/difference.hpp"
#include "tests/support/golden.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>

namespace {

using namespace cvm;
namespace json = boost::json;

constexpr std::string_view usage = R"(usage: golden_tests [--update] [PATTERN...]

Runs the golden cases of fixtures/cases/: the request must give exactly the answer and leave exactly the state.
A pattern is a name, StopInstances or StopInstances/running.json or "StopInstances/forced.json 3", and may hold * for
any characters. Without one all cases run.

  --update  write answer and state of the named cases as they are now, into their files
)";

struct Options {
    bool update = false;
    bool help = false;
    std::vector<std::string> patterns;
};

struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

Options read_options(std::span<char* const> words)
{
    Options options;
    for (const std::string word : words)
        if (word == "--update")
            options.update = true;
        else if (word == "--help")
            options.help = true;
        else if (word.starts_with('-'))
            throw UsageError{"there is no option " + word};
        else
            options.patterns.push_back(word);
    if (options.update && options.patterns.empty())
        throw UsageError{"--update wants to know which cases: '*' means all"};
    return options;
}

// The cases that match at least one pattern; all cases without a pattern.
std::vector<test::Golden> selected(std::vector<test::Golden> cases, const std::vector<std::string>& patterns)
{
    for (const std::string& pattern : patterns)
        if (std::ranges::none_of(cases, [&](const test::Golden& one) { return test::matches(pattern, one); }))
            throw UsageError{"no golden case is named " + pattern};
    if (!patterns.empty())
        std::erase_if(cases, [&](const test::Golden& one) {
            return std::ranges::none_of(patterns, [&](const std::string& p) { return test::matches(p, one); });
        });
    return cases;
}

struct Outcome {
    std::string answer;
    json::value state;
};

// Runs cases one after the other, each on the built-in fixtures.
class Bench {
public:
    Outcome run(const test::Call& call)
    {
        // A server that a case has left unchanged is reused for the next one, except that a legacy Nonce is valid only
        // once.
        if (!emulator_ || wire::is_legacy(call.dialect))
            emulator_ = std::make_unique<test::Emulator>();
        std::unique_ptr<test::Emulator> used = std::move(emulator_);
        Outcome outcome{.answer = used->call(call), .state = used->state()};
        if (outcome.state == fresh)
            emulator_ = std::move(used);
        return outcome;
    }

    const json::value fresh = test::Emulator{}.state();

private:
    std::unique_ptr<test::Emulator> emulator_;
};

void append(std::vector<std::string>& to, std::vector<std::string> lines)
{
    std::ranges::move(lines, std::back_inserter(to));
}

// The differences between the file and the actual outcome.
std::vector<std::string> changes(const test::Golden& golden, const Outcome& outcome, const json::value& fresh)
{
    const auto* after = golden.content.as_object().if_contains("after");
    std::vector<std::string> lines = test::answer_differences(test::answer_text(golden), outcome.answer);
    append(lines, test::state_differences(after != nullptr ? test::expected_state(fresh, after->as_object()) : fresh,
                                          outcome.state));
    return lines;
}

std::vector<std::string> failures(const test::Golden& golden, Bench& bench)
{
    if (golden.content.at("answer").is_null())
        return {"  it has no answer yet: golden_tests --update '" + golden.name() + "'"};
    std::vector<std::string> lines = test::flaws(golden);
    try {
        const Outcome outcome = bench.run(test::call_of(golden.content.at("request").as_object()));
        append(lines, changes(golden, outcome, bench.fresh));
    } catch (const std::exception& e) {
        lines.push_back("  " + std::string{e.what()});
    }
    return lines;
}

void print(const std::string& name, std::vector<std::string> lines)
{
    constexpr std::size_t most = 10;
    std::cout << name << '\n';
    for (const std::string& line : test::first_lines(std::move(lines), most, "  "))
        std::cout << test::shortened(line, test::max_columns) << '\n';
}

// Returns the exit code.
int run(const std::vector<test::Golden>& cases)
{
    Bench bench;
    std::size_t failed = 0;
    for (const test::Golden& golden : cases)
        if (auto lines = failures(golden, bench); !lines.empty()) {
            print(golden.name(), std::move(lines));
            ++failed;
        }
    std::cout << cases.size() - failed << " passed, " << failed << " failed\n";
    return failed == 0 ? 0 : 1;
}

std::string read_text(const std::string& path)
{
    std::ifstream in{path};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void write_text(const std::string& path, const std::string& text)
{
    std::ofstream out{path};
    out << text;
    if (!out.flush())
        throw std::runtime_error{path + " cannot be written"};
}

// The case in the content of its file.
json::object& within(json::value& content, const test::Golden& golden)
{
    return golden.number == 0 ? content.as_object()
                              : content.as_object().at("cases").as_array().at(golden.number - 1).as_object();
}

// Writes the actual outcome to the file of the case. Returns whether the file changes.
bool update(const test::Golden& golden, Bench& bench)
{
    const std::string path = test::golden_path(golden.file);
    const std::string old = read_text(path);
    json::value content = json::parse(old);
    const Outcome outcome = bench.run(test::call_of(golden.content.at("request").as_object()));
    test::record(within(content, golden), json::parse(outcome.answer), test::after_between(bench.fresh, outcome.state));
    const std::string text = test::file_text(content);
    if (text == old)
        return false;
    write_text(path, text);
    auto lines = changes(golden, outcome, bench.fresh);
    if (lines.empty())
        lines.push_back("  only its form");
    print(golden.name(), std::move(lines));
    return true;
}

int update(const std::vector<test::Golden>& cases)
{
    Bench bench;
    std::size_t updated = 0;
    std::size_t failed = 0;
    for (const test::Golden& golden : cases)
        try {
            updated += update(golden, bench) ? 1U : 0U;
        } catch (const std::exception& e) {
            print(golden.name(), {"  " + std::string{e.what()}});
            ++failed;
        }
    std::cout << updated << " updated, " << cases.size() - updated - failed << " unchanged";
    if (failed > 0)
        std::cout << ", " << failed << " failed";
    std::cout << '\n';
    return failed == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    try {
        const Options options = read_options({argv + 1, static_cast<std::size_t>(argc - 1)});
        if (options.help) {
            std::cout << usage;
            return 0;
        }
        const auto cases = selected(test::golden_cases(), options.patterns);
        return options.update ? update(cases) : run(cases);
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 2;
    }
}
