#pragma once

#include "server/cli/url.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// One HTTP request and its answer, without coroutines and threads of its own.

namespace cvm::cli {

struct HttpRequest {
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers; // besides Host and Content-Length
    std::string body;
    std::chrono::milliseconds timeout; // from the connect to the end of the answer
};

struct Reply {
    unsigned status;
    std::string body;
};

// There is no answer; what happened, to be put behind a colon.
struct Failure {
    bool connected; // the other side was there, but did not answer as it should
    std::string what;
};

// A request under way. The caller runs it in pieces, so that it can tell meanwhile how long it takes.
class Exchange {
public:
    Exchange(const Url& url, HttpRequest request);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();

    // Returns when the exchange is over (true) or when the time is.
    bool run_for(std::chrono::milliseconds time);

    // Of one that is over.
    const std::variant<Reply, Failure>& outcome() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cvm::cli
