#pragma once

#include <chrono>
#include <string>

namespace cvm::cli {

// A progress line on stderr for somebody at a terminal, "advancing the clock ... 3 s". The destructor erases it.
class Progress {
public:
    explicit Progress(std::string doing);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    // Shows the elapsed time, if stderr is visible.
    void show(std::chrono::seconds elapsed);

private:
    std::string doing_;
    bool visible_; // stderr is a terminal
    bool shown_ = false;
};

} // namespace cvm::cli
