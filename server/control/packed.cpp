#include "server/control/packed.hpp"

#include <boost/beast/zlib/inflate_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace cvm::control {

namespace {

// RFC 1952 sections 2.2 and 2.3: magic number, method 8, no flags, time, system; then the data, its checksum and its
// size.
constexpr std::string_view gzip_begin{"\x1f\x8b\x08\x00", 4};
constexpr std::size_t gzip_header = 10;
constexpr std::size_t gzip_trailer = 8;

} // namespace

std::string unpacked(std::string_view packed)
{
    if (packed.size() < gzip_header + gzip_trailer || !packed.starts_with(gzip_begin))
        throw std::runtime_error{"not packed by gzip"};
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < 4; ++i)
        size |= std::uint32_t{static_cast<unsigned char>(packed[packed.size() - 4 + i])} << (8 * i);
    std::string text(size, '\0');
    boost::beast::zlib::z_params zs;
    zs.next_in = packed.data() + gzip_header;
    zs.avail_in = packed.size() - gzip_header - gzip_trailer;
    zs.next_out = text.data();
    zs.avail_out = text.size();
    boost::beast::zlib::inflate_stream stream;
    boost::beast::error_code ec;
    stream.write(zs, boost::beast::zlib::Flush::finish, ec);
    if (ec != boost::beast::zlib::error::end_of_stream || zs.avail_out != 0)
        throw std::runtime_error{"packed text that does not unpack: " + ec.message()};
    return text;
}

} // namespace cvm::control
