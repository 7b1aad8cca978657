#include "server/auth/v1.hpp"

#include "server/auth/crypto.hpp"

#include <algorithm>

namespace cvm::auth {

V1Inputs v1_inputs(std::string_view method, std::string_view host, std::string_view path, const wire::Form& form,
                   Underscore underscore)
{
    V1Inputs inputs;
    inputs.method = method;
    inputs.host = host;
    inputs.path = path;
    for (const auto& [name, value] : form) {
        if (name == "Signature")
            continue;
        inputs.pairs.emplace_back(name, value);
        if (underscore != Underscore::stays)
            std::ranges::replace(inputs.pairs.back().first, '_', '.');
    }
    if (underscore == Underscore::dot_sorted_after)
        std::ranges::sort(inputs.pairs);
    return inputs;
}

std::string v1_string_to_sign(const V1Inputs& inputs)
{
    std::string text = inputs.method;
    text += inputs.host;
    text += inputs.path;
    std::string_view separator = inputs.question;
    for (const auto& [name, value] : inputs.pairs) {
        text += separator;
        text += name;
        text += '=';
        text += value;
        separator = "&";
    }
    return text;
}

std::string v1_string_to_sign(std::string_view method, std::string_view host, std::string_view path,
                              const wire::Form& form, Underscore underscore)
{
    return v1_string_to_sign(v1_inputs(method, host, path, form, underscore));
}

std::string v1_signature(std::string_view secret_key, std::string_view string_to_sign, bool sha256)
{
    return base64(sha256 ? hmac_sha256(secret_key, string_to_sign) : hmac_sha1(secret_key, string_to_sign));
}

} // namespace cvm::auth
