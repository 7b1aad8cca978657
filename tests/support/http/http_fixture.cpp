#include "tests/support/http/http_fixture.hpp"

#include "server/http/listener.hpp"
#include "tests/support/http/server_thread.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace cvm::http::test {

namespace {

unsigned status_of(Refusal reason)
{
    switch (reason) {
    case Refusal::malformed:
    case Refusal::tls:
        return 400;
    case Refusal::http2:
        return 505;
    case Refusal::target_too_long:
        return 414;
    case Refusal::header_too_large:
        return 431;
    case Refusal::body_too_large:
        return 413;
    case Refusal::timeout:
        return 408;
    case Refusal::too_many_connections:
        return 503;
    }
    return 500;
}

// The body "piece 1;piece 2;" and so on, followed by the end or an exception.
class Pieces final : public BodySource {
public:
    Pieces(std::size_t count, bool breaks) : count_{count}, breaks_{breaks} {}

    std::string next() override
    {
        if (made_ < count_)
            return "piece " + std::to_string(++made_) + ";";
        if (breaks_)
            throw std::runtime_error{"no more pieces"};
        return {};
    }

private:
    std::size_t count_;
    bool breaks_;
    std::size_t made_ = 0;
};

// The body "word;" for each word that a request has sent.
class Live final : public LiveBody {
public:
    explicit Live(const std::vector<std::string>& said) : said_{said} {}

    bool ready() const noexcept override { return at_ < said_.size(); }

    std::optional<std::string> next(bool silent) override
    {
        if (!ready())
            return silent ? "still;" : "";
        const std::string& word = said_[at_++];
        if (word == "break")
            throw std::runtime_error{"nothing more to say"};
        return word == "end" ? std::nullopt : std::optional{word + ";"};
    }

private:
    const std::vector<std::string>& said_;
    std::size_t at_ = 0;
};

// The number in a header; 0 without it.
std::size_t number_in(const Request& request, const char* name)
{
    const auto at = request.find(name);
    return at == request.end() ? 0UL : std::stoul(std::string{at->value()});
}

std::chrono::milliseconds milliseconds_in(const Request& request, const char* name)
{
    return std::chrono::milliseconds{static_cast<std::int64_t>(number_in(request, name))};
}

Delivery delivery_for(const Request& request)
{
    Delivery delivery;
    delivery.delay = milliseconds_in(request, "X-Delay");
    delivery.drop = number_in(request, "X-Drop") == 1;
    if (request.find("X-Truncate") != request.end())
        delivery.body_bytes = number_in(request, "X-Truncate");
    delivery.body_bytes_per_second = number_in(request, "X-Rate");
    return delivery;
}

} // namespace

Reply EchoService::handle(const Request& request, const Arrival& arrival) noexcept
{
    namespace bhttp = boost::beast::http;
    if (request.target() == "/wait" && !state_changed && arrival.waited < milliseconds_in(request, "X-Wait")) {
        ++waits;
        return {.response = {}, .wait = milliseconds_in(request, "X-Wait") - arrival.waited};
    }
    if (request.target() == "/parts" && !state_changed) {
        ++parts;
        return {.response = {}, .continue_after = milliseconds_in(request, "X-Gap")};
    }
    handled.push_back(std::string{request.method_string()} + " " + std::string{request.target()} + " " +
                      request.body());
    state_changed = state_changed || request.target() == "/change";
    Response response;
    response.set("X-Request-Id", std::to_string(handled.size()));
    if (const auto extra = request.find("X-Extra"); extra != request.end())
        response.set("X-Extra", extra->value());
    response.set(bhttp::field::content_type, "application/json");
    if (request.target() == "/empty")
        response.result(bhttp::status::no_content);
    else if (request.target() == "/large")
        response.body().assign(std::stoul(std::string{request["X-Size"]}), 'x');
    else
        response.body() = handled.back();
    Reply reply{.response = std::move(response),
                .delivery = delivery_for(request),
                .state_changed = true,
                .tunnel = request.method() == bhttp::verb::connect && request.target().ends_with(":443")};
    if (request.target() == "/say")
        said.push_back(request.body());
    if (request.target().ends_with("/live"))
        reply.live = std::make_unique<Live>(said);
    if (request.target() == "/pieces")
        reply.body = std::make_unique<Pieces>(std::stoul(std::string{request["X-Count"]}), !request["X-Break"].empty());
    if (request.target() != "/later")
        return reply;
    held_.push_back(std::move(reply));
    return {.response = {}, .held = true};
}

