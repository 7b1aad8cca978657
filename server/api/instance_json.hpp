#pragma once

#include "server/base/json_text.hpp"
#include "state/model/instance.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cvm::api {

// Writes the vendor's Instance of DescribeInstances: every documented member in the order of the page, null where the
// page says so (https://cloud.tencent.com/document/api/213/15728).
void write(JsonWriter& out, const state::Instance& instance);

// Writes instances and caches the texts of the most recent ones, so that an unchanged instance is not formatted again.
// The cache is bounded; when it is full, it is cleared.
class InstanceTexts {
public:
    explicit InstanceTexts(std::size_t capacity = 1000) : capacity_{capacity} {}

    void write(JsonWriter& out, const std::shared_ptr<const state::Instance>& instance);

    std::size_t size() const { return kept_.size(); }

private:
    struct Entry {
        std::shared_ptr<const state::Instance> instance; // kept, so that no other instance gets its address
        std::string json;
    };

    static constexpr std::size_t longest_kept = 16 * 1024; // in bytes; user data and tags can be long

    std::size_t capacity_;
    AnswerText text_{}; // the format of all cached texts
    std::unordered_map<const state::Instance*, Entry> kept_{};
};

// The same as a tree, for the state document.
boost::json::object to_json(const state::Instance& instance);

// The default attributes of an instance, all but the Uuid.
state::InstanceAttributes default_attributes();

// The default Uuid of an instance, derived from the id.
std::string uuid_for(std::string_view instance_id);

} // namespace cvm::api
