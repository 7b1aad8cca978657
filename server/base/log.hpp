#pragma once

#include <memory>
#include <string_view>

namespace cvm {

enum class LogLevel { debug, info, warn, error, off };

// Lines for people and machines on stderr: "2026-12-01T00:00:00Z info request_id=... action=...". Callers write
// key=value pairs. No secret key and no token may be given to it.
class Log {
public:
    explicit Log(LogLevel level);
    ~Log();
    Log(Log&&) noexcept;
    Log& operator=(Log&&) noexcept;

    // Whether a line of this level would be written: for lines that are costly to make.
    bool writes(LogLevel level) const noexcept { return level >= level_ && level != LogLevel::off; }

    // A line is cut after 4000 bytes, and dropped (and counted) while nobody reads stderr.
    void debug(std::string_view line) { write(LogLevel::debug, line); }
    void info(std::string_view line) { write(LogLevel::info, line); }
    void warn(std::string_view line) { write(LogLevel::warn, line); }
    void error(std::string_view line) { write(LogLevel::error, line); }

private:
    void write(LogLevel level, std::string_view line);

    struct Impl;
    std::unique_ptr<Impl> impl_;
    LogLevel level_;
};

} // namespace cvm
