#pragma once

#include "state/model/account.hpp"
#include "state/model/calendar.hpp"
#include "state/model/names.hpp"

#include <boost/json/value.hpp>
#include <boost/pfr.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <ostream>
#include <ranges>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

// How failed tests show values of any type: lists as [a, b], structs as {a, b}.

namespace cvm::test {

template <class T>
concept Text = std::convertible_to<const T&, std::string_view>;

template <class T>
concept Streamed = requires(std::ostream& out, const T& value)
{
    out << value;
};

template <class T>
concept Named = std::is_enum_v<T> && requires
{
    state::Names<T>::all;
};

// The fields of a struct, as a tuple of references.
template <class T>
auto fields_of(const T& value)
{
    return boost::pfr::structure_tie(value);
}

// g++ 12 crashes when it counts these fields.
inline auto fields_of(const state::Credential& c)
{
    return std::tie(c.secret_id, c.secret_key, c.uin, c.token, c.expires_at, c.allowed, c.mfa, c.policy, c.session,
                    c.role_id);
}

inline auto fields_of(const state::Role& role) { return std::tie(role.name, role.id, role.allowed); }

std::string shown(std::string_view text);
std::string shown(const boost::json::value& value);

inline std::string shown(state::Instant instant) { return state::format_instant(instant); }
inline std::string shown(std::nullopt_t) { return "none"; }

template <class Clock, class Duration>
std::string shown(std::chrono::time_point<Clock, Duration> time)
{
    return std::to_string(time.time_since_epoch().count());
}

template <class Rep, class Period>
std::string shown(std::chrono::duration<Rep, Period> length)
{
    return std::to_string(length.count());
}

template <class T>
std::string shown(const std::optional<T>& value);

template <class First, class Second>
std::string shown(const std::pair<First, Second>& pair);

template <class T>
    requires(!std::convertible_to<const T&, const boost::json::value&>)
std::string shown(const T& value)
{
    if constexpr (Text<T>) {
        return shown(std::string_view{value});
    } else if constexpr (Named<T>) {
        return std::string{name(value)};
    } else if constexpr (std::is_enum_v<T>) {
        return std::to_string(static_cast<std::int64_t>(value));
    } else if constexpr (std::is_same_v<T, bool>) {
        return value ? "true" : "false";
    } else if constexpr (Streamed<T>) {
        std::ostringstream out;
        out << value;
        return out.str();
    } else if constexpr (std::ranges::range<T>) {
        std::string text;
        for (const auto& entry : value)
            text += (text.empty() ? "" : ", ") + shown(entry);
        return "[" + text + "]";
    } else {
        static_assert(std::is_aggregate_v<T>, "compare something that can be shown");
        std::string text;
        std::apply([&](const auto&... field) { ((text += (text.empty() ? "" : ", ") + shown(field)), ...); },
                   fields_of(value));
        return "{" + text + "}";
    }
}

template <class T>
std::string shown(const std::optional<T>& value)
{
    return value ? shown(*value) : shown(std::nullopt);
}

template <class First, class Second>
std::string shown(const std::pair<First, Second>& pair)
{
    return shown(pair.first) + ": " + shown(pair.second);
}

} // namespace cvm::test
