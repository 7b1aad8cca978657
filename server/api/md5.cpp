#include "server/api/md5.hpp"

#include <boost/uuid/detail/md5.hpp>

namespace cvm::api {

std::string md5(std::string_view text)
{
    boost::uuids::detail::md5 hash;
    hash.process_bytes(text.data(), text.size());
    boost::uuids::detail::md5::digest_type digest{};
    hash.get_digest(digest);
    // The digest is four words, the bytes of each in memory order of the hash.
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const auto word : digest)
        for (const unsigned shift : {28U, 24U, 20U, 16U, 12U, 8U, 4U, 0U})
            hex += digits[(static_cast<unsigned>(word) >> shift) & 15U];
    return hex;
}

} // namespace cvm::api
