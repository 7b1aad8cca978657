#include "state/store/replaced_instances.hpp"

#include <utility>

namespace cvm::state {

void ReplacedInstances::keep(std::string_view uin, const std::vector<Instance>& instances)
{
    forget(uin);
    if (instances.size() > most_)
        return;
    if (size_ + instances.size() > most_)
        clear();
    size_ += instances.size();
    accounts_.emplace(uin, Account{.instances = instances});
}

std::optional<ReplacedInstances::Account> ReplacedInstances::take(std::string_view uin)
{
    const auto known = accounts_.find(uin);
    if (known == accounts_.end())
        return std::nullopt;
    Account taken = std::move(known->second);
    accounts_.erase(known);
    size_ -= taken.instances.size();
    return taken;
}

void ReplacedInstances::clear()
{
    accounts_.clear();
    size_ = 0;
}

void ReplacedInstances::written(std::string_view uin, std::string_view id)
{
    const auto known = accounts_.find(uin);
    if (known == accounts_.end())
        return;
    Account& account = known->second;
    // There are more ids than instances: so many were created and deleted that remembering no longer saves work.
    if (account.written.emplace(id).second && account.written.size() > account.instances.size())
        forget(uin);
}

} // namespace cvm::state
