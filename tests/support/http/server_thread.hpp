#pragma once

#include <boost/asio/io_context.hpp>

#include <functional>
#include <future>
#include <thread>

namespace cvm::http::test {

// The thread that runs the io_context of a server. The server must be declared after this object, and its owner's
// destructor must call stop() before the server is destroyed.
class ServerThread {
public:
    boost::asio::io_context& io() { return io_; }

    // To be called once, when the server listens: without work the thread would end immediately.
    void start()
    {
        start([this] { io_.run(); });
    }
    void start(std::function<void()> run);

    // Runs `call` on the thread and waits for it.
    void run(const std::function<void()>& call);

    // Waits until the thread has ended by itself. False if it is still running after `patience`.
    bool join();

    // Runs `stop_server` on the thread and waits for the thread's end, which is forced after `patience`. Does nothing
    // if the thread has been joined.
    void stop(const std::function<void()>& stop_server);

private:
    boost::asio::io_context io_{1};
    std::future<void> returned_;
    std::thread thread_;
};

} // namespace cvm::http::test
