#include "state/model/network.hpp"

#include <charconv>

namespace cvm::state {

namespace {

// Reads a decimal number without sign or leading zeros from the front of `text`; nullopt if it is above `most`.
std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t most)
{
    std::uint32_t number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (ec != std::errc{} || number > most || (length > 1 && text.front() == '0'))
        return std::nullopt;
    text.remove_prefix(length);
    return number;
}

std::optional<std::uint32_t> take_ipv4(std::string_view& text)
{
    std::uint32_t address = 0;
    for (int byte = 0; byte < 4; ++byte) {
        if (byte > 0) {
            if (!text.starts_with('.'))
                return std::nullopt;
            text.remove_prefix(1);
        }
        const auto number = take_number(text, 255);
        if (!number)
            return std::nullopt;
        address = address << 8 | *number;
    }
    return address;
}

} // namespace

std::optional<std::uint32_t> parse_ipv4(std::string_view text)
{
    const auto address = take_ipv4(text);
    return text.empty() ? address : std::nullopt;
}

std::string ipv4_text(std::uint32_t address)
{
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8)
        text += std::to_string(address >> shift & 255U) + (shift > 0 ? "." : "");
    return text;
}

std::optional<Cidr> parse_cidr(std::string_view text)
{
    const auto address = take_ipv4(text);
    if (!address || !text.starts_with('/'))
        return std::nullopt;
    text.remove_prefix(1);
    const auto bits = take_number(text, 32);
    if (!bits || !text.empty())
        return std::nullopt;
    return Cidr{*address, static_cast<int>(*bits)};
}

std::string to_string(const Cidr& cidr) { return ipv4_text(cidr.address) + "/" + std::to_string(cidr.bits); }

} // namespace cvm::state
