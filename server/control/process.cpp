#include "server/control/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace cvm::control {

namespace {

std::optional<double> cpu_seconds()
{
    timespec used{};
    if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0)
        return std::nullopt;
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

std::optional<std::uint64_t> resident_bytes()
{
    std::ifstream pages{"/proc/self/statm"};
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    const long size = ::sysconf(_SC_PAGESIZE);
    return pages >> all >> resident && size > 0 ? std::optional{resident * static_cast<std::uint64_t>(size)}
                                                : std::nullopt;
}

std::optional<std::uint64_t> open_descriptors()
{
    std::error_code ec;
    const std::filesystem::directory_iterator all{"/proc/self/fd", ec};
    if (ec)
        return std::nullopt;
    // Without the descriptor that reads the folder.
    return static_cast<std::uint64_t>(std::distance(begin(all), end(all))) - 1;
}

std::optional<std::uint64_t> max_descriptors()
{
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? std::optional<std::uint64_t>{limit.rlim_cur} : std::nullopt;
}

} // namespace

Process look_at_process()
{
    return {.cpu_seconds = cpu_seconds(),
            .resident_bytes = resident_bytes(),
            .open_descriptors = open_descriptors(),
            .max_descriptors = max_descriptors()};
}

} // namespace cvm::control
