#pragma once

#include "server/http/message.hpp"
#include "server/wire/envelope.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cvm {

// Prepared answers that report an internal error, for when there is no memory to build one.
class SpareAnswers {
public:
    SpareAnswers() { renew(); }

    // An answer of the API: InternalError, with this RequestId if its length is that of a RequestId. Only status 500,
    // without a body, if the answer was already taken and could not be prepared again.
    http::Response take(wire::Dialect dialect, std::string_view request_id) noexcept;

    // An answer of the control API, with status 500.
    http::Response take_control() noexcept { return take_at(dialects); }

    // Prepares those that were taken again, as far as memory allows.
    void renew() noexcept;

private:
    static constexpr std::size_t dialects = static_cast<std::size_t>(wire::Dialect::legacy_numeric) + 1;

    http::Response take_at(std::size_t place) noexcept;

    std::array<std::optional<http::Response>, dialects + 1> spares_{}; // the last one is for the control API
    bool complete_ = false;
};

} // namespace cvm
