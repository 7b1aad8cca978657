#include "server/log.hpp"

// Here alone, because it costs seconds to compile.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wswitch-enum"
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#pragma GCC diagnostic pop

#include <stdexcept>

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

} // namespace

struct Log::Impl {
    explicit Impl(LogLevel level) : logger{"", std::make_shared<spdlog::sinks::stderr_sink_st>()}
    {
        logger.set_level(to_spdlog(level));
        logger.set_pattern("%Y-%m-%dT%H:%M:%SZ %l %v", spdlog::pattern_time_type::utc);
    }

    spdlog::logger logger;
};

Log::Log(LogLevel level) : impl_{std::make_unique<Impl>(level)}, level_{level} {}
Log::~Log() = default;
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;

void Log::debug(std::string_view line) { impl_->logger.debug("{}", line); }
void Log::info(std::string_view line) { impl_->logger.info("{}", line); }
void Log::warn(std::string_view line) { impl_->logger.warn("{}", line); }
void Log::error(std::string_view line) { impl_->logger.error("{}", line); }

} // namespace cvm
