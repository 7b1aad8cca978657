#pragma once

#include "server/base/log_line.hpp"

#include <memory>
#include <string_view>

namespace cvm {

enum class LogLevel { debug, info, warn, error, off };

enum class LogFormat {
    text, // 2026-12-01T00:00:00Z info request_id=... action=... and a sentence
    json, // {"time":"2026-12-01T00:00:00Z","level":"info","request_id":"...","action":"...","msg":"..."}
};

// Writes log lines for people and machines to stderr. Callers pass fields, a sentence, or both; log_line.hpp describes
// the format. Secret keys and tokens must never be passed.
class Log {
public:
    explicit Log(LogLevel level, LogFormat format = LogFormat::text);
    ~Log();
    Log(Log&&) noexcept;
    Log& operator=(Log&&) noexcept;

    // Whether a line of this level would be written; for lines that are expensive to build.
    bool writes(LogLevel level) const noexcept { return level >= level_ && level != LogLevel::off; }

    // A line is dropped (and counted) while nobody reads stderr, and if there is no memory for it.
    void debug(std::string_view message, LogFields fields = {}) { write(LogLevel::debug, message, fields); }
    void info(std::string_view message, LogFields fields = {}) { write(LogLevel::info, message, fields); }
    void warn(std::string_view message, LogFields fields = {}) { write(LogLevel::warn, message, fields); }
    void error(std::string_view message, LogFields fields = {}) { write(LogLevel::error, message, fields); }

private:
    void write(LogLevel level, std::string_view message, LogFields fields);

    struct Impl;
    std::unique_ptr<Impl> impl_;
    LogLevel level_;
};

} // namespace cvm