std::vector<Reply> EchoService::held_answers() noexcept
{
    released.push_back(held_.size());
    return std::exchange(held_, {});
}

Response EchoService::refuse(Refusal reason, const RequestHeader& header) noexcept
{
    refused.push_back(reason);
    Response response;
    response.result(status_of(reason));
    response.set(boost::beast::http::field::content_type, "application/json");
    response.body() = "refused " + std::string{header.target()};
    return response;
}

bool EchoService::has_priority(const RequestHeader& header) const noexcept
{
    return header.target().starts_with("/first");
}

std::uint64_t EchoService::body_limit(const RequestHeader& header) const noexcept
{
    return header.target() == "/upload" ? upload_body_limit : small_body_limit;
}

struct Fixture::Impl {
    Impl(EchoService& service, const Limits& limits, TlsSource* tls)
        : server{thread.io(), service, limits, [this](Importance, std::string_view line) { take_report(line); },
                 tls,         &counts}
    {
        port = server.listen("127.0.0.1", 0).port();
        thread.start();
    }

    ~Impl()
    {
        thread.stop([this] { server.stop_now(); });
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void take_report(std::string_view line)
    {
        const std::lock_guard lock{reports_mutex};
        reports.emplace_back(line);
        reported.notify_one();
    }

    std::mutex reports_mutex;
    std::condition_variable reported;
    std::vector<std::string> reports;
    Connections counts;
    ServerThread thread;
    Server server;
    std::uint16_t port = 0;
};

Fixture::Fixture(const Limits& limits, TlsSource* tls) : impl_{std::make_unique<Impl>(service, limits, tls)} {}

Fixture::~Fixture() = default;

std::uint16_t Fixture::port() const { return impl_->port; }

void Fixture::on_server(const std::function<void(Server&)>& call)
{
    impl_->thread.run([&] { call(impl_->server); });
}

Connections Fixture::counts()
{
    Connections now;
    on_server([&](Server&) { now = impl_->counts; });
    return now;
}

void Fixture::stop()
{
    on_server([](Server& server) { server.stop(); });
}

void Fixture::stop_now()
{
    on_server([](Server& server) { server.stop_now(); });
}

void Fixture::wait_for_connections(std::size_t count)
{
    const auto give_up = std::chrono::steady_clock::now() + patience;
    std::size_t open = count + 1;
    while (open != count) {
        REQUIRE(std::chrono::steady_clock::now() < give_up);
        on_server([&](Server& server) { open = server.connections(); });
    }
}

void Fixture::wait_for_waits(std::size_t count)
{
    wait_until([&] { return service.waits >= count; });
}

void Fixture::wait_for_handled(std::size_t count)
{
    wait_until([&] { return service.handled.size() >= count; });
}

void Fixture::wait_until(const std::function<bool()>& holds)
{
    const auto give_up = std::chrono::steady_clock::now() + patience;
    for (bool held = false; !held; on_server([&](Server&) { held = holds(); }))
        REQUIRE(std::chrono::steady_clock::now() < give_up);
}

void Fixture::join() { REQUIRE(impl_->thread.join()); }

std::string Fixture::next_report()
{
    std::unique_lock lock{impl_->reports_mutex};
    REQUIRE(impl_->reported.wait_for(lock, patience, [this] { return !impl_->reports.empty(); }));
    std::string line = std::move(impl_->reports.front());
    impl_->reports.erase(impl_->reports.begin());
    return line;
}

std::vector<std::string> Fixture::reports()
{
    const std::lock_guard lock{impl_->reports_mutex};
    return impl_->reports;
}

} // namespace cvm::http::test
