#pragma once

#include <optional>
#include <string>
#include <string_view>

// How tag names the resources of all products, in six parts: qcs:<project>:<service>:<region>:<account>:<resource>
// (https://cloud.tencent.com/document/product/598/10606).

namespace cvm::api {

struct ResourceName {
    std::string service;  // cvm, cbs, cam, ...
    std::string region;   // ap-guangzhou; empty for a service whose resources are in no region
    std::string account;  // uin/100000000001; uid/1250000000 for cos
    std::string resource; // instance/ins-r8hr2upy

    std::string text() const;

    // ins-xxxxxxxx or disk-xxxxxxxx, of Lighthouse with lh before it, if it names an instance or a disk; else empty.
    std::string_view instance_id() const;
    std::string_view disk_id() const;

    // Whether it may be a resource of the account: a uid (AppId) is not known here and may be anybody's.
    bool may_belong_to(std::string_view uin) const;

    friend bool operator==(const ResourceName&, const ResourceName&) = default;
};

// nullopt for what is no such name. The result is as the real service writes names back: an account that was left out,
// or given as uin/ and nothing after it, is `uin`, and users (cam) are in no region (observed: recordings of
// cloud-custodian, 2022, and terraform-provider-tencentcloud).
std::optional<ResourceName> parse_resource_name(std::string_view text, std::string_view uin);

// The name of a resource of one account as that of another's: of a copy of the account.
std::string with_account(std::string_view text, std::string_view uin, std::string_view other_uin);

// The names under which instances and disks are listed.
ResourceName instance_name(std::string_view region, std::string_view uin, std::string_view id);
ResourceName disk_name(std::string_view region, std::string_view uin, std::string_view id);

} // namespace cvm::api
