#pragma once

#include "server/api/action.hpp"
#include "server/wire/envelope.hpp"

#include <string>
#include <string_view>

// The product that a call is addressed to. The real gateway takes the first label of the host for it and names it in
// its texts (observed with an address: the "service" was `10`, TencentCloud/tencentcloud-sdk-python#14).

namespace cvm {

struct Product {
    std::string name;
    bool bound; // no action of another product is carried out
};

// Of a host of the vendor's ("cvm.tencentcloudapi.com", "cvm.ap-guangzhou.tencentcloudapi.com", "cvm.api.qcloud.com")
// its first label, which binds. Of any other host, which here may be an address or a name of the user's, what
// `scope_service`, the service in the scope of a TC3 signature, says, if it names a product of this server: SDKs write
// "127" there for 127.0.0.1. Otherwise the product that has the version. Neither of these two binds (assumed).
Product product_of(const wire::Envelope& envelope, std::string_view scope_service);

// The action of a call, or NoSuchVersion or InvalidAction in the words of its product.
Result<const api::Action*> find_action(const wire::Envelope& envelope, const Product& product);

} // namespace cvm
