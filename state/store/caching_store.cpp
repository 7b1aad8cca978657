#include "state/store/caching_store.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace cvm::state {

namespace {

// Adds a value under a name, or changes nothing on failure. A full map is emptied first.
template <class Map>
const typename Map::mapped_type& keep_in(Map& map, std::string_view name, typename Map::mapped_type value,
                                         std::size_t limit)
{
    if (map.size() >= limit && !map.contains(name))
        map.clear();
    return map.insert_or_assign(std::string{name}, std::move(value)).first->second;
}

// The distinct names that have no entry.
template <class Map>
std::vector<std::string> missing_from(const Map& map, std::span<const std::string> names)
{
    std::vector<std::string> missing;
    std::ranges::copy_if(names, std::back_inserter(missing),
                         [&](const std::string& name) { return !map.contains(name); });
    std::ranges::sort(missing);
    missing.erase(std::ranges::unique(missing).begin(), missing.end());
    return missing;
}

template <class Map>
void drop(Map& map, std::string_view name)
{
    if (const auto known = map.find(name); known != map.end())
        map.erase(known);
}

} // namespace

// --- the cache ---

CachingStore::Kept& CachingStore::kept(std::string_view uin)
{
    if (const auto known = accounts_.find(uin); known != accounts_.end())
        return known->second;
    if (accounts_.size() >= limits_.accounts) {
        write();
        drop_accounts();
    }
    return accounts_[std::string{uin}];
}

CachingStore::Kept& CachingStore::changing(std::string_view uin)
{
    Kept& of = kept(uin);
    of.changed = ++change_;
    return of;
}

void CachingStore::drop_accounts()
{
    accounts_.clear();
    instances_ = 0;
    dropped_ = ++change_;
}

void CachingStore::drop_instances(Kept& of)
{
    instances_ -= of.instances.size();
    of.instances.clear();
}

void CachingStore::clear()
{
    credentials_.clear();
    drop_accounts();
}

// Forgets what a transaction may have changed that began after this change and is rolled back.
void CachingStore::drop_changed_after(std::uint64_t change) noexcept
{
    credentials_.clear();
    if (dropped_ > change)
        drop_accounts();
    if (change_ == change)
        return;
    for (auto& [uin, of] : accounts_)
        if (of.changed > change) {
            drop_instances(of);
            of = Kept{};
            of.changed = ++change_;
        }
}

void CachingStore::keep(std::string_view uin, SharedInstance instance)
{
    if (instances_ >= limits_.instances) {
        write();
        for (auto& [owner, of] : accounts_)
            drop_instances(of);
    }
    KeptInstance& place = kept(uin).instances[instance->id];
    if (!place.now)
        ++instances_;
    place.now = std::move(instance);
}

CachingStore::SharedInstance CachingStore::take(Kept& of, std::string_view id)
{
    const auto known = of.instances.find(id);
    if (known == of.instances.end())
        return nullptr;
    SharedInstance taken = std::move(known->second.now);
    of.instances.erase(known);
    --instances_;
    return taken;
}

void CachingStore::refresh()
{
    if (open_ > 0)
        return; // no other process can write
    if (const std::int64_t version = store_->data_version(); version != data_version_) {
        write();
        clear();
        data_version_ = version;
    }
}

std::unique_ptr<StoreSnapshot> CachingStore::snapshot() { return stored().snapshot(); }

// Unwritten changes modify instances, but do not change their number.
StoreSizes CachingStore::sizes() { return store_->sizes(); }

std::int64_t CachingStore::data_version() { return store_->data_version(); }

std::optional<std::string> CachingStore::why_broken() { return store_->why_broken(); }

void CachingStore::begin()
{
    if (open_ == 2)
        throw std::logic_error{"a third transaction inside two others"};
    if (open_ == 1 && !transaction_)
        stored();
    std::optional<Transaction> outer;
    if (open_ == 0 && writes_ == Writes::at_once)
        outer.emplace(*store_);
    refresh();
    if (outer)
        transaction_.emplace(*std::move(outer));
    before_.at(static_cast<std::size_t>(open_)) = change_;
    ++open_;
    unwritten_before_ = unwritten_.size();
}

