#pragma once

#include "state/model/calendar.hpp"
#include "state/model/instance_attributes.hpp"
#include "state/model/money.hpp"
#include "state/model/names.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The instance and its disks as plain values, named as in the vendor's API
// (https://cloud.tencent.com/document/api/213/15728).

namespace cvm::state {

enum class ChargeType { prepaid, postpaid_by_hour, cdhpaid, spotpaid, cdcpaid, underwrite };
template <>
struct Names<ChargeType> {
    static constexpr std::array<std::string_view, 6> all{"PREPAID",  "POSTPAID_BY_HOUR", "CDHPAID",
                                                         "SPOTPAID", "CDCPAID",          "UNDERWRITE"};
};

// Whether instances of this type are paid by the month and have an expiry. UNDERWRITE is known from error codes
// (fixtures/catalog/errors.json) and from terraform-provider-tencentcloud, which buys it like PREPAID.
constexpr bool pays_ahead(ChargeType type) { return type == ChargeType::prepaid || type == ChargeType::underwrite; }

// Whether instances of this type are paid by the hour, after each hour (fixtures/catalog/lifecycle.json).
constexpr bool pays_by_hour(ChargeType type)
{
    return type == ChargeType::postpaid_by_hour || type == ChargeType::spotpaid;
}

enum class RenewFlag { notify_and_auto_renew, notify_and_manual_renew, disable_notify_and_manual_renew };
template <>
struct Names<RenewFlag> {
    static constexpr std::array<std::string_view, 3> all{"NOTIFY_AND_AUTO_RENEW", "NOTIFY_AND_MANUAL_RENEW",
                                                         "DISABLE_NOTIFY_AND_MANUAL_RENEW"};
};

enum class InstanceState {
    pending,
    launch_failed,
    running,
    stopped,
    starting,
    stopping,
    rebooting,
    shutdown, // isolated: in the recycle bin
    terminating,
    enter_rescue_mode,
    rescue_mode,
    exit_rescue_mode,
    enter_service_live_migrate,
    service_live_migrate,
    exit_service_live_migrate,
};
template <>
struct Names<InstanceState> {
    static constexpr std::array<std::string_view, 15> all{"PENDING",
                                                          "LAUNCH_FAILED",
                                                          "RUNNING",
                                                          "STOPPED",
                                                          "STARTING",
                                                          "STOPPING",
                                                          "REBOOTING",
                                                          "SHUTDOWN",
                                                          "TERMINATING",
                                                          "ENTER_RESCUE_MODE",
                                                          "RESCUE_MODE",
                                                          "EXIT_RESCUE_MODE",
                                                          "ENTER_SERVICE_LIVE_MIGRATE",
                                                          "SERVICE_LIVE_MIGRATE",
                                                          "EXIT_SERVICE_LIVE_MIGRATE"};
};

enum class RestrictState { normal, expired, protectively_isolated };
template <>
struct Names<RestrictState> {
    static constexpr std::array<std::string_view, 3> all{"NORMAL", "EXPIRED", "PROTECTIVELY_ISOLATED"};
};

enum class IsolatedSource { arrear, expire, manmade, notisolated };
template <>
struct Names<IsolatedSource> {
    static constexpr std::array<std::string_view, 4> all{"ARREAR", "EXPIRE", "MANMADE", "NOTISOLATED"};
};

enum class StopChargingMode { keep_charging, stop_charging, not_applicable };
template <>
struct Names<StopChargingMode> {
    static constexpr std::array<std::string_view, 3> all{"KEEP_CHARGING", "STOP_CHARGING", "NOT_APPLICABLE"};
};

enum class OperationState { success, operating, failed };
template <>
struct Names<OperationState> {
    static constexpr std::array<std::string_view, 3> all{"SUCCESS", "OPERATING", "FAILED"};
};

// The latest operation on an instance, as DescribeInstances reports it.
struct Operation {
    std::string name; // the action, e.g. RenewInstances
    OperationState state = OperationState::success;
    std::string request_id;
    std::string error_message;
    std::optional<Instant> ends_at{};           // when it succeeds, on the account's clock; nullopt: never by itself
    std::optional<InstanceState> state_after{}; // the state of the instance from then on; nullopt: unchanged

