#pragma once

#include <optional>
#include <string>
#include <string_view>

// The names that tag uses for resources of all products, in six parts:
// qcs:<project>:<service>:<region>:<account>:<resource> (https://cloud.tencent.com/document/product/598/10606).

namespace cvm::api {

struct ResourceName {
    std::string service;  // cvm, cbs, cam, ...
    std::string region;   // ap-guangzhou; empty for a service without regions
    std::string account;  // uin/100000000001; uid/1250000000 for cos
    std::string resource; // instance/ins-r8hr2upy

    std::string text() const;

    // ins-xxxxxxxx or disk-xxxxxxxx, with the prefix lh for Lighthouse, if it names an instance or a disk; else empty.
    std::string_view instance_id() const;
    std::string_view disk_id() const;

    // Whether it may be a resource of the account. A uid (AppId) is not known here and may be of any account.
    bool may_belong_to(std::string_view uin) const;

    friend bool operator==(const ResourceName&, const ResourceName&) = default;
};

// nullopt if `text` is not a resource name. The result has the form in which the real service returns names: an omitted
// account, or uin/ with nothing after it, becomes `uin`, and users (cam) have no region (observed: recordings of
// cloud-custodian, 2022, and terraform-provider-tencentcloud).
std::optional<ResourceName> parse_resource_name(std::string_view text, std::string_view uin);

// The name of a resource of one account, changed to another account: for a copy of the account.
std::string with_account(std::string_view text, std::string_view uin, std::string_view other_uin);

// The names under which instances and disks are listed.
ResourceName instance_name(std::string_view region, std::string_view uin, std::string_view id);
ResourceName disk_name(std::string_view region, std::string_view uin, std::string_view id);

} // namespace cvm::api
