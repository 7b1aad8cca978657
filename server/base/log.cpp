#include "server/base/log.hpp"

// Included only here, because it takes seconds to compile.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wswitch-enum"
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#pragma GCC diagnostic pop

#include <poll.h>
#include <unistd.h>

#include <cstdint>
#include <new>
#include <stdexcept>
#include <utility>

namespace cvm {

namespace {

spdlog::level::level_enum to_spdlog(LogLevel level)
{
    switch (level) {
    case LogLevel::debug:
        return spdlog::level::debug;
    case LogLevel::info:
        return spdlog::level::info;
    case LogLevel::warn:
        return spdlog::level::warn;
    case LogLevel::error:
        return spdlog::level::err;
    case LogLevel::off:
        return spdlog::level::off;
    }
    throw std::logic_error{"LogLevel out of range"};
}

// A pipe reported as writable accepts 4096 bytes without blocking: enough for a line with its time and level.
static_assert(max_log_line + 80 <= 4096);

// The text before and after the line (spdlog's pattern).
const char* pattern_of(LogFormat format)
{
    return format == LogFormat::json ? R"({"time":"%Y-%m-%dT%H:%M:%SZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%SZ %l %v";
}

bool can_take(int descriptor)
{
    pollfd poll_for{.fd = descriptor, .events = POLLOUT, .revents = 0};
    return ::poll(&poll_for, 1, 0) == 1 && (poll_for.revents & POLLOUT) != 0;
}

} // namespace

struct Log::Impl {
    Impl(LogLevel level, LogFormat wanted)
        : format{wanted}, logger{"", std::make_shared<spdlog::sinks::stderr_sink_st>()}
    {
        logger.set_level(to_spdlog(level));
        logger.set_pattern(pattern_of(format), spdlog::pattern_time_type::utc);
    }

    void write(LogLevel level, std::string_view message, LogFields fields)
    {
        logger.log(to_spdlog(level), "{}",
                   format == LogFormat::json ? json_members(message, fields) : text_line(message, fields));
    }

    LogFormat format;
    spdlog::logger logger;
    std::uint64_t dropped = 0;
};

Log::Log(LogLevel level, LogFormat format) : impl_{std::make_unique<Impl>(level, format)}, level_{level} {}
Log::~Log() = default;
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;

void Log::write(LogLevel level, std::string_view message, LogFields fields)
{
    if (!writes(level))
        return;
    // A reader that has stopped reading must not block the server: losing a line is better.
    if (!can_take(STDERR_FILENO)) {
        ++impl_->dropped;
        return;
    }
    try {
        if (impl_->dropped > 0)
            impl_->write(LogLevel::warn, "lines were lost because nobody read them",
                         {{"lost", std::exchange(impl_->dropped, 0)}});
        impl_->write(level, message, fields);
    } catch (const std::bad_alloc&) {
        ++impl_->dropped;
    }
}

} // namespace cvm
