#include "server/api/instance_checks.hpp"

#include "server/api/instance_json.hpp"
#include "state/store/sqlite_store.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;
using state::InstanceState;

namespace {

constexpr state::Instant now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 31};

state::Instance instance_with(const std::string& id, InstanceState state = InstanceState::running)
{
    state::Instance i;
    i.id = id;
    i.region = "ap-guangzhou";
    i.zone = "ap-guangzhou-3";
    i.state = state;
    i.expires_at = now;
    return i;
}

state::Instance busy_with(const std::string& operation, state::OperationState state)
{
    state::Instance i = instance_with("ins-aaaaaaaa");
    i.latest_operation = state::Operation{operation, state, "6ef60bec-0242-43af-bb20-270359fb54a7", ""};
    return i;
}

constexpr api::ActionName named(std::string_view action) { return {action, "2017-03-12"}; }

// A store with two accounts, and calls of the first one.
struct World {
    World()
    {
        state::AccountState mine;
        mine.account.uin = "100000000001";
        mine.account.is_default = true;
        mine.instances = {instance_with("ins-aaaaaaaa"), instance_with("ins-bbbbbbbb"), instance_with("ins-shanghai")};
        mine.instances.back().region = "ap-shanghai";
        mine.instances.back().zone = "ap-shanghai-2";
        state::AccountState other;
        other.account.uin = "100000000002";
        other.instances = {instance_with("ins-foreign0")};
        store.insert_account(mine);
        store.insert_account(other);
        account = mine.account;
    }

    api::Context calls(std::string_view action)
    {
        return {.store = store,
                .catalog = catalog,
                .instance_texts = instance_texts,
                .action = named(action),
                .call = {.account = account,
                         .now = now,
                         .region = "ap-guangzhou",
                         .request_id = "6ef60bec-0242-43af-bb20-270359fb54a7",
                         .language = Language::english,
                         .legacy = false}};
    }

    state::SqliteStore store{":memory:"};
    api::Catalog catalog;
    api::InstanceTexts instance_texts;
    state::Account account;
};

std::string told(const std::optional<Error>& refusal)
{
    return refusal ? std::string{code_of(refusal->code)} + ": " + message(*refusal, Language::english) : "good";
}

std::string code(const std::optional<Error>& refusal) { return refusal ? std::string{code_of(refusal->code)} : "good"; }

std::string loaded(std::vector<std::string> ids)
{
    World world;
    const auto instances = api::load_instances(world.calls("RenewInstances"), ids);
    return instances ? api::list_ids(*instances) : told(instances.error());
}

std::string state_refusal(std::string_view action, std::vector<state::Instance> instances)
{
    return told(api::refuse_by_state(named(action), instances));
}

std::string operation_refusal(std::string_view action, std::vector<state::Instance> instances)
{
    return told(api::refuse_by_operation(named(action), instances));
}

} // namespace

TEST_CASE("an id is a prefix and a hyphen and 8 lower-case letters or digits")
{
    struct Case {
        std::string id;
        bool good;
    };
    const Case cases[] = {
        {"", false},
        {"ins", false},
        {"ins-", false},
        {"ins-1122", false},
        {"ins-aaaaaaa", false},
        {"ins-aaaaaaaaa", false},
        {"ins-AAAAAAAA", false},
        {"ins-aaaa_aaa", false},
        {"ins-aaaa aaa", false},
        {"ins_aaaaaaaa", false},
        {"inss-aaaaaaaa", false},
        {"Ins-aaaaaaaa", false},
        {"lhins-aaaaaaaa", false},
        {" ins-aaaaaaaa", false},
        {"ins-aaaaaaaa ", false},
        {"ins-\xe4\xba\xba"
         "aaaaa",
         false},
        {"ins-aaaaaaaa", true},
        {"ins-00000000", true},
        {"ins-r8hr2upy", true},
        {"ins-z9a0z9a0", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.id);
        CHECK(api::well_formed_id(c.id, "ins") == c.good);
    }
    CHECK_FALSE(api::well_formed_id("ins-aaaaaaaa", "disk"));
    CHECK_FALSE(api::well_formed_id("disk-aaaaaaaa", "ldisk"));
    CHECK(api::well_formed_id("disk-aaaaaaaa", "disk"));
}

