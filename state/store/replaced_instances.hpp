#pragma once

#include "state/model/instance.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace cvm::state {

// Remembers the instances of accounts as they were when they were last replaced, so that the next replacement need not
// read those that were not written since. All accounts together hold at most `most` instances.
class ReplacedInstances {
public:
    struct Account {
        std::vector<Instance> instances;
        // Ids of written instances, also of instances that are not among these.
        std::unordered_set<std::string> written{};
    };

    explicit ReplacedInstances(std::size_t most) : most_{most} {}

    void keep(std::string_view uin, const std::vector<Instance>& instances);

    // Returns what is remembered of an account, if anything, and forgets it.
    std::optional<Account> take(std::string_view uin);

    void forget(std::string_view uin) { take(uin); }
    void clear();

    // Must be called whenever an instance is written.
    void written(std::string_view uin, std::string_view id);

private:
    std::size_t most_;
    std::map<std::string, Account, std::less<>> accounts_{};
    std::size_t size_ = 0;
};

} // namespace cvm::state
