#include "server/auth/v1.hpp"

#include "server/auth/crypto.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace cvm::auth {

std::string v1_string_to_sign(std::string_view method, std::string_view host, std::string_view path,
                              const wire::Form& form, Underscore underscore)
{
    std::vector<std::pair<std::string, std::string_view>> signed_pairs;
    for (const auto& [name, value] : form) {
        if (name == "Signature")
            continue;
        signed_pairs.emplace_back(name, value);
        if (underscore != Underscore::stays)
            std::ranges::replace(signed_pairs.back().first, '_', '.');
    }
    if (underscore == Underscore::dot_sorted_after)
        std::ranges::sort(signed_pairs);

    std::string text{method};
    text += host;
    text += path;
    char separator = '?';
    for (const auto& [name, value] : signed_pairs) {
        text += separator;
        text += name;
        text += '=';
        text += value;
        separator = '&';
    }
    return text;
}

std::string v1_signature(std::string_view secret_key, std::string_view string_to_sign, bool sha256)
{
    return base64(sha256 ? hmac_sha256(secret_key, string_to_sign) : hmac_sha1(secret_key, string_to_sign));
}

} // namespace cvm::auth
