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

// The vendor's Instance of DescribeInstances: every documented field in the order of the page, null where the page
// says so (https://cloud.tencent.com/document/api/213/15728).
void write(JsonWriter& out, const state::Instance& instance);

// Writes instances and keeps the texts of those that were written last, so that one that has not changed since is not
// written again. Bounded: a full one begins anew.
class InstanceTexts {
public:
    explicit InstanceTexts(std::size_t capacity = 1000) : capacity_{capacity} {}

    void write(JsonWriter& out, const std::shared_ptr<const state::Instance>& instance);

    std::size_t size() const { return kept_.size(); }

private:
    struct Entry {
        std::shared_ptr<const state::Instance> instance; // so that no other can have its address
        std::string json;
    };

    static constexpr std::size_t longest_kept = 16 * 1024; // bytes of a text; user data and tags may be long

    std::size_t capacity_;
    AnswerText text_{}; // of all of them
    std::unordered_map<const state::Instance*, Entry> kept_{};
};

// The same as a tree, for the state document.
boost::json::object to_json(const state::Instance& instance);

// The attributes of an instance for which neither a fixture nor a purchase says anything else. All but the Uuid.
state::InstanceAttributes default_attributes();

// The Uuid of an instance for which no Uuid was given. It follows from the id.
std::string uuid_for(std::string_view instance_id);

} // namespace cvm::api
