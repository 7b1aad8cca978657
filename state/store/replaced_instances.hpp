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

// The instances of accounts as they were when they were last replaced, so that who replaces them again need not read
// those that have not been written since. Of accounts that together have no more than `most` instances.
class ReplacedInstances {
public:
    struct Account {
        std::vector<Instance> instances;
        std::unordered_set<std::string> written{}; // ids of instances; others than these, too
    };

    explicit ReplacedInstances(std::size_t most) : most_{most} {}

    void keep(std::string_view uin, const std::vector<Instance>& instances);

    // What is kept of an account, if anything; from then on it is not.
    std::optional<Account> take(std::string_view uin);

    void forget(std::string_view uin) { take(uin); }
    void clear();

    // To be called whenever an instance is written.
    void written(std::string_view uin, std::string_view id);

private:
    std::size_t most_;
    std::map<std::string, Account, std::less<>> accounts_{};
    std::size_t size_ = 0;
};

} // namespace cvm::state
