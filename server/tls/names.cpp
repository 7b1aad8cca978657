#include "server/tls/names.hpp"

#include "server/base/text.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>

namespace cvm::tls {

namespace {

constexpr std::string_view api_domain = "tencentcloudapi.com";
constexpr std::array domains{api_domain, std::string_view{"tencentcloudapi.com.cn"},
                             std::string_view{"tencentcloudapi.cn"}, std::string_view{"api.qcloud.com"}};

constexpr std::array always{"localhost", "127.0.0.1", "::1"};

constexpr std::size_t max_name = 253; // RFC 1035 section 2.3.4, without the dot of the root
constexpr std::size_t max_label = 63;

bool is_label(std::string_view label)
{
    const auto in_label = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !label.empty() && label.size() <= max_label && std::ranges::all_of(label, in_label);
}

} // namespace

std::span<const std::string_view> vendor_domains() noexcept { return domains; }

bool is_vendor_host(std::string_view host)
{
    const auto below = [&](std::string_view domain) {
        return host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.' &&
               ascii_lower(host.substr(host.size() - domain.size())) == domain;
    };
    return std::ranges::any_of(domains, below) && is_host_name_or_address(ascii_lower(host));
}

std::vector<std::string> certificate_names(const std::set<std::string, std::less<>>& regions,
                                           std::span<const std::string> own)
{
    std::vector<std::string> names{always.begin(), always.end()};
    for (const std::string_view domain : domains)
        names.push_back("*." + std::string{domain});
    names.push_back("*.intl." + std::string{api_domain});
    for (const std::string& region : regions)
        names.push_back("*." + region + "." + std::string{api_domain});
    for (const std::string& name : own)
        if (std::ranges::find(names, name) == names.end())
            names.push_back(name);
    return names;
}

bool is_host_name_or_address(std::string_view text)
{
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(std::string{text}, not_an_address);
    if (!not_an_address)
        return true;
    if (text.size() > max_name)
        return false;
    while (!text.empty()) {
        const auto dot = text.find('.');
        if (!is_label(text.substr(0, dot)) || dot + 1 == text.size())
            return false;
        if (dot == std::string_view::npos)
            return true;
        text.remove_prefix(dot + 1);
    }
    return false;
}

} // namespace cvm::tls
