#pragma once

#include "server/control/account_lookup.hpp"
#include "server/control/call_memory.hpp"
#include "server/control/control.hpp"
#include "server/control/fresh_account.hpp"

#include <type_traits>

// A resource declares what it uses as its parameters. inject<resource> passes the arguments, selected by type.

namespace cvm::control {

// Everything that a resource can use. A resource that needs another type does not compile.
class Supply {
public:
    // Both arguments must outlive the object.
    Supply(const Services& services, const Request& request) : services_{services}, request_{request} {}

    template <class T>
    using Wanted = std::type_identity<T>;

    const Request& get(Wanted<Request>) const { return request_; }
    state::Store& get(Wanted<state::Store>) const { return services_.store; }
    const state::WallClock& get(Wanted<state::WallClock>) const { return services_.wall; }
    calls::Journal& get(Wanted<calls::Journal>) const { return services_.journal; }
    calls::Faults& get(Wanted<calls::Faults>) const { return services_.faults; }
    auth::Nonces& get(Wanted<auth::Nonces>) const { return services_.nonces; }
    Random& get(Wanted<Random>) const { return services_.random; }
    Events& get(Wanted<Events>) const { return services_.events; }
    const ConsoleMode& get(Wanted<ConsoleMode>) const { return services_.console; }
    ApiCall get(Wanted<ApiCall>) const { return {services_.call_api, services_.journal}; }
    Figures& get(Wanted<Figures>) const { return services_.figures; }
    tls::Identity* get(Wanted<tls::Identity*>) const { return services_.identity; }
    Accounts get(Wanted<Accounts>) const { return {services_.store, *services_.catalogs, services_.wall}; }
    FreshAccounts get(Wanted<FreshAccounts>) const { return {services_.fixtures, services_.wall}; }
    CallMemory get(Wanted<CallMemory>) const { return {services_.journal, services_.faults, services_.signing_keys}; }

    template <class T>
    void get(Wanted<T>) const = delete; // there is no T for resources

private:
    const Services& services_;
    const Request& request_;
};

template <class... Uses>
Answer call_with(const Supply& supply, Answer (*resource)(Uses...))
{
    return resource(supply.get(Supply::Wanted<std::remove_cvref_t<Uses>>{})...);
}

// A resource in the form that the route table needs.
template <auto resource>
Answer inject(const Services& services, const Request& request)
{
    return call_with(Supply{services, request}, resource);
}

} // namespace cvm::control
