#pragma once

#include "server/api/action.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

// Instances in the legacy API without a Version (https://cloud.tencent.com/document/api/229/831).

namespace cvm::api {

// The older of the two ids, "qcvm" and 32 hexadecimal digits. The real service derived it from an internal number; here
// it is derived from the Uuid (assumed).
std::string legacy_id(const state::Instance& instance);

// The instance of the region with this id, in either of the two forms.
std::optional<state::Instance> find_legacy_instance(state::Store& store, const Call& call, std::string_view id);

// 2 running, 4 shut down, ...; 21 for states that this API does not know.
std::int64_t legacy_status(state::InstanceState state);

// An item of instanceSet.
boost::json::object to_legacy_json(const Catalog& catalog, Language language, const state::Instance& instance);

} // namespace cvm::api
