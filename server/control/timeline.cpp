#include "server/control/account_lookup.hpp"
#include "server/control/body.hpp"
#include "server/control/control.hpp"
#include "server/control/or_null.hpp"
#include "state/rules/outlook.hpp"

#include <boost/json.hpp>

#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace cvm::control {

namespace json = boost::json;

using state::Instant;
using state::Outlook;

namespace {

constexpr std::int64_t default_items = 1'000;
constexpr std::int64_t max_items = 10'000;

constexpr std::size_t timeline_piece_bytes = std::size_t{64} * 1024;

json::value word_of(const std::optional<state::RenewFlag>& flag)
{
    return flag ? json::value(name(*flag)) : json::value(nullptr);
}

// What determines the outlook of an account's resources.
struct Rules {
    std::shared_ptr<const api::Catalog> catalog;
    state::Account account;
    Instant now;

    const state::Lifecycle& lifecycle() const { return catalog->lifecycle_of(account); }
};

json::object show(const state::Instance& instance, const Outlook& outlook)
{
    return {{"id", instance.id},
            {"kind", "instance"},
            {"name", instance.name},
            {"zone", instance.zone},
            {"state", name(instance.state)},
            {"charge_type", name(instance.charge_type)},
            {"renew_flag", word_of(instance.renew_flag)},
            {"created", state::format_instant(instance.created_at)},
            {"expires", or_null(instance.expires_at)},
            {"isolated", or_null(outlook.isolated)},
            {"released", or_null(outlook.released)},
            {"auto_renews", outlook.auto_renews},
            {"instance", nullptr}};
}

// The state as in DescribeDisks.
json::object show(const state::PlacedDisk& placed, const Outlook& outlook, bool recycled)
{
    const state::Disk& disk = placed.disk;
    return {{"id", disk.id},
            {"kind", "disk"},
            {"name", disk.name},
            {"zone", placed.zone},
            {"state", recycled                     ? "TORECYCLE"
                      : placed.instance_id.empty() ? "UNATTACHED"
                                                   : "ATTACHED"},
            {"charge_type", name(disk.charge_type)},
            {"renew_flag", word_of(disk.renew_flag)},
            {"created", state::format_instant(placed.created_at)},
            {"expires", or_null(disk.expires_at)},
            {"isolated", or_null(outlook.isolated)},
            {"released", or_null(outlook.released)},
            {"auto_renews", outlook.auto_renews},
            {"instance", or_null(placed.instance_id)}};
}

// Writes items a few at a time, so that other requests are served in between.
class TimelineText final : public http::BodySource {
public:
    TimelineText(std::string begin, std::string end, Rules rules, state::ResourcePage page,
                 std::vector<Outlook> of_instances)
        : text_{std::move(begin)},
          end_{std::move(end)},
          rules_{std::move(rules)},
          resources_{std::move(page.resources)},
          of_instances_{std::move(of_instances)}
    {
    }

    std::string next() override
    {
        for (; at_ < resources_.size() && text_.size() < timeline_piece_bytes; ++at_) {
            text_ += at_ > 0 ? "," : "";
            text_ +=
                json::serialize(std::visit([this](const auto& resource) { return item(resource); }, resources_[at_]));
        }
        if (at_ == resources_.size())
            text_ += std::exchange(end_, {});
        return std::exchange(text_, {});
    }

private:
    json::object item(const state::Instance& instance) const
    {
        return show(instance, outlook(instance, rules_.account, rules_.lifecycle()));
    }

    json::object item(const state::PlacedDisk& placed) const
    {
        const state::Stages& stages = rules_.lifecycle().of(placed.disk);
        const bool with_instance = placed.disk.released && !placed.instance_id.empty();
        const Outlook own = with_instance ? of_instances_[at_] : outlook(placed, stages, rules_.now);
        return show(placed, own, in_recycle_bin(placed, stages, rules_.now));
    }

    std::string text_;
    std::string end_;
    Rules rules_;
    std::vector<std::variant<state::Instance, state::PlacedDisk>> resources_;
    std::vector<Outlook> of_instances_; // by index; for instances whose disks are released with them
    std::size_t at_ = 0;
};

// The outlooks of instances with which disks are released.
std::vector<Outlook> outlooks_of_instances(const Accounts& accounts, const Rules& rules,
                                           const state::ResourcePage& page)
{
    std::vector<Outlook> found(page.resources.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto* placed = std::get_if<state::PlacedDisk>(&page.resources[i]);
        if (placed == nullptr || !placed->disk.released)
            continue;
        if (const auto instance = accounts.store.view_instance(rules.account.uin, placed->instance_id))
            found[i] = outlook(*instance, rules.account, rules.lifecycle());
        found[i].auto_renews = false;
    }
    return found;
}

const std::string& id_of(const std::variant<state::Instance, state::PlacedDisk>& resource)
{
    const auto* instance = std::get_if<state::Instance>(&resource);
    return instance != nullptr ? instance->id : std::get<state::PlacedDisk>(resource).disk.id;
}

} // namespace

Answer get_timeline(const Accounts& accounts, const Request& request)
{
    const std::int64_t limit = number_of(request, "limit", default_items, max_items);
    const auto after = request.query.find("after");
    const state::Account account = accounts.current(request);
    Rules rules{accounts.catalog_of(account), account, account.clock.now(accounts.wall.now())};
    const std::string_view from = after != request.query.end() ? std::string_view{after->second} : std::string_view{};
    auto page = accounts.store.list_by_expiry(account.uin, from, limit);
    if (!page)
        throw Problem{409, "there is no instance or elastic disk `" + std::string{from} +
                               "`, or not any more; read from the beginning, without `after`"};
    // The text before and after the items, which are generated separately.
    std::string begin = json::serialize(
        json::object{{"account", account.uin}, {"now", state::format_instant(rules.now)}, {"items", json::array{}}});
    begin.resize(begin.size() - 2);
    const bool more = page->left_out > 0 && !page->resources.empty();
    std::string end =
        "]," +
        json::serialize(json::object{{"left_out", page->left_out},
                                     {"next", more ? or_null(id_of(page->resources.back())) : json::value(nullptr)}})
            .substr(1);
    auto of_instances = outlooks_of_instances(accounts, rules, *page);
    return {.pieces = std::make_unique<TimelineText>(std::move(begin), std::move(end), std::move(rules),
                                                     *std::move(page), std::move(of_instances))};
}

} // namespace cvm::control
