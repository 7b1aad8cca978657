#pragma once

#include "server/http/message.hpp"
#include "server/wire/envelope.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cvm {

// Answers that say that the server broke, made beforehand: for when there is no memory to make one.
class SpareAnswers {
public:
    SpareAnswers() { renew(); }

    // In the form of the API: InternalError, with this RequestId if it has the length of one. Status 500 and nothing
    // else if the answer was taken before and could not be made anew.
    http::Response take(wire::Dialect dialect, std::string_view request_id) noexcept;

    // In the form of the control surface, with status 500.
    http::Response take_control() noexcept { return take_at(dialects); }

    // Makes those that were taken, as far as there is memory.
    void renew() noexcept;

private:
    static constexpr std::size_t dialects = static_cast<std::size_t>(wire::Dialect::legacy_numeric) + 1;

    http::Response take_at(std::size_t place) noexcept;

    std::array<std::optional<http::Response>, dialects + 1> spares_{}; // the last one is of the control surface
    bool complete_ = false;
};

} // namespace cvm
