#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The host names for which the server has certificates: its own and the vendor's.

namespace cvm::tls {

// The vendor's domains that contain the hosts of its APIs. tencentcloudapi.com.cn and tencentcloudapi.cn are those to
// which the SDKs for Python and C++ switch when the first cannot be reached.
std::span<const std::string_view> vendor_domains() noexcept;

// Whether a host is in one of the vendor's domains, such as "cvm.tencentcloudapi.com" or "CVM.api.qcloud.com".
bool is_vendor_host(std::string_view host);

// Host names, possibly with "*" as the first label, and addresses for which the certificate must be valid: localhost,
// 127.0.0.1, ::1, the vendor's hosts in these regions and without one, and `own`.
std::vector<std::string> certificate_names(const std::set<std::string, std::less<>>& regions,
                                           std::span<const std::string> own);

// Whether the text is an IP address, or a host name without "*".
bool is_host_name_or_address(std::string_view text);

} // namespace cvm::tls
