#pragma once

#include "server/api/action.hpp"
#include "server/wire/envelope.hpp"

#include <string>
#include <string_view>

// The product that a call is addressed to. The real gateway takes it from the first label of the host name, and names
// it in its messages (observed with an address: the "service" was `10`, TencentCloud/tencentcloud-sdk-python#14).

namespace cvm {

struct Product {
    std::string name;
    bool bound; // actions of other products are refused
};

// For a host of the vendor ("cvm.tencentcloudapi.com", "cvm.ap-guangzhou.tencentcloudapi.com", "cvm.api.qcloud.com"):
// its first label, with `bound` set. For any other host, such as an address or a name of the user's: the service in the
// scope of a TC3 signature, `scope_service`, if it is a product of this server (for 127.0.0.1, SDKs write "127" there);
// otherwise the product that has the version. `bound` is not set in these two cases (assumed).
Product product_of(const wire::Envelope& envelope, std::string_view scope_service);

// The action of a call, or NoSuchVersion or InvalidAction with the message of its product.
Result<const api::Action*> find_action(const wire::Envelope& envelope, const Product& product);

} // namespace cvm
