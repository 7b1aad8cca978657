#include "server/tls/names.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace cvm::tls;

TEST_CASE("the vendor's hosts are those below its domains")
{
    for (const char* host :
         {"cvm.tencentcloudapi.com", "cvm.ap-guangzhou.tencentcloudapi.com", "billing.intl.tencentcloudapi.com",
          "cvm.api.qcloud.com", "CVM.TencentCloudAPI.com", "cvm.tencentcloudapi.com.cn", "cvm.tencentcloudapi.cn"}) {
        CAPTURE(host);
        CHECK(is_vendor_host(host));
    }
    for (const char* host : {"", "tencentcloudapi.com", ".tencentcloudapi.com", "eviltencentcloudapi.com",
                             "cvm.tencentcloudapi.com.", "cvm.tencentcloudapi.com.evil.example", "qcloud.com",
                             "a..tencentcloudapi.com", "a b.tencentcloudapi.com", "127.0.0.1", "localhost"}) {
        CAPTURE(host);
        CHECK_FALSE(is_vendor_host(host));
    }
}

TEST_CASE("a certificate lists this machine, the vendor's hosts in every region and the user's names, each once")
{
    const std::vector<std::string> own{"emulator", "10.0.0.7", "localhost"};
    const auto names = certificate_names({"ap-guangzhou"}, own);
    for (const char* name : {"localhost", "127.0.0.1", "::1", "*.tencentcloudapi.com", "*.intl.tencentcloudapi.com",
                             "*.ap-guangzhou.tencentcloudapi.com", "*.api.qcloud.com", "emulator", "10.0.0.7"}) {
        CAPTURE(name);
        CHECK(std::ranges::count(names, name) == 1);
    }
}

TEST_CASE("host names and addresses are distinguished from other text")
{
    for (const char* text : {"emulator", "my_service", "a-b.c", "127.0.0.1", "::1", "fe80::1"}) {
        CAPTURE(text);
        CHECK(is_host_name_or_address(text));
    }
    for (const std::string& text :
         {std::string{}, std::string{"."}, std::string{"a."}, std::string{".a"}, std::string{"a..b"},
          std::string{"*.a"}, std::string{"a,DNS:b"}, std::string{"a b"}, std::string{"http://a"}, std::string{"a:80"},
          std::string(64, 'a'), std::string(130, 'a') + "." + std::string(130, 'a')}) {
        CAPTURE(text);
        CHECK_FALSE(is_host_name_or_address(text));
    }
}
