#include "server/gateway/product.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;

TEST_CASE("the product of a call is the first label of a vendor's host, or any")
{
    struct Case {
        std::string host;
        std::string scope;
        std::string version;
        std::string name;
        bool bound;
    };
    const Case cases[] = {
        {"cvm.tencentcloudapi.com", "cvm", "2017-03-12", "cvm", true},
        {"cvm.tencentcloudapi.com:80", "cvm", "2017-03-12", "cvm", true},
        {"CVM.TencentCloudAPI.com.", "cvm", "2017-03-12", "cvm", true},
        {"http://cvm.tencentcloudapi.com", "cvm", "2017-03-12", "cvm", true},
        {"https://cvm.tencentcloudapi.com/", "cvm", "2017-03-12", "cvm", true},
        {"cvm.ap-guangzhou.tencentcloudapi.com", "cvm", "2017-03-12", "cvm", true},
        {"cvm.intl.tencentcloudapi.com", "cvm", "2017-03-12", "cvm", true},
        {"cvm.tencentcloudapi.com.cn", "cvm", "2017-03-12", "cvm", true},
        {"cvm.tencentcloudapi.cn", "cvm", "2017-03-12", "cvm", true},
        {"cbs.api.qcloud.com", "", "", "cbs", true},
        {"billing.tencentcloudapi.com", "cvm", "2017-03-12", "billing", true}, // the host counts, not the scope
        {"monitor.tencentcloudapi.com", "monitor", "2018-07-24", "monitor", true},
        {"127.0.0.1:8213", "cvm", "2017-03-12", "cvm", false},
        {"127.0.0.1:8213", "cbs", "2017-03-12", "cbs", false},
        {"127.0.0.1:8213", "127", "2017-03-12", "cvm", false},
        {"10.0.0.5:8213", "10", "2018-07-09", "billing", false},
        {"http://127.0.0.1:8213", "http://127", "2017-03-12", "cvm", false},
        {"localhost:8213", "localhost:8213", "2018-07-09", "billing", false},
        {"[::1]:8213", "[::1]:8213", "2017-03-12", "cvm", false},
        {"cvm.example.com", "monitor", "2018-07-24", "cvm", false}, // no product of this server, no version either
        {"tencentcloudapi.com", "cvm", "2017-03-12", "cvm", false},
        {"cvm.tencentcloudapi.com.example.com", "billing", "2017-03-12", "billing", false},
        {"cvmtencentcloudapi.com", "", "2017-03-12", "cvm", false},
        {"", "", "", "cvm", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.host);
        CAPTURE(c.scope);
        wire::Envelope envelope;
        envelope.host = c.host;
        envelope.version = c.version;
        const Product product = product_of(envelope, c.scope);
        CHECK(product.name == c.name);
        CHECK(product.bound == c.bound);
    }
}

TEST_CASE("an action is found in the product of the call, or in any product if that is not binding")
{
    struct Case {
        Product product;
        std::string action;
        std::string version;
        std::string expected; // the action's product, or the refusal
    };
    const Case cases[] = {
        {{"cvm", true}, "RenewInstances", "2017-03-12", "cvm"},
        {{"cbs", true}, "RenewDisk", "2017-03-12", "cbs"},
        {{"cbs", false}, "RenewInstances", "2017-03-12", "cvm"},
        {{"cbs", true},
         "RenewInstances",
         "2017-03-12",
         "InvalidAction: The request action=`RenewInstances` is invalid or not found in service=`cbs` and "
         "version=`2017-03-12`."},
        {{"billing", true},
         "RenewInstances",
         "2017-03-12",
         "NoSuchVersion: The specified api version=`2017-03-12` does not exist in service=`billing`."},
        {{"monitor", true},
         "GetMonitorData",
         "2018-07-24",
         "NoSuchVersion: The specified api version=`2018-07-24` does not exist in service=`monitor`."},
        {{"cvm", false},
         "RenewInstances",
         "2018-07-09",
         "NoSuchVersion: The specified api version=`2018-07-09` does not exist in service=`cvm`."},
        {{"cvm", false},
         "GetMonitorData",
         "2018-07-24",
         "NoSuchVersion: The specified api version=`2018-07-24` does not exist in service=`cvm`."},
    };
    for (const Case& c : cases) {
        CAPTURE(c.product.name);
        CAPTURE(c.action);
        wire::Envelope envelope;
        envelope.action = c.action;
        envelope.version = c.version;
        const auto found = find_action(envelope, c.product);
        CHECK((found ? std::string{(*found)->product}
                     : std::string{code_of(found.error().code)} + ": " + message(found.error(), Language::english)) ==
              c.expected);
    }
}