void CachingStore::commit()
{
    if (std::optional<Transaction>& own = innermost()) {
        write();
        own->commit();
        own.reset();
    }
    changes_.clear();
    --open_;
}

void CachingStore::rollback() noexcept
{
    if (std::optional<Transaction>& own = innermost()) {
        drop_changed_after(before_[static_cast<std::size_t>(open_ - 1)]);
        unwritten_.clear(); // only changes of this transaction are left; write() has written earlier ones
        own.reset();
    } else {
        undo_changes();
    }
    --open_;
}

// --- deferred writes (Writes::when_needed) ---

// Changes a cached instance without writing it. Returns false if the change must be written instead.
bool CachingStore::change(std::string_view uin, const SharedInstance& instance)
{
    if (open_ == 2 ? savepoint_.has_value() : writes_ == Writes::at_once || transaction_)
        return false;
    Kept& of = changing(uin);
    const auto known = of.instances.find(instance->id);
    if (known == of.instances.end())
        return false;
    KeptInstance& place = known->second;
    if (open_ > 0)
        changes_.push_back({std::string{uin}, place.now});
    if (!place.stored) {
        unwritten_.push_back({std::string{uin}, instance->id});
        place.stored = place.now;
    }
    expect_due(of, instance->due_at);
    place.now = instance;
    return true;
}

// To be called when something with this due time is saved.
void CachingStore::expect_due(Kept& of, std::optional<Instant> due_at)
{
    if (of.none_due_before && due_at)
        of.none_due_before = std::min(*of.none_due_before, *due_at);
    if (const auto next = of.next_in_jump.lock(); next && due_at && *due_at < *next)
        of.next_in_jump.reset();
}

// Restores the instances to what they were when the innermost open transaction began.
void CachingStore::undo_changes() noexcept
{
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
        Kept& of = accounts_.find(change->uin)->second;
        KeptInstance& place = of.instances.find(change->before->id)->second;
        place.now = std::move(change->before);
        if (place.now == place.stored)
            place.stored.reset();
    }
    changes_.clear();
    unwritten_.resize(unwritten_before_);
}

// Writes everything unwritten. Changes of the innermost open transaction go into a transaction of the underlying store;
// earlier ones go into the outer transaction or, if there is none, into one that is committed at once.
void CachingStore::write()
{
    if (unwritten_.empty())
        return;
    std::vector<std::pair<std::string, SharedInstance>> changed;
    changed.reserve(changes_.size());
    for (const Change& change : changes_)
        changed.emplace_back(change.uin,
                             accounts_.find(change.uin)->second.instances.find(change.before->id)->second.now);
    if (!changes_.empty())
        undo_changes();
    if (!unwritten_.empty()) {
        // Also inside another transaction: the store refuses it if the outer one was rolled back, and then nothing is
        // written.
        Transaction earlier{*store_};
        for (const auto& [uin, id] : unwritten_) {
            const KeptInstance& place = accounts_.find(uin)->second.instances.find(id)->second;
            store_->replace_instance(uin, *place.stored, *place.now);
        }
        earlier.commit();
        for (const auto& [uin, id] : unwritten_)
            accounts_.find(uin)->second.instances.find(id)->second.stored.reset();
        unwritten_.clear();
    }
    unwritten_before_ = 0;
    if (changed.empty())
        return;
    innermost().emplace(*store_);
    for (auto& [uin, instance] : changed)
        share_instance(uin, std::move(instance));
}

// The underlying store, with everything written and, if a transaction is open here, with one of its own.
Store& CachingStore::stored()
{
    write();
    if (open_ > 0 && !innermost())
        innermost().emplace(*store_);
    return *store_;
}

// --- cached reads ---

std::optional<Credential> CachingStore::find_credential(std::string_view secret_id)
{
    if (const auto known = credentials_.find(secret_id); known != credentials_.end())
        return known->second;
    auto found = store_->find_credential(secret_id);
    if (found)
        keep_in(credentials_, secret_id, *found, limits_.credentials);
    return found;
}

std::optional<Account> CachingStore::find_account(std::string_view uin)
{
    if (const auto known = accounts_.find(uin); known != accounts_.end() && known->second.account)
        return known->second.account;
    auto found = store_->find_account(uin);
    if (found)
        kept(uin).account = found;
    return found;
}

