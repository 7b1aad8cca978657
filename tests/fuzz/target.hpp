#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Feeds arbitrary bytes to the server. A target accepts any input and throws Broken if something does not hold that
// must always hold; libFuzzer searches for such inputs, and replay_test.cpp runs the stored ones.

namespace cvm::fuzz {

struct Broken : std::logic_error {
    using std::logic_error::logic_error;
};

// Throws Broken unless `holds` is true. `what` says what must hold, `shown` what was found instead.
void expect(bool holds, std::string_view what, std::string_view shown = {});

// The first `most` parts of an input, which are separated by lines "---".
std::vector<std::string_view> parts_of(std::string_view input, std::size_t most);

// Removes the first line and returns it without its end.
std::string_view take_line(std::string_view& text);

// Removes the first word of a line.
std::string_view take_word(std::string_view& line);

struct Target {
    std::string_view name;
    void (*run)(std::string_view input);
};

void authorization(std::string_view input);
void call(std::string_view input);
void connection(std::string_view input);
void control(std::string_view input);
void document(std::string_view input);
void explain(std::string_view input);
void fields(std::string_view input);
void form(std::string_view input);
void request(std::string_view input);
void times(std::string_view input);

// The targets of targets.txt.
inline constexpr std::array targets{
    Target{"authorization", authorization},
    Target{"call", call},
    Target{"connection", connection},
    Target{"control", control},
    Target{"document", document},
    Target{"explain", explain},
    Target{"fields", fields},
    Target{"form", form},
    Target{"request", request},
    Target{"times", times},
};

} // namespace cvm::fuzz
