#pragma once

#include "state/model/calendar.hpp"
#include "state/model/instance.hpp"
#include "state/model/instance_attributes.hpp"
#include "state/model/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What can be bought, and where. The built-in list is fixtures/catalog/; a fixture may add to it for an account.

namespace cvm::state {

// A display name, in the two languages of the API.
struct DisplayName {
    std::string en;
    std::string zh;

    friend bool operator==(const DisplayName&, const DisplayName&) = default;
};

struct Zone {
    std::string name{};   // ap-guangzhou-3
    std::string id{};     // 100003
    std::string region{}; // ap-guangzhou
    DisplayName names{};
    bool available = true;

    friend bool operator==(const Zone&, const Zone&) = default;
};

// A snapshot that an image was made from.
struct Snapshot {
    std::string id{};    // snap-xxxxxxxx
    std::string usage{}; // SYSTEM_DISK, DATA_DISK
    std::int64_t size_gib = 0;

    friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

// The members of the vendor's Image (https://cloud.tencent.com/document/api/213/15753#Image).
struct Image {
    std::string id{}; // img-xxxxxxxx
    std::string name{};
    std::string os_name{};
    std::string type = "PUBLIC_IMAGE";   // or PRIVATE_IMAGE, SHARED_IMAGE
    std::optional<Instant> created_at{}; // nullopt: null
    std::string description{};
    std::string source = "OFFICIAL"; // or CREATE_IMAGE, EXTERNAL_IMPORT
    std::string creator = "tencent"; // for a private image: the Uin
    std::string state = "NORMAL";
    std::string format = "RAW";
    std::string architecture = "x86_64"; // or arm, i386
    std::string platform{};              // TencentOS, Windows, ...
    std::int64_t size_gib = 50;
    std::string license_type = "TencentCloud";
    std::optional<std::string> family{};              // nullopt: null
    std::optional<std::vector<Snapshot>> snapshots{}; // nullopt: left out
    std::vector<KeyValue> tags{};

    friend bool operator==(const Image&, const Image&) = default;
};

struct InstanceType {
    std::string name{};   // S5.MEDIUM2
    std::string family{}; // S5
    std::string description{};
    std::int64_t cpu = 1;
    std::int64_t memory_gib = 1;
    std::int64_t gpu = 0;   // cards
    std::string gpu_type{}; // NVIDIA T4; empty without cards
    std::string architecture = "x86_64";
    std::string cpu_type{};
    std::string frequency{};
    double bandwidth_gbps = 0;
    std::int64_t pps = 0;         // in units of 10,000 packets per second
    std::optional<Cents> month{}; // its price, if the price table has none

    friend bool operator==(const InstanceType&, const InstanceType&) = default;
};

// A dedicated host, on which CDHPAID instances run, as in the vendor's HostItem
// (https://cloud.tencent.com/document/api/213/15753#HostItem).
struct Host {
    std::string id{}; // host-xxxxxxxx
    std::string zone{};
    std::string name{};
    std::string type = "HS1";
    std::int64_t project_id = 0;
    ChargeType charge_type = ChargeType::prepaid; // or postpaid_by_hour
    std::optional<RenewFlag> renew_flag{};        // nullopt unless prepaid
    Instant created_at{};
    std::optional<Instant> expires_at{}; // nullopt unless prepaid
    std::int64_t cpu = 56;               // cores, for all instances together
    std::int64_t memory_gib = 224;
    std::int64_t disk_gib = 0;
    std::string disk_type{};
    std::optional<Cents> month{}; // its price; nullopt: the price of its cores and memory
    std::vector<KeyValue> tags{};

    friend bool operator==(const Host&, const Host&) = default;
};

// A role that sts:AssumeRole can assume.
struct Role {
    std::string name;
    std::string id;                        // digits
    std::vector<std::string> allowed{"*"}; // patterns, as in an ActionPolicy

    friend bool operator==(const Role&, const Role&) = default;
};

// The id of a role for which a fixture gives none: 19 digits like the vendor's, derived from the name.
std::string default_role_id(std::string_view name);

// What an account has in addition to the built-in list: what it can buy, and its roles. An entry with the name or id of
// a built-in one replaces it.
struct Additions {
    std::vector<InstanceType> types{};
    std::vector<Image> images{};
    std::vector<Zone> zones{};
    std::vector<Host> hosts{};
    std::vector<Role> roles{};

    bool empty() const { return types.empty() && images.empty() && zones.empty() && hosts.empty() && roles.empty(); }

    friend bool operator==(const Additions&, const Additions&) = default;
};

// Equal for additions with which the same can be bought: of a host, only its id and zone count. Empty if there are
// none.
std::string digest_of(const Additions& additions);

} // namespace cvm::state
