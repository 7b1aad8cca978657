#pragma once

#include <cstddef>
#include <deque>
#include <set>
#include <string>

namespace cvm::http {

// Detects the first occurrence of a text. Remembers the last `capacity` texts.
class Once {
public:
    explicit Once(std::size_t capacity) : capacity_{capacity} {}

    bool first(const std::string& thing)
    {
        if (!known_.insert(thing).second)
            return false;
        by_age_.push_back(thing);
        if (by_age_.size() > capacity_) {
            known_.erase(by_age_.front());
            by_age_.pop_front();
        }
        return true;
    }

private:
    std::size_t capacity_;
    std::set<std::string> known_;
    std::deque<std::string> by_age_;
};

} // namespace cvm::http
