#include "tests/support/own_file_system.hpp"

#include <doctest/doctest.h>

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace cvm::test {

namespace {

constexpr int may_not_mount = 77; // exit code of the child

void expect(int result, const char* what)
{
    if (result != 0)
        throw std::system_error{errno, std::generic_category(), what};
}

void write_file(const char* path, const std::string& text)
{
    std::ofstream out{path};
    out << text << std::flush;
    if (!out)
        throw std::runtime_error{path};
}

// Root is not asked for: in a user namespace of its own everybody may mount.
void mount_own(const std::string& folder, const std::string& options)
{
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::unshare(CLONE_NEWNS) != 0) {
        expect(::unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
        write_file("/proc/self/setgroups", "deny");
        write_file("/proc/self/uid_map", std::to_string(user) + " " + std::to_string(user) + " 1");
        write_file("/proc/self/gid_map", std::to_string(group) + " " + std::to_string(group) + " 1");
    }
    expect(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount /");
    expect(::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()), "mount tmpfs");
}

[[noreturn]] void run_child(int out, const std::string& folder, const std::string& options,
                            const std::function<std::string()>& work)
{
    try {
        mount_own(folder, options);
    } catch (const std::exception&) {
        ::_exit(may_not_mount);
    }
    std::string text;
    try {
        text = work();
    } catch (const std::exception& e) {
        text = std::string{"threw: "} + e.what();
    }
    const bool told = ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::_exit(told ? 0 : 1);
}

} // namespace

std::optional<std::string> on_own_file_system(const std::string& folder, const std::string& options,
                                              const std::function<std::string()>& work)
{
    std::array<int, 2> ends{};
    expect(::pipe(ends.data()), "pipe");
    const pid_t child = ::fork();
    if (child == 0)
        run_child(ends[1], folder, options, work);
    ::close(ends[1]);
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t bytes = 0; (bytes = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(bytes));
    ::close(ends[0]);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status))
        throw std::runtime_error{"the process with its own file system ended by a signal"};
    if (WEXITSTATUS(status) == may_not_mount) {
        MESSAGE("not run: this process may not mount a file system");
        return std::nullopt;
    }
    if (WEXITSTATUS(status) != 0)
        throw std::runtime_error{"the process with its own file system failed"};
    return text;
}

void make_read_only(const std::string& folder)
{
    expect(::mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), "remount");
}

} // namespace cvm::test
