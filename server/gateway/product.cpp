#include "server/gateway/product.hpp"

#include "server/auth/inputs.hpp"
#include "server/base/text.hpp"
#include "server/tls/names.hpp"

#include <boost/beast/core/string.hpp>

#include <array>

namespace cvm {

namespace {

// tccli sends its endpoint as the Host, with the scheme before it.
std::string host_name(std::string_view host)
{
    for (const std::string_view scheme : std::array<std::string_view, 2>{"http://", "https://"})
        if (boost::beast::iequals(host.substr(0, scheme.size()), scheme))
            host.remove_prefix(scheme.size());
    std::string name = ascii_lower(auth::without_port(std::string{host.substr(0, host.find('/'))}));
    if (name.ends_with('.')) // the dot of the DNS root
        name.pop_back();
    return name;
}

} // namespace

Product product_of(const wire::Envelope& envelope, std::string_view scope_service)
{
    const std::string host = host_name(envelope.host);
    if (tls::is_vendor_host(host))
        return {host.substr(0, host.find('.')), true};
    if (api::known_product(scope_service))
        return {std::string{scope_service}, false};
    return {std::string{api::product_of_version(envelope.version)}, false};
}

Result<const api::Action*> find_action(const wire::Envelope& envelope, const Product& product)
{
    const api::Action* action = api::find_action(envelope.action, envelope.version);
    if (action != nullptr && (!product.bound || action->product == product.name) &&
        (!wire::is_legacy(envelope.dialect) || action->legacy))
        return action;
    if (!envelope.version.empty() && !api::known_version(envelope.version, product.name))
        return error(Errc::no_such_version, envelope.version, product.name);
    return error(Errc::invalid_action, envelope.action, product.name, envelope.version);
}

} // namespace cvm