std::shared_ptr<const Instance> CachingStore::view_instance(std::string_view uin, std::string_view id)
{
    if (const auto of = accounts_.find(uin); of != accounts_.end())
        if (const auto known = of->second.instances.find(id); known != of->second.instances.end())
            return known->second.now;
    auto found = store_->view_instance(uin, id); // up to date there, because it is not cached
    if (found)
        keep(uin, found);
    return found;
}

std::optional<Instance> CachingStore::find_instance(std::string_view uin, std::string_view id)
{
    const auto found = view_instance(uin, id);
    return found ? std::optional{*found} : std::nullopt;
}

// Reads all missing ones at once; view_instance() reads again those that were dropped from the cache meanwhile.
std::vector<Instance> CachingStore::find_instances(std::string_view uin, std::span<const std::string> ids)
{
    if (const auto missing = missing_from(kept(uin).instances, ids); missing.size() > 1)
        for (Instance& instance : store_->find_instances(uin, missing))
            keep(uin, std::make_shared<const Instance>(std::move(instance)));
    std::vector<Instance> found;
    found.reserve(ids.size());
    for (const std::string& id : ids)
        if (const auto instance = view_instance(uin, id))
            found.push_back(*instance);
    return found;
}

void CachingStore::follow_jump(std::string_view uin, std::weak_ptr<const Instant> next)
{
    kept(uin).next_in_jump = std::move(next);
}

std::uint64_t CachingStore::changes_of(std::string_view uin)
{
    const auto known = accounts_.find(uin);
    return known != accounts_.end() ? std::max(known->second.changed, dropped_) : dropped_;
}

bool CachingStore::is_in_jump(std::string_view uin)
{
    const auto known = accounts_.find(uin);
    return known != accounts_.end() && !known->second.next_in_jump.expired();
}

bool CachingStore::has_due(std::string_view uin, Instant until)
{
    if (const auto next = kept(uin).next_in_jump.lock())
        return *next <= until;
    if (const auto& none_before = kept(uin).none_due_before; none_before && *none_before > until)
        return false;
    const auto next = stored().next_due(uin);
    kept(uin).none_due_before = next.value_or(latest);
    return next && *next <= until;
}

bool CachingStore::has_rules(std::string_view uin)
{
    auto& known = kept(uin).has_rules;
    if (!known)
        known = store_->has_rules(uin);
    return *known;
}

std::vector<std::string> CachingStore::rule_codes(std::string_view uin, std::string_view instance_id)
{
    if (!has_rules(uin))
        return {};
    ByName<std::vector<std::string>>& known = kept(uin).rule_codes;
    if (const auto at = known.find(instance_id); at != known.end())
        return at->second;
    return keep_in(known, instance_id, store_->rule_codes(uin, instance_id), limits_.instances);
}

// Works as find_instances().
std::vector<Rule> CachingStore::rules_of(std::string_view uin, std::span<const std::string> instance_ids)
{
    if (!has_rules(uin))
        return {};
    ByName<std::vector<std::string>>& known = kept(uin).rule_codes;
    if (const auto missing = missing_from(known, instance_ids); missing.size() > 1) {
        std::map<std::string, std::vector<std::string>> codes;
        for (const std::string& id : missing)
            codes[id];
        for (Rule& rule : store_->rules_of(uin, missing))
            codes[rule.instance_id].push_back(std::move(rule.code));
        for (auto& [id, of_instance] : codes)
            keep_in(known, id, std::move(of_instance), limits_.instances);
    }
    std::vector<Rule> rules;
    for (const std::string& id : instance_ids)
        for (const std::string& code : rule_codes(uin, id))
            rules.push_back({id, code});
    return rules;
}

// --- changes of cached values ---

void CachingStore::add_credential(const Credential& credential)
{
    drop(credentials_, credential.secret_id);
    stored().add_credential(credential);
}

void CachingStore::erase_credential(std::string_view secret_id)
{
    drop(credentials_, secret_id);
    stored().erase_credential(secret_id);
}

