// recordings_tests: sends recorded requests through the whole server, on an account in the recorded state, and compares
// every byte of the answers with those of the real service. Members that the catalogue names as unlike the recordings
// (fixtures/catalog/actions/<Action>.json, answer.unlike_recording) are left out of the comparison and counted.
//
// The recordings are not part of the repository; CVM_RECORDINGS names their file.

#include "server/base/json_text.hpp"
#include "tests/contract/recordings/seed.hpp"
#include "tests/support/difference.hpp"
#include "tests/support/emulator.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

namespace {

using namespace cvm;
namespace json = boost::json;

constexpr std::string_view default_path = CVM_SOURCE_DIR "/../shared/facts/recordings.json";

std::string request_id_of(const test::Exchange& exchange)
{
    return std::string{json::parse(exchange.body).at("Response").at("RequestId").as_string()};
}

std::string answer_to(const test::Exchange& exchange, std::span<const test::Exchange> all)
{
    test::Emulator emulator{Fixtures::built_in(), exchange.at};
    emulator.ids.fixed = request_id_of(exchange);
    emulator.control("PUT", "/_emulator/state", json::serialize(test::seed_of(exchange, all)));
    test::Call call{.action = exchange.action,
                    .params = json::parse(exchange.request).as_object(),
                    .version = exchange.version,
                    .region = exchange.region,
                    .language = "zh-CN",
                    .secret_id = "AKIDrecordingEXAMPLE",
                    .secret_key = "recordingkeyEXAMPLE",
                    .host = exchange.host};
    // The token of the real service's first page is invalid here, so the second page follows a first page of this
    // server.
    if (json::value* token = call.params.if_contains("PaginationToken"); token != nullptr && *token != "") {
        *token = "";
        const json::value first = json::parse(emulator.call(call));
        call.params["PaginationToken"] = first.at("Response").at("PaginationToken");
    }
    return emulator.call(call);
}

// Removes the entries of a list whose member has the value: "Region=ap-taipei".
bool erase_entries(json::value& value, std::string_view condition)
{
    auto* list = value.if_array();
    const auto equals = condition.find('=');
    const auto fits = [&](const json::value& entry) {
        return entry.at(condition.substr(0, equals)).as_string() == condition.substr(equals + 1);
    };
    if (list == nullptr || std::ranges::none_of(*list, fits))
        return false;
    json::array rest;
    std::ranges::remove_copy_if(*list, std::back_inserter(rest), fits);
    *list = std::move(rest);
    return true;
}

// Removes the member at the end of a path such as "InstanceSet[].SystemDisk.DiskName" from a value, wherever it occurs,
// or entries of a list: "RegionSet[Region=ap-taipei]".
bool erase(json::value& value, std::string_view path)
{
    if (path.starts_with('[') && path.ends_with(']') && path.find('=') != std::string_view::npos)
        return erase_entries(value, path.substr(1, path.size() - 2));
    if (path.starts_with("[]")) {
        bool found = false;
        if (auto* list = value.if_array())
            for (json::value& entry : *list)
                found |= erase(entry, path.substr(path.starts_with("[].") ? 3 : 2));
        return found;
    }
    auto* o = value.if_object();
    const auto end = path.find_first_of(".[");
    const std::string_view name = path.substr(0, end);
    if (o == nullptr || !o->contains(name))
        return false;
    if (end == std::string_view::npos) {
        json::object rest; // erase() of Boost.JSON would change the order
        for (const auto& [key, member] : *o)
            if (key != name)
                rest.emplace(key, member);
        *o = std::move(rest);
        return true;
    }
    return erase(o->at(name), path.substr(path[end] == '.' ? end + 1 : end));
}

struct Outcome {
    std::string difference;         // empty: equal
    std::set<std::string> left_out; // members that the catalogue names
};

Outcome compare(const test::Exchange& exchange, const std::string& answer)
{
    Outcome outcome;
    if (answer == exchange.body)
        return outcome;
    const AnswerPage* page = answer_page(exchange.action, exchange.version);
    json::value own = json::parse(answer);
    json::value recorded = json::parse(exchange.body);
    if (page == nullptr || json_text(own, page->text) != answer) {
        outcome.difference = test::json_text_difference(answer, exchange.body);
        return outcome;
    }
    std::string expected = exchange.body;
    for (const UnlikeRecording& unlike : page->unlike_recording) {
        const bool ours = erase(own.at("Response"), unlike.member);
        const bool theirs = erase(recorded.at("Response"), unlike.member);
        if (theirs)
            expected = json_text(recorded, page->text);
        if (ours || theirs)
            outcome.left_out.emplace(unlike.member);
    }
    if (const std::string text = json_text(own, page->text); text != expected)
        outcome.difference = test::json_text_difference(text, expected);
    return outcome;
}

struct Count {
    int equal = 0;
    int equal_but_for = 0;
    int different = 0;
    std::set<std::string> left_out;
};

int run(const std::vector<test::Exchange>& exchanges)
{
    std::map<std::string, Count> counts; // by action
    int failed = 0;
    int number = 0;
    for (const test::Exchange& exchange : exchanges) {
        Count& count = counts[exchange.action];
        Outcome outcome;
        try {
            outcome = compare(exchange, answer_to(exchange, exchanges));
        } catch (const std::exception& e) {
            outcome.difference = e.what();
        }
        if (!outcome.difference.empty()) {
            std::cout << "exchange " << number << ", " << exchange.action << ":\n" << outcome.difference << '\n';
            ++count.different;
            ++failed;
        } else {
            ++(outcome.left_out.empty() ? count.equal : count.equal_but_for);
            count.left_out.merge(outcome.left_out);
        }
        ++number;
    }
    for (const auto& [action, count] : counts) {
        std::cout << action << ": " << count.equal << " equal, " << count.equal_but_for
                  << " equal but for members of the catalogue, " << count.different << " different\n";
        for (const std::string& member : count.left_out)
            std::cout << "  " << member << '\n';
    }
    std::cout << exchanges.size() - static_cast<std::size_t>(failed) << " passed, " << failed << " failed\n";
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

int main()
try {
    const char* given = std::getenv("CVM_RECORDINGS");
    const std::string path = given != nullptr ? given : std::string{default_path};
    std::ifstream in{path};
    if (!in) {
        std::cout << "not run: there are no recordings at " << path << " (CVM_RECORDINGS names the file)\n";
        return EXIT_SUCCESS;
    }
    test::ShortLines lines{std::cout};
    return run(test::read_exchanges({std::istreambuf_iterator<char>{in}, {}}));
} catch (const std::exception& e) {
    std::cerr << "recordings_tests: " << e.what() << '\n';
    return EXIT_FAILURE;
}
