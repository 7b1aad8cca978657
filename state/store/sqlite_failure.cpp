#include "state/store/sqlite_failure.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace cvm::state::rows {

namespace {

constexpr std::string_view make_room = "make room on its file system";
constexpr std::string_view look_at_disk = "check whether its file system is full, read-only or broken";
constexpr std::string_view let_write =
    "let this user write the file, the -wal and -shm files next to it, and their folder";
constexpr std::string_view end_other = "another process holds it: stop that process";
constexpr std::string_view damaged = "it is damaged: replace it with a backup while no server has it open, recover "
                                     "what is readable with sqlite3 FILE .recover, or name another file with --db";

constexpr std::array breakages{
    Breakage{SQLITE_FULL, false, make_room},     Breakage{SQLITE_IOERR, false, look_at_disk},
    Breakage{SQLITE_READONLY, false, let_write}, Breakage{SQLITE_CANTOPEN, false, let_write},
    Breakage{SQLITE_PERM, false, let_write},     Breakage{SQLITE_BUSY, false, end_other},
    Breakage{SQLITE_LOCKED, false, end_other},   Breakage{SQLITE_PROTOCOL, false, end_other},
    Breakage{SQLITE_CORRUPT, true, damaged},     Breakage{SQLITE_NOTADB, true, damaged},
};

constexpr int without_extension(int code) { return code & 0xff; }

} // namespace

const Breakage* breakage_of(int code) noexcept
{
    const auto at = std::ranges::find(breakages, without_extension(code), &Breakage::code);
    return at != breakages.end() ? &*at : nullptr;
}

bool is_lock(int code) noexcept
{
    const Breakage* breakage = breakage_of(code);
    return breakage != nullptr && breakage->advice == end_other;
}

std::string describe_failure(const std::string& path, int code, std::string_view what)
{
    std::string text = path + ": " + std::string{what};
    const Breakage* breakage = breakage_of(code);
    if (breakage == nullptr)
        return text;
    if (breakage->advice == let_write)
        text += " for uid " + std::to_string(::geteuid()) + ":" + std::to_string(::getegid());
    return text + "; " + std::string{breakage->advice};
}

} // namespace cvm::state::rows