void CachingStore::save_account(const Account& account)
{
    changing(account.uin).account.reset();
    stored().save_account(account);
    kept(account.uin).account = account;
}

void CachingStore::save_instance(std::string_view uin, const Instance& instance)
{
    share_instance(uin, std::make_shared<const Instance>(instance));
}

void CachingStore::share_instance(std::string_view uin, SharedInstance instance)
{
    if (change(uin, instance))
        return;
    Store& store = stored();
    Kept& of = changing(uin);
    const auto before = take(of, instance->id);
    expect_due(of, instance->due_at);
    if (before)
        store.replace_instance(uin, *before, *instance);
    else
        store.save_instance(uin, *instance);
    keep(uin, std::move(instance));
}

void CachingStore::replace_instance(std::string_view uin, const Instance& before, const Instance& after)
{
    share_instance(uin, before, std::make_shared<const Instance>(after));
}

void CachingStore::share_instance(std::string_view uin, const Instance& before, SharedInstance after)
{
    Store& store = stored();
    Kept& of = changing(uin);
    take(of, after->id);
    expect_due(of, after->due_at);
    store.replace_instance(uin, before, *after);
    keep(uin, std::move(after));
}

void CachingStore::erase_instance(std::string_view uin, std::string_view id)
{
    Store& store = stored();
    Kept& of = changing(uin);
    take(of, id);
    store.erase_instance(uin, id);
}

// The disk may be attached; then the cached instance holds a copy of it.
void CachingStore::save_disk(std::string_view uin, const PlacedDisk& disk)
{
    Store& store = stored();
    Kept& of = changing(uin);
    drop_instances(of);
    expect_due(of, disk.due_at);
    store.save_disk(uin, disk);
}

void CachingStore::erase_disk(std::string_view uin, std::string_view id)
{
    Store& store = stored();
    Kept& of = changing(uin);
    drop_instances(of);
    store.erase_disk(uin, id);
}

// The cached credentials of the account are dropped too.
void CachingStore::erase_account(std::string_view uin)
{
    Store& store = stored();
    clear();
    store.erase_account(uin);
}

void CachingStore::insert_account(const AccountState& account)
{
    Store& store = stored();
    clear();
    store.insert_account(account);
}

void CachingStore::replace_account(const AccountState& account)
{
    Store& store = stored();
    clear();
    store.replace_account(account);
}

// --- passed through ---

std::vector<Credential> CachingStore::list_credentials(std::string_view uin) { return store_->list_credentials(uin); }
std::optional<Account> CachingStore::default_account() { return store_->default_account(); }
std::int64_t CachingStore::count_instances(std::string_view uin, std::string_view region)
{
    return stored().count_instances(uin, region);
}
std::int64_t CachingStore::count_instances(std::string_view uin) { return stored().count_instances(uin); }
std::vector<Instance> CachingStore::list_instances(std::string_view uin, std::string_view region, Page page)
{
    return stored().list_instances(uin, region, page);
}
InstancePage CachingStore::select_instances(std::string_view uin, std::string_view region,
                                            std::span<const InstanceCondition> conditions, Page page)
{
    return stored().select_instances(uin, region, conditions, page);
}
std::vector<Instance> CachingStore::list_expiring_instances(std::string_view uin)
{
    return stored().list_expiring_instances(uin);
}