    friend bool operator==(const Operation&, const Operation&) = default;
};

enum class DiskUsage { system, data };
template <>
struct Names<DiskUsage> {
    static constexpr std::array<std::string_view, 2> all{"SYSTEM_DISK", "DATA_DISK"};
};

struct Disk {
    std::string id; // disk-xxxxxxxx, ldisk-xxxxxxxx for local ones
    DiskUsage usage = DiskUsage::data;
    std::string type; // CLOUD_PREMIUM, ...
    std::string name;
    std::int64_t size_gib = 0;
    bool portable = false; // elastic: bought, priced and renewed separately from an instance
    bool delete_with_instance = true;
    // Elastic and prepaid, but to be released together with its instance, which is in the recycle bin.
    bool released = false;
    bool encrypt = false;
    std::optional<std::string> kms_key_id;   // nullopt: null
    std::int64_t throughput_performance = 0; // bought beyond what the size gives, in MB/s
    bool burst_performance = false;
    ChargeType charge_type = ChargeType::prepaid;
    std::optional<RenewFlag> renew_flag; // nullopt: follows the instance
    std::optional<Instant> expires_at;   // portable prepaid disks only; the others follow the instance
    std::int64_t renew_months = 1;       // months of an automatic renewal, of portable prepaid disks
    std::vector<KeyValue> tags;

    friend bool operator==(const Disk&, const Disk&) = default;
};

// Whether a disk is paid by the month and renewed apart from any instance.
inline bool renewable_alone(const Disk& disk) { return disk.portable && disk.charge_type == ChargeType::prepaid; }

// A disk and its place. An attached disk has the zone and the creation time of its instance.
struct PlacedDisk {
    Disk disk;
    std::string instance_id; // empty: detached; then the disk is portable
    std::string region;      // follows from the zone
    std::string zone;
    std::int64_t project_id = 0;
    Instant created_at{};
    std::optional<Instant> due_at{}; // as Instance::due_at; of a detached disk only

    friend bool operator==(const PlacedDisk&, const PlacedDisk&) = default;
};

struct Instance {
    std::string id;     // ins-xxxxxxxx
    std::string region; // follows from the zone
    std::string zone;
    std::string name;
    std::string type; // S5.MEDIUM2, ...
    std::int64_t project_id = 0;
    std::int64_t cpu = 1; // cores
    std::int64_t memory_gib = 1;
    ChargeType charge_type = ChargeType::prepaid;
    std::optional<RenewFlag> renew_flag; // nullopt unless pays_ahead(charge_type)
    InstanceState state = InstanceState::running;
    RestrictState restrict_state = RestrictState::normal;
    IsolatedSource isolated_source = IsolatedSource::notisolated;
    StopChargingMode stop_charging_mode = StopChargingMode::not_applicable;
    Instant created_at{};
    std::optional<Instant> expires_at; // nullopt unless pays_ahead(charge_type)
    std::int64_t renew_months = 1;     // months of an automatic renewal
    Cents frozen{};                    // for one hour of the instance, in the account's balance
    std::optional<Instant>
        hourly_since{}; // when it began to be paid by the hour; nullopt unless pays_by_hour(charge_type)
    std::optional<Instant> charged_until{}; // its hours are charged up to here; nullopt as hourly_since
    std::optional<Instant> terminates_at{}; // the ActionTimer of RunInstances; nullopt if pays_ahead(charge_type)
    std::optional<Instant> due_at{};        // when the simulation next changes it or its disks; set by schedule()
    std::optional<Operation> latest_operation;
    std::string internet_charge_type = "BANDWIDTH_PREPAID";
    std::int64_t bandwidth_mbps = 0;
    std::vector<Disk> disks; // system disk first
    InstanceAttributes attributes;

    friend bool operator==(const Instance&, const Instance&) = default;
};

// Whether the instance is stopped with StoppedMode STOP_CHARGING. Then only its disks cost money, and its public
// address is released (observed: recordings of 2022). Neither applies while it is still STOPPING.
inline bool stopped_without_charge(const Instance& instance)
{
    return instance.state == InstanceState::stopped && instance.stop_charging_mode == StopChargingMode::stop_charging;
}

// The current public addresses of the instance; nullopt while it is stopped without charge.
inline const std::optional<std::vector<std::string>>& public_ip_addresses(const Instance& instance)
{
    static const std::optional<std::vector<std::string>> given_back;
    return stopped_without_charge(instance) ? given_back : instance.attributes.public_ip_addresses;
}

} // namespace cvm::state
