#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// What the server does with bytes that nobody has chosen. A target takes any input and throws Broken where something
// does not hold that must always hold; libFuzzer looks for such inputs, and replay_test.cpp runs those that are kept.

namespace cvm::fuzz {

struct Broken : std::logic_error {
    using std::logic_error::logic_error;
};

// Throws Broken unless it holds. `what` says what must hold, `shown` what was there instead.
void expect(bool holds, std::string_view what, std::string_view shown = {});

// The parts of an input between lines that are "---", the first `most`.
std::vector<std::string_view> parts_of(std::string_view input, std::size_t most);

// Takes the first line off, without its end.
std::string_view take_line(std::string_view& text);

// Takes the first word off a line.
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

// Those of targets.txt.
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