std::optional<ResourcePage> CachingStore::list_by_expiry(std::string_view uin, std::string_view after,
                                                         std::int64_t limit)
{
    return stored().list_by_expiry(uin, after, limit);
}
std::vector<Instance> CachingStore::due_instances(std::string_view uin, Instant after, Instant until)
{
    return stored().due_instances(uin, after, until);
}
std::vector<PlacedDisk> CachingStore::due_disks(std::string_view uin, Instant after, Instant until)
{
    return stored().due_disks(uin, after, until);
}
std::optional<Instant> CachingStore::next_due(std::string_view uin) { return stored().next_due(uin); }
std::optional<Instant> CachingStore::due_by(std::string_view uin, std::int64_t count)
{
    return stored().due_by(uin, count);
}
std::optional<Instant> CachingStore::next_due_besides_hours(std::string_view uin, Instant after)
{
    return stored().next_due_besides_hours(uin, after);
}
std::vector<Instance> CachingStore::list_hourly_instances(std::string_view uin)
{
    return stored().list_hourly_instances(uin);
}
std::optional<PlacedDisk> CachingStore::find_disk(std::string_view uin, std::string_view id)
{
    return stored().find_disk(uin, id);
}
std::vector<PlacedDisk> CachingStore::list_disks(std::string_view uin) { return stored().list_disks(uin); }
bool CachingStore::has_unpaid_deal(std::string_view uin) { return store_->has_unpaid_deal(uin); }
std::vector<Deal> CachingStore::list_unpaid_deals(std::string_view uin) { return store_->list_unpaid_deals(uin); }
void CachingStore::add_deals(std::string_view uin, const std::vector<Deal>& deals)
{
    if (!deals.empty())
        stored().add_deals(uin, deals);
}
DealPage CachingStore::select_deals(std::string_view uin, const DealQuery& query, Page page)
{
    return store_->select_deals(uin, query, page);
}
std::vector<Deal> CachingStore::list_deals(std::string_view uin) { return store_->list_deals(uin); }
std::vector<Deal> CachingStore::list_deals_of(std::string_view uin, std::string_view resource_id)
{
    return store_->list_deals_of(uin, resource_id);
}
void CachingStore::update_deal(std::string_view uin, const Deal& deal) { stored().update_deal(uin, deal); }
void CachingStore::add_ledger_lines(std::string_view uin, const std::vector<LedgerLine>& lines)
{
    if (!lines.empty())
        stored().add_ledger_lines(uin, lines);
}
std::vector<LedgerLine> CachingStore::list_ledger(std::string_view uin) { return store_->list_ledger(uin); }
LedgerPage CachingStore::select_ledger(std::string_view uin, std::optional<std::int64_t> after, std::int64_t limit)
{
    return store_->select_ledger(uin, after, limit);
}
std::optional<Deal> CachingStore::find_deal(std::string_view uin, std::string_view order_id)
{
    return store_->find_deal(uin, order_id);
}
std::vector<LedgerLine> CachingStore::list_payments(std::string_view uin, Instant from, Instant until)
{
    return store_->list_payments(uin, from, until);
}
std::vector<Voucher> CachingStore::list_vouchers(std::string_view uin) { return store_->list_vouchers(uin); }
std::vector<VoucherUse> CachingStore::list_voucher_uses(std::string_view uin, std::string_view voucher_id)
{
    return store_->list_voucher_uses(uin, voucher_id);
}
void CachingStore::use_voucher(std::string_view uin, const VoucherUse& use)
{
    stored().use_voucher(uin, use);
    changing(uin);
}
std::optional<ResourceTags> CachingStore::find_resource_tags(std::string_view uin, std::string_view resource)
{
    return store_->find_resource_tags(uin, resource);
}
std::vector<ResourceTags> CachingStore::list_resource_tags(std::string_view uin)
{
    return store_->list_resource_tags(uin);
}
void CachingStore::save_resource_tags(std::string_view uin, const ResourceTags& tagged)
{
    stored().save_resource_tags(uin, tagged);
}
std::optional<ClientToken> CachingStore::find_client_token(std::string_view uin, std::string_view token)
{
    return store_->find_client_token(uin, token);
}
void CachingStore::add_client_token(std::string_view uin, const ClientToken& token)
{
    stored().add_client_token(uin, token);
}
NetworkStore& CachingStore::networks() { return stored().networks(); }
Additions CachingStore::list_additions(const Account& account) { return store_->list_additions(account); }
void CachingStore::renew_host(std::string_view uin, const Host& host) { stored().renew_host(uin, host); }
std::vector<FiredTimer> CachingStore::list_fired_timers(std::string_view uin) { return store_->list_fired_timers(uin); }
void CachingStore::add_fired_timer(std::string_view uin, const FiredTimer& timer)
{
    stored().add_fired_timer(uin, timer);
}
std::vector<std::string> CachingStore::account_uins() { return store_->account_uins(); }
std::optional<AccountState> CachingStore::dump_account(std::string_view uin) { return stored().dump_account(uin); }

} // namespace cvm::state
