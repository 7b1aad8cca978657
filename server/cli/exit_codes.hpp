#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace cvm::cli {

struct ExitCode {
    int code;
    std::string_view meaning;
};

inline constexpr std::array<ExitCode, 3> server_exit_codes{
    {{0, "stopped by a signal"}, {1, "failed while running"}, {2, "bad flag, fixture or database"}}};

inline constexpr std::array<ExitCode, 3> command_exit_codes{
    {{0, "success"}, {1, "the emulator refuses or cannot be reached, or a check fails"}, {2, "wrong usage"}}};

// "Exit codes: 0 success, 2 wrong usage."
inline std::string listed(std::span<const ExitCode> codes)
{
    std::string text = "Exit codes:";
    for (const auto& [code, meaning] : codes)
        text += (text.ends_with(':') ? " " : ", ") + std::to_string(code) + " " + std::string{meaning};
    return text + ".";
}

} // namespace cvm::cli
