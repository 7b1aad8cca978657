#include "server/api/catalogs.hpp"

#include <algorithm>
#include <array>

namespace cvm::api {

std::shared_ptr<const Catalog> Catalogs::of(state::Store& store, const state::Account& account)
{
    if (account.additions.empty())
        return {std::shared_ptr<const Catalog>{}, &built_in_}; // not owned
    const auto known = std::ranges::find(kept_, account.additions, [](const auto& entry) { return entry.first; });
    if (known != kept_.end()) {
        std::rotate(known, known + 1, kept_.end());
        return kept_.back().second;
    }
    if (kept_.size() == max_kept)
        kept_.erase(kept_.begin());
    kept_.emplace_back(account.additions,
                       std::make_shared<const Catalog>(extended(built_in_, store.list_additions(account))));
    return kept_.back().second;
}

std::string_view member_that_adds(Errc code)
{
    struct Member {
        Errc code;
        std::string_view name;
    };
    constexpr std::array members{
        Member{Errc::invalid_parameter_value_instance_type_not_found, "Types"},
        Member{Errc::invalid_image_id_not_found, "Images"},
        Member{Errc::invalid_zone_mismatch_region, "Zones"},
        Member{Errc::invalid_host_id_not_found, "Hosts"},
        Member{Errc::invalid_parameter_instance_type_supported_host_not_found, "Hosts"},
    };
    const auto at = std::ranges::find(members, code, &Member::code);
    return at != members.end() ? at->name : std::string_view{};
}

} // namespace cvm::api
