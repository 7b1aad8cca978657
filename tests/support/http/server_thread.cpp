#include "tests/support/http/server_thread.hpp"

#include "tests/support/http/client.hpp"

#include <boost/asio/post.hpp>

namespace cvm::http::test {

void ServerThread::start(std::function<void()> run)
{
    std::promise<void> returned;
    returned_ = returned.get_future();
    thread_ = std::thread{[run = std::move(run), returned = std::move(returned)]() mutable {
        run();
        returned.set_value();
    }};
}

void ServerThread::run(const std::function<void()>& call)
{
    std::promise<void> done;
    boost::asio::post(io_, [&] {
        call();
        done.set_value();
    });
    done.get_future().wait();
}

bool ServerThread::join()
{
    if (returned_.wait_for(patience) != std::future_status::ready)
        return false;
    thread_.join();
    return true;
}

void ServerThread::stop(const std::function<void()>& stop_server)
{
    if (!thread_.joinable())
        return;
    boost::asio::post(io_, stop_server);
    if (returned_.wait_for(patience) != std::future_status::ready)
        io_.stop();
    thread_.join();
}

} // namespace cvm::http::test
