#include "server/document/streamed_document.hpp"

#include "server/base/json_numbers.hpp"
#include "server/document/schema.hpp"

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

namespace cvm {

namespace json = boost::json;

using state::AccountState;
using state::Instance;
using state::Instant;

namespace {

// Takes the index of an account and the tree of one of its instances. Returning false ends the parsing.
using TakeItem = std::function<bool(std::size_t, const json::value&)>;

// Builds the tree of a document from parser events, except for the elements of accounts[].Instances: each of them is
// passed on and dropped.
class Handler {
public:
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    explicit Handler(TakeItem take) : take_{std::move(take)} { main_.reset(); }

    json::value release() { return main_.release(); }

    using Error = boost::system::error_code;

    bool on_document_begin(Error&) { return true; }
    bool on_document_end(Error&) { return true; }

    bool on_object_begin(Error&)
    {
        if (at_item()) {
            // A new resource each time: an existing one would allocate ever larger blocks.
            item_.reset();
            memory_.emplace(buffer_.data(), buffer_.size());
            item_.reset(&*memory_);
        }
        ++depth_;
        if (depth_ == account_depth)
            lists_of_account_ = 0;
        return true;
    }

    bool on_object_end(std::size_t size, Error& ec)
    {
        stack().push_object(size);
        --depth_;
        if (at_item()) {
            const json::value item = item_.release();
            if (!take_(account_, item))
                return refuse(ec);
        }
        if (in_accounts_ && depth_ == account_depth - 1)
            ++account_;
        return true;
    }

    bool on_array_begin(Error& ec)
    {
        if (at_item())
            return refuse(ec);
        ++depth_;
        if (depth_ == accounts_depth && key_ == "accounts") {
            if (std::exchange(in_accounts_, true) || account_ > 0)
                return refuse(ec);
        } else if (in_accounts_ && depth_ == instances_depth && key_ == "Instances") {
            // Of duplicate members the last one counts, but here the first one has already been passed on.
            if (++lists_of_account_ > 1)
                return refuse(ec);
            in_instances_ = true;
        }
        return true;
    }

    bool on_array_end(std::size_t size, Error&)
    {
        if (in_instances_ && depth_ == instances_depth) {
            in_instances_ = false;
            size = 0;
        }
        if (depth_ == accounts_depth)
            key_.clear();
        stack().push_array(size);
        --depth_;
        return true;
    }

    bool on_key_part(json::string_view part, std::size_t, Error&)
    {
        partial_key_ += part;
        stack().push_chars(part);
        return true;
    }

    bool on_key(json::string_view part, std::size_t, Error&)
    {
        if (depth_ < instances_depth) {
            key_ = partial_key_;
            key_ += part;
        }
        partial_key_.clear();
        stack().push_key(part);
        return true;
    }

    bool on_string_part(json::string_view part, std::size_t, Error&)
    {
        stack().push_chars(part);
        return true;
    }

    bool on_string(json::string_view part, std::size_t, Error& ec)
    {
        return scalar(ec, [&](json::value_stack& s) { s.push_string(part); });
    }
    bool on_number_part(json::string_view, Error&) { return true; }
    bool on_int64(std::int64_t number, json::string_view, Error& ec)
    {
        return scalar(ec, [&](json::value_stack& s) { s.push_int64(number); });
    }
    bool on_uint64(std::uint64_t number, json::string_view, Error& ec)
    {
        return scalar(ec, [&](json::value_stack& s) { s.push_uint64(number); });
    }
    bool on_double(double number, json::string_view, Error& ec)
    {
        if (const auto whole = whole_number(number))
            return scalar(ec, [&](json::value_stack& s) { s.push_int64(*whole); });
        return scalar(ec, [&](json::value_stack& s) { s.push_double(number); });
    }
    bool on_bool(bool value, Error& ec)
    {
        return scalar(ec, [&](json::value_stack& s) { s.push_bool(value); });
    }
    bool on_null(Error& ec)
    {
        return scalar(ec, [&](json::value_stack& s) { s.push_null(); });
    }
    bool on_comment_part(json::string_view, Error&) { return true; }
    bool on_comment(json::string_view, Error&) { return true; }

private:
    // The number of open objects and lists inside the list of accounts, inside an account, and inside its instances.
    static constexpr int accounts_depth = 2;
    static constexpr int account_depth = 3;
    static constexpr int instances_depth = 4;

    bool at_item() const { return in_instances_ && depth_ == instances_depth; }

    json::value_stack& stack() { return in_instances_ && depth_ > instances_depth ? item_ : main_; }

