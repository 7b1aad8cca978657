#pragma once

#include "server/cli/environment.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cvm::cli {

// Where an emulator listens.
struct Url {
    std::string host; // a name or an address, IPv6 without its brackets
    std::uint16_t port = 80;

    friend bool operator==(const Url&, const Url&) = default;
};

// "http://127.0.0.1:8213", with or without a slash at the end. UsageError says what is wrong with anything else.
Url parse_url(std::string_view text);

// As it stands in a Host header: "127.0.0.1:8213", "[::1]:8213"; without the port if that is 80.
std::string authority(const Url& url);

// "http://127.0.0.1:8213".
std::string to_text(const Url& url);

// Where a server of the same environment listens, as in a container: CVM_EMULATOR_URL, or the address and port of
// CVM_EMULATOR_HOST and CVM_EMULATOR_PORT.
std::string default_url(const Environment& environment);

// A target with those parameters that are not empty.
std::string with_query(std::string_view path,
                       std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);

} // namespace cvm::cli
