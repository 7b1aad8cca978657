#pragma once

#include "server/cli/url.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// One HTTP request and its answer, without coroutines and threads.

namespace cvm::cli {

struct HttpRequest {
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers; // in addition to Host and Content-Length
    std::string body;
    std::chrono::milliseconds timeout; // from the connection attempt to the end of the answer
};

struct Reply {
    unsigned status;
    std::string body;
};

// There is no answer; the text says what happened and can be put after a colon.
struct Failure {
    bool connected; // the server was reached, but did not answer properly
    std::string what;
};

// A request in progress. The caller runs it in pieces, so that it can show the progress meanwhile.
class Exchange {
public:
    Exchange(const Url& url, HttpRequest request);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();

    // Returns true when the exchange has ended, or false when the time is over.
    bool run_for(std::chrono::milliseconds time);

    // Only for an exchange that has ended.
    const std::variant<Reply, Failure>& outcome() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cvm::cli
