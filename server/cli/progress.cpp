#include "server/cli/progress.hpp"

#include <unistd.h>

#include <cstdio>

namespace cvm::cli {

namespace {

constexpr auto clear_line = "\r\x1b[K";

}

Progress::Progress(std::string doing) : doing_{std::move(doing)}, visible_{::isatty(STDERR_FILENO) == 1} {}

Progress::~Progress()
{
    if (shown_)
        std::fputs(clear_line, stderr);
}

void Progress::show(std::chrono::seconds elapsed)
{
    if (!visible_)
        return;
    shown_ = true;
    const std::string line = clear_line + doing_ + " ... " + std::to_string(elapsed.count()) + " s";
    std::fputs(line.c_str(), stderr);
}

} // namespace cvm::cli