TEST_CASE("a malformed id and an id of the wrong length have different codes")
{
    constexpr auto malformed = "InvalidParameterValue.InstanceIdMalformed";
    constexpr auto wrong_length = "InvalidInstanceId.Malformed";
    struct Case {
        std::string id;
        std::string expected;
    };
    const Case cases[] = {
        {"", malformed},
        {"ins", malformed},
        {"ins-", malformed},
        {"i", malformed},
        {"disk-aaaaaaaa", malformed},
        {"lhins-aaaaaaaa", malformed},
        {"INS-aaaaaaaa", malformed},
        {"ins-AAAAAAAA", malformed},
        {"ins-aaaa_aaa", malformed},
        {"ins-11_2", malformed},
        {"ins-aaaaaaaaaa_", malformed},
        {"ins--aaaaaaa", malformed},
        {" ins-aaaaaaaa", malformed},
        {"ins-aaaaaaaa ", malformed},
        {"ins-1122", wrong_length},
        {"ins-a", wrong_length},
        {"ins-aaaaaaa", wrong_length},
        {"ins-aaaaaaaaa", wrong_length},
        {"ins-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", wrong_length},
        {"ins-aaaaaaaa", "good"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.id);
        CHECK(code(api::check_instance_ids(named("RenewInstances"), std::vector{c.id})) == c.expected);
    }
}

