#pragma once

#include "server/api/action.hpp"
#include "server/api/asked_error.hpp"
#include "server/base/error.hpp"
#include "state/rules/operations.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The checks of all actions on instances, in their common order:
//
//   1. schema             decode() (fields.hpp)
//   2. ids                well formed, distinct               check_instance_ids
//   3. existence          in this account and region         load_instances
//      and the fixtures' rules that name the account (before 2) or the instance (after 3)
//   4. charge type        the action's own rule
//   5. state              refuse_by_state
//   6. running operation  refuse_by_operation
//   7. period             the action's own rule
//   8. unpaid orders
//   9. balance
//
// The vendor documents no order; this one is assumed: cheap checks of the parameters come first, money comes last. Each
// check is made for the whole batch before the next check begins.

namespace cvm::api {

// Whether the action's page lists the code.
bool documented(const ActionName& action, Errc code);

// An error for a parameter value: `code` if the action's page lists it, otherwise InvalidParameterValue.
Error refuse_value(const ActionName& action, Errc code, const std::string& value, std::string_view parameter);

// The error with a code that the action may return: one that its page lists, or a common one
// (fixtures/catalog/common_codes.json). Any other code is replaced (assumed): a list that is too long is treated as a
// wrong value, a code with a dot is replaced by its first part, "not found" by ResourceNotFound, "in progress" by
// ResourceInUse, any other wrong value by InvalidParameterValue, and the rest by FailedOperation. `facts` fill the
// message.
Error as_documented(Error error, const Action& action, const CallFacts& facts);

// InvalidParameterValue.InstanceIdMalformed (observed for an empty id: testing/integration of
// tencentcloud-sdk-go-intl-en), or InvalidInstanceId.Malformed if only the length is wrong and `length_has_a_code` is
// set (assumed).
std::optional<Error> check_instance_id(const std::string& id, bool length_has_a_code = true);

// check_instance_id() for each id, with the codes of the action's page; InvalidParameterValue for a duplicate id
// (assumed).
std::optional<Error> check_instance_ids(const ActionName& action, std::span<const std::string> ids);

// Whether `id` is `prefix`, a hyphen and 8 lower-case letters or digits.
bool well_formed_id(std::string_view id, std::string_view prefix) noexcept;

// Checks the ids and loads the instances, in the order of the ids. An instance in another region counts as not found.
Result<std::vector<state::Instance>> load_instances(const Context& context, std::span<const std::string> ids);

// Refuses with a code of the fixtures' rules for the instance or, if the id is empty, for the account: the first one
// that the action's page lists.
std::optional<Error> refuse_by_rule(const Context& context, std::string_view instance_id);

// An instance is refused for its state if the code for that state is documented for the action. If the page has no such
// code, the action proceeds, except for instances that are being destroyed or failed to launch
// (InvalidInstance.NotSupported, assumed). `works_in` is a state in which the action works although its page lists a
// code for it.
std::optional<Error> refuse_by_state(const ActionName& action, std::span<const state::Instance> instances,
                                     std::optional<state::InstanceState> works_in = std::nullopt);

// Whether an operation on the instance is running.
bool busy(const state::Instance& instance);

// Refuses an instance with a running operation: MutexOperation.TaskRunning if it is the same operation and the page has
// that code, otherwise OperationDenied.InstanceOperationInProgress.
std::optional<Error> refuse_by_operation(const ActionName& action, std::span<const state::Instance> instances);

// The instances, after checks 2, 3, 5 and 6; for actions that work with every charge type.
Result<std::vector<state::Instance>> load_workable(const Context& context, std::span<const std::string> ids,
                                                   std::optional<state::InstanceState> works_in = std::nullopt);

// "ins-aaaaaaaa, ins-bbbbbbbb", for messages.
std::string list_ids(std::span<const state::Instance> instances);

// Makes this call the latest operation of the instance, with the duration of operations. Without a transition the state
// does not change.
void begin_operation(const Context& context, state::Instance& instance, state::Transition transition);
void begin_operation(const Context& context, state::Instance& instance);

// InstanceIds of the actions that work on instances.
inline constexpr Field required_instance_ids{
    .name = "InstanceIds", .type = Type::strings, .required = true, .max_items = 100};

// Values of StopType.
inline constexpr std::array<std::string_view, 3> stop_types{"SOFT", "SOFT_FIRST", "HARD"};
inline constexpr Field stop_type_field{.name = "StopType", .type = Type::string, .words = stop_types};

} // namespace cvm::api
