#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

namespace cvm::test {

// During its lifetime, stderr is redirected to a pipe with a capacity of 64 KB, which also works on a full disk.
class CapturedErrors {
public:
    CapturedErrors() : before_{::dup(STDERR_FILENO)}
    {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_NONBLOCK) != 0)
            throw std::system_error{errno, std::generic_category(), "pipe"};
        out_ = ends[0];
        ::dup2(ends[1], STDERR_FILENO);
        ::close(ends[1]);
    }
    ~CapturedErrors()
    {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        ::close(out_);
    }
    CapturedErrors(const CapturedErrors&) = delete;
    CapturedErrors& operator=(const CapturedErrors&) = delete;

    std::string take() const
    {
        std::string text;
        std::array<char, 4096> buffer{};
        for (ssize_t bytes = 0; (bytes = ::read(out_, buffer.data(), buffer.size())) > 0;)
            text.append(buffer.data(), static_cast<std::size_t>(bytes));
        return text;
    }

private:
    int before_;
    int out_ = -1;
};

// What a Log writes while `work` runs.
inline std::string logged(const std::function<void()>& work)
{
    const CapturedErrors errors;
    work();
    return errors.take();
}

inline std::size_t count_of(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

} // namespace cvm::test