TEST_CASE("the first malformed id is reported before a duplicate id")
{
    struct Case {
        std::string what;
        std::vector<std::string> ids;
        std::string expected;
    };
    const Case cases[] = {
        {"the second is malformed",
         {"ins-aaaaaaaa", ""},
         "InvalidParameterValue.InstanceIdMalformed: The instance ID `` is malformed. It must be `ins-` and 8 "
         "lower-case letters or digits."},
        {"the first of two malformed ones",
         {"ins-1", ""},
         "InvalidInstanceId.Malformed: The instance ID `ins-1` has the wrong length. It must be `ins-` and 8 "
         "characters."},
        {"malformed before twice",
         {"ins-aaaaaaaa", "ins-aaaaaaaa", "x"},
         "InvalidParameterValue.InstanceIdMalformed: The instance ID `x` is malformed. It must be `ins-` and 8 "
         "lower-case letters or digits."},
        {"twice side by side",
         {"ins-aaaaaaaa", "ins-aaaaaaaa"},
         "InvalidParameterValue: The value `ins-aaaaaaaa` specified in the parameter `InstanceIds.1` is not valid."},
        {"twice with others between",
         {"ins-bbbbbbbb", "ins-aaaaaaaa", "ins-cccccccc", "ins-aaaaaaaa"},
         "InvalidParameterValue: The value `ins-aaaaaaaa` specified in the parameter `InstanceIds.3` is not valid."},
        {"all different", {"ins-aaaaaaaa", "ins-bbbbbbbb"}, "good"},
        {"none", {}, "good"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(told(api::check_instance_ids(named("RenewInstances"), c.ids)) == c.expected);
    }
}

TEST_CASE("instances are found only in the account and region of the call and in the order of the ids")
{
    struct Case {
        std::string what;
        std::vector<std::string> ids;
        std::string expected;
    };
    const Case cases[] = {
        {"malformed",
         {"ins-1"},
         "InvalidInstanceId.Malformed: The instance ID `ins-1` has the wrong length. It must be `ins-` and 8 "
         "characters."},
        {"malformed before unknown",
         {"ins-zzzzzzzz", "ins-1"},
         "InvalidInstanceId.Malformed: The instance ID `ins-1` has the wrong length. It must be `ins-` and 8 "
         "characters."},
        {"twice before unknown",
         {"ins-zzzzzzzz", "ins-zzzzzzzz"},
         "InvalidParameterValue: The value `ins-zzzzzzzz` specified in the parameter `InstanceIds.1` is not valid."},
        {"unknown",
         {"ins-zzzzzzzz"},
         "InvalidInstanceId.NotFound: The specified instance ID `['ins-zzzzzzzz']` is not found."},
        {"the second unknown",
         {"ins-aaaaaaaa", "ins-zzzzzzzz"},
         "InvalidInstanceId.NotFound: The specified instance ID `['ins-zzzzzzzz']` is not found."},
        {"of another region",
         {"ins-shanghai"},
         "InvalidInstanceId.NotFound: The specified instance ID `['ins-shanghai']` is not found."},
        {"of another account",
         {"ins-foreign0"},
         "InvalidInstanceId.NotFound: The specified instance ID `['ins-foreign0']` is not found."},
        {"one", {"ins-bbbbbbbb"}, "ins-bbbbbbbb"},
        {"two in their order", {"ins-bbbbbbbb", "ins-aaaaaaaa"}, "ins-bbbbbbbb, ins-aaaaaaaa"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(loaded(c.ids) == c.expected);
    }
}

TEST_CASE("every state is refused exactly where the page of the action has its code")
{
    // no code of its own, but nothing can be done with it
    constexpr auto not_supported = "InvalidInstance.NotSupported";
    struct Case {
        InstanceState state;
        std::string renew;
        std::string flag;
    };
    const Case cases[] = {
        {InstanceState::pending, "UnsupportedOperation.InstanceStatePending",
         "UnsupportedOperation.InstanceStatePending"},
        {InstanceState::launch_failed, not_supported, not_supported},
        {InstanceState::running, "good", "good"},
        {InstanceState::stopped, "good", "good"},
        {InstanceState::starting, "UnsupportedOperation.InstanceStateStarting",
         "UnsupportedOperation.InstanceStateStarting"},
        {InstanceState::stopping, "UnsupportedOperation.InstanceStateStopping",
         "UnsupportedOperation.InstanceStateStopping"},
        {InstanceState::rebooting, "UnsupportedOperation.InstanceStateRebooting",
         "UnsupportedOperation.InstanceStateRebooting"},
        {InstanceState::shutdown, "good", "UnsupportedOperation.InstanceStateShutdown"},
        {InstanceState::terminating, "UnsupportedOperation.InstanceStateTerminating", not_supported},
        {InstanceState::enter_rescue_mode, "good", "UnsupportedOperation.InstanceStateEnterRescueMode"},
        {InstanceState::rescue_mode, "good", "UnsupportedOperation.InstanceStateRescueMode"},
        {InstanceState::exit_rescue_mode, "good", "UnsupportedOperation.InstanceStateExitRescueMode"},
        {InstanceState::service_live_migrate, "good", "UnsupportedOperation.InstanceStateServiceLiveMigrate"},
        // Their codes, InstanceStateEnterServiceLiveMigrate and InstanceStateExitServiceLiveMigrate, are on neither
        // page.
        {InstanceState::enter_service_live_migrate, "good", "good"},
        {InstanceState::exit_service_live_migrate, "good", "good"},
    };
    CHECK(std::size(cases) == state::Names<InstanceState>::all.size());
    for (const Case& c : cases) {
        CAPTURE(state::name(c.state));
        const std::vector instances{instance_with("ins-aaaaaaaa", c.state)};
        CHECK(code(api::refuse_by_state(named("RenewInstances"), instances)) == c.renew);
        CHECK(code(api::refuse_by_state(named("ModifyInstancesRenewFlag"), instances)) == c.flag);
    }
}

TEST_CASE("an action without documented state codes is refused only for instances being destroyed")
{
    CHECK(state_refusal("DescribeInstances", {instance_with("ins-aaaaaaaa", InstanceState::terminating)})
              .starts_with("InvalidInstance.NotSupported:"));
    CHECK(state_refusal("DescribeInstances", {instance_with("ins-aaaaaaaa", InstanceState::pending)}) == "good");
    CHECK(state_refusal("DescribeInstances", {instance_with("ins-aaaaaaaa", InstanceState::rescue_mode)}) == "good");
}

TEST_CASE("an instance that the vendor blocked is refused whatever else it does")
{
    constexpr auto banned = "UnsupportedOperation.InstanceStateBanning: The instance `ins-aaaaaaaa` is blocked and "
                            "does not support this operation.";
    for (const InstanceState state :
         {InstanceState::running, InstanceState::stopped, InstanceState::shutdown, InstanceState::pending}) {
        CAPTURE(state::name(state));
        state::Instance blocked = instance_with("ins-aaaaaaaa", state);
        blocked.restrict_state = state::RestrictState::protectively_isolated;
        CHECK(state_refusal("RenewInstances", {blocked}) == banned);
        CHECK(state_refusal("ModifyInstancesRenewFlag", {blocked}) == banned);
    }
    state::Instance expired = instance_with("ins-aaaaaaaa");
    expired.restrict_state = state::RestrictState::expired;
    CHECK(state_refusal("RenewInstances", {expired}) == "good");
    CHECK(state_refusal("ModifyInstancesRenewFlag", {expired}) == "good");
}

TEST_CASE("a failed reinstallation is refused only where the page has its code")
{
    using state::OperationState;
    struct Case {
        std::string what;
        std::string operation;
        OperationState state;
        std::string renew;
        std::string flag;
    };
    const Case cases[] = {
        {"the reinstallation failed", "ResetInstance", OperationState::failed, "good",
         "UnsupportedOperation.InstanceReinstallFailed"},
        {"the reinstallation succeeded", "ResetInstance", OperationState::success, "good", "good"},
        {"the reinstallation is on", "ResetInstance", OperationState::operating, "good", "good"},
        {"something else failed", "StopInstances", OperationState::failed, "good", "good"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const std::vector instances{busy_with(c.operation, c.state)};
        CHECK(code(api::refuse_by_state(named("RenewInstances"), instances)) == c.renew);
        CHECK(code(api::refuse_by_state(named("ModifyInstancesRenewFlag"), instances)) == c.flag);
    }
}

TEST_CASE("the first instance of a batch with a wrong state is reported")
{
    CHECK(state_refusal("RenewInstances", {}) == "good");
    CHECK(state_refusal("RenewInstances",
                        {instance_with("ins-aaaaaaaa"), instance_with("ins-bbbbbbbb", InstanceState::stopping),
                         instance_with("ins-cccccccc", InstanceState::pending)}) ==
          "UnsupportedOperation.InstanceStateStopping: The instance `ins-bbbbbbbb` is being shut down and does not "
          "support this operation.");
}

TEST_CASE("a running operation makes the next one fail")
{
    using state::OperationState;
    constexpr auto in_progress = "OperationDenied.InstanceOperationInProgress: The instance `['ins-aaaaaaaa']` already "
                                 "has operation in progress. Please try again later.";
    constexpr auto same_task = "MutexOperation.TaskRunning: Mutex task is running, please try later";
    struct Case {
        std::string operation;
        OperationState state;
        std::string renew;
        std::string flag;
    };
    const Case cases[] = {
        {"ResetInstancesPassword", OperationState::operating, in_progress, in_progress},
        {"ModifyInstancesRenewFlag", OperationState::operating, in_progress, same_task},
        {"RenewInstances", OperationState::operating, in_progress, in_progress}, // its page has no MutexOperation code
        {"ModifyInstancesRenewFlag", OperationState::success, "good", "good"},
        {"RenewInstances", OperationState::failed, "good", "good"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.operation);
        CAPTURE(state::name(c.state));
        CHECK(operation_refusal("RenewInstances", {busy_with(c.operation, c.state)}) == c.renew);
        CHECK(operation_refusal("ModifyInstancesRenewFlag", {busy_with(c.operation, c.state)}) == c.flag);
    }
    CHECK(operation_refusal("RenewInstances", {}) == "good");
    CHECK(operation_refusal("RenewInstances", {instance_with("ins-bbbbbbbb")}) == "good");
    CHECK(operation_refusal("RenewInstances", {instance_with("ins-bbbbbbbb"),
                                               busy_with("StopInstances", OperationState::operating)}) == in_progress);
}

TEST_CASE("a list of ids is joined by commas")
{
    CHECK(api::list_ids({}).empty());
    CHECK(api::list_ids(std::vector{instance_with("ins-aaaaaaaa")}) == "ins-aaaaaaaa");
    CHECK(api::list_ids(std::vector{instance_with("ins-aaaaaaaa"), instance_with("ins-bbbbbbbb")}) ==
          "ins-aaaaaaaa, ins-bbbbbbbb");
}

TEST_CASE("an operation names the action and the request and takes the time that operations take")
{
    World world;
    state::Instance instance = instance_with("ins-aaaaaaaa");
    api::Context context = world.calls("StopInstances");
    api::begin_operation(context, instance);
    CHECK(instance.latest_operation == state::Operation{"StopInstances", state::OperationState::success,
                                                        "6ef60bec-0242-43af-bb20-270359fb54a7", ""});
    context.call.operation_time = std::chrono::seconds{5};
    api::begin_operation(context, instance, {state::InstanceState::stopping, state::InstanceState::stopped});
    CHECK(instance.state == state::InstanceState::stopping);
    CHECK(instance.latest_operation->ends_at == context.call.now + std::chrono::seconds{5});
}

TEST_CASE("a code that the action's page does not list is replaced by the nearest possible one")
{
    struct Case {
        const char* what;
        const char* action;
        Error problem;
        const char* expected;
        const char* about = "";
    };
    const Error busy = error(Errc::operation_denied_instance_operation_in_progress, "ins-a");
    const Case cases[] = {
        {"listed", "RenewInstances", busy, "OperationDenied.InstanceOperationInProgress"},
        {"common", "DescribeZones", error(Errc::missing_parameter, "A"), "MissingParameter"},
        {"an operation is running", "DescribeZones", busy, "ResourceInUse", "`ins-a`"},
        {"another running operation", "DescribeZones", error(Errc::mutex_operation_task_running), "ResourceInUse"},
        {"not found", "DescribeZones", error(Errc::invalid_instance_id_not_found, "ins-a"), "ResourceNotFound",
         "`ins-a`"},
        {"the first part is common", "DescribeZones",
         error(Errc::unsupported_operation_instance_state_pending, "ins-a"), "UnsupportedOperation"},
        {"a wrong value", "DescribeZones", error(Errc::invalid_instance_id_malformed, "ins-a"), "InvalidParameterValue",
         "`ins-a`"},
        {"a list that is too long", "DescribeRegions",
         error(Errc::invalid_parameter_value_limit_exceeded, "InstanceIds", "101"), "InvalidParameterValue"},
        {"anything else", "DescribeZones", error(Errc::trade_deal_conflict), "FailedOperation"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const api::Action& action = *api::find_action(c.action, "2017-03-12");
        const boost::json::object params;
        const api::CallFacts facts{.product = action.product,
                                   .action = action.name,
                                   .version = action.version,
                                   .region = "ap-guangzhou",
                                   .request_id = "6ef60bec-0242-43af-bb20-270359fb54a7",
                                   .uin = "100000000001",
                                   .params = params,
                                   .definition = &action};
        const Error answered = api::as_documented(c.problem, action, facts);
        CHECK(code_of(answered.code) == c.expected);
        CHECK(message(answered, Language::english).find(c.about) != std::string::npos);
    }
}
