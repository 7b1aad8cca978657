#include "server/base/log.hpp"

// Here alone, because it costs seconds to compile.
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

// A pipe that says it is writable takes 4096 bytes without making us wait.
constexpr std::size_t max_line = 4000;

bool can_take(int descriptor)
{
    pollfd poll_for{.fd = descriptor, .events = POLLOUT, .revents = 0};
    return ::poll(&poll_for, 1, 0) == 1 && (poll_for.revents & POLLOUT) != 0;
}

} // namespace

struct Log::Impl {
    explicit Impl(LogLevel level) : logger{"", std::make_shared<spdlog::sinks::stderr_sink_st>()}
    {
        logger.set_level(to_spdlog(level));
        logger.set_pattern("%Y-%m-%dT%H:%M:%SZ %l %v", spdlog::pattern_time_type::utc);
    }

    spdlog::logger logger;
    std::uint64_t dropped = 0;
};

Log::Log(LogLevel level) : impl_{std::make_unique<Impl>(level)}, level_{level} {}
Log::~Log() = default;
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;

void Log::write(LogLevel level, std::string_view line)
{
    if (!writes(level))
        return;
    // A reader that has stopped reading must not stop the server: rather a line is lost than that everybody waits.
    if (!can_take(STDERR_FILENO)) {
        ++impl_->dropped;
        return;
    }
    if (impl_->dropped > 0)
        impl_->logger.warn("{} lines were lost because nobody read them", std::exchange(impl_->dropped, 0));
    impl_->logger.log(to_spdlog(level), "{}", line.substr(0, max_line));
}

} // namespace cvm
