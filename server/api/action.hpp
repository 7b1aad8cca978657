#pragma once

#include "server/api/catalog.hpp"
#include "server/api/fields.hpp"
#include "server/base/random.hpp"
#include "server/base/response_writer.hpp"
#include "state/store/store.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <functional>
#include <span>
#include <string_view>
#include <variant>

namespace cvm::api {

class InstanceTexts; // instance_json.hpp

// Identifies an action by name and version: the legacy API has its own DescribeInstances.
struct ActionName {
    std::string_view name;
    std::string_view version; // empty: the legacy API without a Version
};

// The circumstances of a call.
struct Call {
    const state::Account& account; // as it was when the call began
    state::Instant now;            // the account's clock
    std::string_view region;       // API 3.0 name; empty for actions that use none
    std::string_view request_id;
    Language language;                           // of names for people in the answer
    ResponseForm form{};                         // of a ResponseWriter for this call
    bool legacy;                                 // sent to /v2/index.php
    std::chrono::seconds operation_time{};       // how long operations on instances take on the account's clock
    bool strict_network = false;                 // whether networks that nobody created are refused
    const boost::json::object* params = nullptr; // as received, for error messages
    // Whether a new instance is still hidden (a fault rule's `hide`); empty: none is. Must be called once for each
    // instance that would be in the answer, on whatever page.
    std::function<bool(const state::Instance&)> hidden{};
    const state::Credential* credential = nullptr; // the key pair that signed
    state::Instant real_now{};                     // for everything that expires by real time
    Random* random = nullptr;                      // for generated keys
};

// What an action has access to during one call. A helper function takes only the members that it uses, or all if it
// uses most of them.
struct Context {
    state::Store& store;
    const Catalog& catalog;
    InstanceTexts& instance_texts;
    ActionName action; // the running action
    Call call;
};

// The answer of an action: the members of Response without RequestId, either as a tree or already as text. Long lists
// are written as text.
using Answer = std::variant<boost::json::object, ResponseWriter>;

using Handler = Result<Answer> (*)(const Context& context, const Params& params);

enum class Region { required, unused };

// An action as implemented by the server. What the vendor documents is in fixtures/catalog/actions/<Action>.json; a
// contract test compares the two.
struct Action {
    std::string_view name;
    std::string_view product = "cvm";        // cvm, billing, ...: the first label of the real host name
    std::string_view version = "2017-03-12"; // empty: the legacy API without a Version, which has other parameter names
    Region region = Region::required;
    bool writes = false; // runs inside a transaction
    bool legacy = false; // also available at /v2/index.php with the same Version
    std::span<const Field> fields;
    std::span<const Field> legacy_fields{}; // parameters on the legacy page, if they differ; empty: the same
    Handler handle;
};

// Sorted by name; among equal names the action of CVM comes first.
std::span<const Action* const> all_actions() noexcept;

// nullptr if no product has an action of this name in this version.
const Action* find_action(std::string_view name, std::string_view version) noexcept;

// Whether the product has this version.
bool known_version(std::string_view version, std::string_view product) noexcept;

// Whether an action belongs to a product of this name.
bool known_product(std::string_view name) noexcept;

// The product that has this version, for error messages; cvm if none has it.
std::string_view product_of_version(std::string_view version) noexcept;

} // namespace cvm::api