    bool scalar(Error& ec, auto push)
    {
        if (at_item())
            return refuse(ec);
        push(stack());
        return true;
    }

    // The error code does not matter: reading the whole document finds the problem.
    static bool refuse(Error& ec)
    {
        ec = json::error::exception;
        return false;
    }

    TakeItem take_;
    json::value_stack main_;
    std::array<unsigned char, 16 * 1024> buffer_;
    std::optional<json::monotonic_resource> memory_;
    json::value_stack item_;
    std::string key_; // the latest key of the document or an account
    std::string partial_key_;
    int depth_ = 0;
    bool in_accounts_ = false;
    bool in_instances_ = false;
    int lists_of_account_ = 0;
    std::size_t account_ = 0;
};

// The tree without the instances. nullopt if `take` refuses one, or the text is not JSON.
std::optional<json::value> parse(std::string_view text, TakeItem take)
{
    json::parse_options options;
    options.max_depth = max_json_depth;
    json::basic_parser<Handler> parser{options, std::move(take)};
    boost::system::error_code ec;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
    if (ec || !parser.done() || text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
        return std::nullopt;
    return parser.handler().release();
}

// Whether the arrears of the account depend on the instance.
bool is_suspended(const json::object& instance)
{
    const json::value* source = instance.if_contains("IsolatedSource");
    return source != nullptr && source->is_string() && source->get_string() == name(state::IsolatedSource::arrear);
}

// An order without these members is completed from its resource.
bool describes_itself(const json::value& order)
{
    const auto said = [&](std::string_view member) {
        const json::value* value = order.as_object().if_contains(member);
        return value != nullptr && value->is_string() && !value->get_string().empty();
    };
    return said("SubProductCode") && said("ZoneCode");
}

// A set of ids stored as hashes, to save memory. Equal hashes almost always mean equal ids.
class Ids {
public:
    // Returns false if the id may already be in the set.
    bool add(const std::string& id) { return hashes_.insert(std::hash<std::string>{}(id)).second; }

private:
    std::unordered_set<std::size_t> hashes_;
};

struct IdsOfAccount {
    Ids instances;
    Ids disks;
};

} // namespace

StreamedDocument::StreamedDocument(std::string_view text, std::string origin, json::value rest)
    : text_{without_byte_order_mark(text)}, origin_{std::move(origin)}, rest_(std::move(rest))
{
}

std::optional<StreamedDocument> StreamedDocument::read(std::string_view text, const std::string& origin)
{
    text = without_byte_order_mark(text);
    const Schema& schema = state_schema();
    auto rest = parse(text, [&](std::size_t, const json::value& item) {
        return schema.allows(item, "instance") && !is_suspended(item.get_object());
    });
    if (!rest || !schema.allows(*rest))
        return std::nullopt;
    for (const json::value& account : rest->at("accounts").as_array())
        if (const json::value* orders = account.as_object().if_contains("Orders"))
            if (!std::ranges::all_of(orders->as_array(), describes_itself))
                return std::nullopt;
    return StreamedDocument{text, origin, *std::move(rest)};
}

std::vector<AccountState> StreamedDocument::accounts(Instant wall) const { return read_accounts(rest_, origin_, wall); }

bool StreamedDocument::each_instance(const std::vector<AccountState>& accounts, Instant wall,
                                     const std::function<void(std::size_t, Instance&&)>& take) const
{
    std::vector<IdsOfAccount> ids(accounts.size());
    for (std::size_t i = 0; i < accounts.size(); ++i)
        for (const state::PlacedDisk& placed : accounts[i].disks)
            if (!ids[i].disks.add(placed.disk.id))
                return false;
    const auto rest = parse(text_, [&](std::size_t at, const json::value& item) {
        Instance instance;
        try {
            instance = read_instance(item.get_object(), accounts[at], wall);
        } catch (const BadDocument&) {
            return false;
        }
        if (!ids[at].instances.add(instance.id) ||
            !std::ranges::all_of(instance.disks, [&](const state::Disk& disk) { return ids[at].disks.add(disk.id); }))
            return false;
        take(at, std::move(instance));
        return true;
    });
    return rest.has_value();
}

bool insert_streamed(state::Store& store, const StreamedDocument& document, const std::vector<AccountState>& accounts,
                     Instant wall)
{
    for (const AccountState& account : accounts)
        store.insert_account(account);
    return document.each_instance(accounts, wall, [&](std::size_t at, const Instance& instance) {
        store.save_instance(accounts[at].account.uin, instance);
    });
}

} // namespace cvm
