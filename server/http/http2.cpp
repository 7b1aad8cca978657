#include "server/http/http2.hpp"

#include <algorithm>

namespace cvm::http {

namespace {

constexpr std::size_t frame_header_bytes = 9;
constexpr std::uint32_t http_1_1_required = 0xd; // RFC 9113 section 7

// RFC 9113 section 6
enum FrameType : unsigned { data = 0, headers = 1, settings = 4, goaway = 7 };
enum FrameFlags : unsigned { none = 0, end_stream = 1, end_headers = 4 };

std::uint32_t number(std::string_view bytes)
{
    std::uint32_t value = 0;
    for (const char byte : bytes)
        value = value << 8U | static_cast<unsigned char>(byte);
    return value;
}

void append(std::string& out, std::uint32_t value, unsigned bytes)
{
    while (bytes-- > 0)
        out += static_cast<char>(value >> (8 * bytes) & 0xffU);
}

void append_frame(std::string& out, FrameType type, unsigned flags, std::uint32_t stream, std::string_view payload)
{
    append(out, static_cast<std::uint32_t>(payload.size()), 3);
    append(out, type, 1);
    append(out, flags, 1);
    append(out, stream, 4);
    out += payload;
}

} // namespace

bool begins_http2(std::string_view received)
{
    const std::size_t common = std::min(received.size(), http2_preface.size());
    return common >= http2_preface.find('\r') && received.substr(0, common) == http2_preface.substr(0, common);
}

std::optional<std::uint32_t> http2_stream(std::string_view received)
{
    std::string_view frames = received.substr(std::min(received.size(), http2_preface.size()));
    while (frames.size() >= frame_header_bytes) {
        if (number(frames.substr(3, 1)) == headers)
            return number(frames.substr(5, 4)) & 0x7fffffffU; // the first bit is reserved
        const std::size_t whole = frame_header_bytes + number(frames.substr(0, 3));
        if (frames.size() < whole)
            return std::nullopt;
        frames.remove_prefix(whole);
    }
    return std::nullopt;
}

std::string http2_answer(std::uint32_t stream, std::string_view body)
{
    // ":status: 505" and "content-type: application/json": indices of the names in the static table, with literal
    // values that are not added to a table (RFC 7541 section 6.2.2 and appendix A).
    constexpr std::string_view fields{"\x08\x03"
                                      "505"
                                      "\x0f\x10\x10"
                                      "application/json"};
    std::string out;
    append_frame(out, settings, none, 0, {});
    append_frame(out, headers, end_headers, stream, fields);
    append_frame(out, data, end_stream, stream, body);
    std::string reason;
    append(reason, stream, 4);
    append(reason, http_1_1_required, 4);
    append_frame(out, goaway, none, 0, reason);
    return out;
}

} // namespace cvm::http
