#pragma once

#include "server/cli/environment.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cvm::cli {

// The address of an emulator.
struct Url {
    std::string host; // a name or an address, IPv6 without brackets
    std::uint16_t port = 80;

    friend bool operator==(const Url&, const Url&) = default;
};

// Parses "http://127.0.0.1:8213", with or without a final slash. UsageError says what is wrong with anything else.
Url parse_url(std::string_view text);

// The value for a Host header: "127.0.0.1:8213", "[::1]:8213"; without the port if that is 80.
std::string authority(const Url& url);

// "http://127.0.0.1:8213".
std::string to_text(const Url& url);

// The address of a server with the same environment, as in a container: CVM_EMULATOR_URL, or the address and port of
// CVM_EMULATOR_HOST and CVM_EMULATOR_PORT.
std::string default_url(const Environment& environment);

// A target with those of the parameters that are not empty.
std::string with_query(std::string_view path,
                       std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);

} // namespace cvm::cli
