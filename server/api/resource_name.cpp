#include "server/api/resource_name.hpp"

#include "server/api/instance_checks.hpp"
#include "state/model/lighthouse.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace cvm::api {

namespace {

constexpr std::size_t longest_name = 1024; // with the account part of any Uin (assumed)
constexpr std::size_t longest_uin = 19;

// How a service writes the resource part of an instance or a disk. Both names of a disk are observed: in recordings of
// cloud-custodian (cbs) and terraform-provider-tencentcloud (cvm).
struct Form {
    std::string_view service;
    std::string_view prefix;
    std::string_view id; // prefix of the id
};
constexpr std::array instance_forms{Form{"cvm", "instance/", "ins"}, Form{"lighthouse", "instance/", "lhins"}};
constexpr std::array disk_forms{Form{"cvm", "volume/", "disk"}, Form{"cbs", "instance/", "disk"},
                                Form{"lighthouse", "disk/", "lhdisk"}};

std::string_view id_in(const ResourceName& name, std::span<const Form> forms)
{
    const std::string_view resource = name.resource;
    for (const Form& form : forms)
        if (name.service == form.service && resource.starts_with(form.prefix))
            if (const auto id = resource.substr(form.prefix.size()); well_formed_id(id, form.id))
                return id;
    return {};
}

ResourceName listed(const Form& form, std::string_view region, std::string_view uin, std::string_view id)
{
    return {std::string{form.service}, std::string{region}, "uin/" + std::string{uin},
            std::string{form.prefix} + std::string{id}};
}

// As in the pattern of fixtures/state.schema.json, "Tags" of an account.
bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

// Whether the name is short enough for every account: in a copied account, tags have another Uin.
bool fits(const ResourceName& name)
{
    const std::size_t account =
        name.account.starts_with("uin/") ? std::max(name.account.size(), longest_uin + 4) : name.account.size();
    return name.text().size() - name.account.size() + account <= longest_name;
}

} // namespace

std::string ResourceName::text() const { return "qcs::" + service + ":" + region + ":" + account + ":" + resource; }

std::string_view ResourceName::instance_id() const { return id_in(*this, instance_forms); }

std::string_view ResourceName::disk_id() const { return id_in(*this, disk_forms); }

bool ResourceName::may_belong_to(std::string_view uin) const
{
    return account.starts_with("uid/") || account == "uin/" + std::string{uin};
}

std::optional<ResourceName> parse_resource_name(std::string_view text, std::string_view uin)
{
    constexpr std::string_view scheme = "qcs::";
    if (text.size() > longest_name || !text.starts_with(scheme) || !std::ranges::all_of(text, is_visible))
        return std::nullopt;
    text.remove_prefix(scheme.size());
    std::array<std::string, 3> parts; // service, region, account; the resource may contain colons
    for (std::string& part : parts) {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos)
            return std::nullopt;
        part = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    auto& [service, region, account] = parts;
    if (account.empty() || account == "uin/")
        account = "uin/" + std::string{uin};
    const bool known_account = account.size() > 4 && (account.starts_with("uin/") || account.starts_with("uid/"));
    if (service.empty() || text.empty() || !known_account)
        return std::nullopt;
    if (service == "cam")
        region.clear();
    ResourceName name{std::move(service), std::move(region), std::move(account), std::string{text}};
    return fits(name) ? std::optional{std::move(name)} : std::nullopt;
}

std::string with_account(std::string_view text, std::string_view uin, std::string_view other_uin)
{
    auto name = parse_resource_name(text, uin).value();
    if (name.account == "uin/" + std::string{uin})
        name.account = "uin/" + std::string{other_uin};
    return name.text();
}

ResourceName instance_name(std::string_view region, std::string_view uin, std::string_view id)
{
    return listed(state::is_lighthouse(id) ? instance_forms.back() : instance_forms.front(), region, uin, id);
}

ResourceName disk_name(std::string_view region, std::string_view uin, std::string_view id)
{
    return listed(state::is_lighthouse(id) ? disk_forms.back() : disk_forms.front(), region, uin, id);
}

} // namespace cvm::api
