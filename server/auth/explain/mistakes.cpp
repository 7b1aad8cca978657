#include "server/auth/explain/mistakes.hpp"

#include "server/auth/crypto.hpp"
#include "server/wire/form.hpp"

#include <algorithm>
#include <stdexcept>

namespace cvm::auth {

std::vector<std::pair<std::string, std::string_view>> damaged_secrets(const std::string& secret)
{
    return {{secret + "\n", "a line break after it"},
            {secret + "\r\n", "CR and LF after it"},
            {secret + "\r", "CR after it"},
            {secret + " ", "a blank after it"},
            {" " + secret, "a blank before it"},
            {"\n" + secret, "a line break before it"},
            {secret + "\t", "a tab after it"},
            {'"' + secret + '"', "double quotes around it"},
            {"'" + secret + "'", "single quotes around it"},
            {"\xEF\xBB\xBF" + secret, "a byte order mark before it"},
            {secret + std::string(1, '\0'), "a NUL after it"}};
}

std::vector<std::pair<std::string, std::string_view>> absent_secrets()
{
    return {{"", "nothing"},
            {"undefined", "undefined"},
            {"null", "null"},
            {"None", "None"},
            {"<nil>", "<nil>"},
            {"SecretKey", "SecretKey"},
            {"SECRET_KEY", "SECRET_KEY"}};
}

std::vector<std::string> hosts_of_urls(const std::string& host)
{
    std::vector<std::string> hosts;
    for (const char* const scheme : {"http://", "https://", ""})
        for (const char* const path : {"", "/", "/v2/index.php", "/v2", "/v3", "/api"})
            if (*scheme != '\0' || *path != '\0')
                hosts.push_back(scheme + host + path);
    return hosts;
}

std::string with_detail(std::string_view what, std::string_view detail)
{
    std::string text{what};
    if (!detail.empty()) {
        text += " Signed: ";
        text += detail;
    }
    return text;
}

std::string digest_text(std::string_view digest, DigestText text)
{
    switch (text) {
    case DigestText::hex:
        return hex(digest);
    case DigestText::upper_hex: {
        std::string upper = hex(digest);
        std::ranges::transform(upper, upper.begin(),
                               [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
        return upper;
    }
    case DigestText::base64:
        return base64(digest);
    case DigestText::base64_url: {
        std::string url = base64(digest);
        std::ranges::replace(url, '+', '-');
        std::ranges::replace(url, '/', '_');
        while (url.ends_with('='))
            url.pop_back();
        return url;
    }
    case DigestText::base64_blanks: {
        std::string blanks = base64(digest);
        std::ranges::replace(blanks, '+', ' ');
        return blanks;
    }
    case DigestText::base64_escaped:
        return wire::percent_encoded(base64(digest));
    case DigestText::base64_hex:
        return base64(hex(digest));
    }
    throw std::logic_error{"DigestText out of range"};
}

} // namespace cvm::auth
