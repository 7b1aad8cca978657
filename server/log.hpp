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

    void debug(std::string_view line);
    void info(std::string_view line);
    void warn(std::string_view line);
    void error(std::string_view line);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    LogLevel level_;
};

} // namespace cvm
