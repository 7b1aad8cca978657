#include "server/gateway/spare_answers.hpp"

#include "server/base/error.hpp"
#include "server/gateway/responses.hpp"
#include "server/wire/render.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace cvm {

namespace {

constexpr std::string_view no_id = "00000000-0000-0000-0000-000000000000";

http::Response make(std::size_t place, std::size_t dialects)
{
    if (place == dialects)
        return control_response(boost::beast::http::status::internal_server_error, "the server is out of memory");
    const wire::ResponseFormat format{static_cast<wire::Dialect>(place), Language::english};
    return api_response(wire::render_error(format, error(Errc::internal_error), {}, no_id));
}

} // namespace

http::Response SpareAnswers::take(wire::Dialect dialect, std::string_view request_id) noexcept
{
    http::Response answer = take_at(static_cast<std::size_t>(dialect));
    const auto at = answer.body().find(no_id);
    if (at != std::string::npos && request_id.size() == no_id.size())
        std::ranges::copy(request_id, answer.body().begin() + static_cast<std::ptrdiff_t>(at));
    return answer;
}

http::Response SpareAnswers::take_at(std::size_t place) noexcept
{
    complete_ = false;
    if (auto spare = std::exchange(spares_[place], std::nullopt))
        return *std::move(spare);
    http::Response bare;
    bare.result(boost::beast::http::status::internal_server_error);
    return bare;
}

void SpareAnswers::renew() noexcept
try {
    if (complete_)
        return;
    for (std::size_t place = 0; place < spares_.size(); ++place)
        if (!spares_[place])
            spares_[place] = make(place, dialects);
    complete_ = true;
} catch (const std::bad_alloc&) {
    // Tried again at the next call.
}

} // namespace cvm
