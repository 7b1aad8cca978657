#pragma once

#include <chrono>
#include <string>

namespace cvm::cli {

// A line on stderr for somebody who waits at a terminal, "advancing the clock ... 3 s". The destructor erases it.
class Progress {
public:
    explicit Progress(std::string doing);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    // Shows how long it has taken so far, if anybody can see it.
    void show(std::chrono::seconds elapsed);

private:
    std::string doing_;
    bool visible_; // stderr is a terminal
    bool shown_ = false;
};

} // namespace cvm::cli
