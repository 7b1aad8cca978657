#pragma once

#include "server/base/error.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The parameters of an action: declared once in a table and checked once against it; after that they are read without
// further checks.

namespace cvm::api {

enum class Type { string, integer, unsigned_integer, boolean, object, strings, integers, objects };

// A documented parameter. The limits are those of its page.
struct Field {
    std::string_view name;
    Type type;
    bool required = false;
    std::span<const Field> members{};          // of object and objects
    std::span<const std::string_view> words{}; // the permitted values of a string or strings; empty: any
    std::int64_t min = std::numeric_limits<std::int64_t>::min(); // of an integer and of integers
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    std::size_t max_items = std::numeric_limits<std::size_t>::max(); // of lists
};

// Parameters that decode() has checked. The object must outlive this view.
class Params {
public:
    explicit Params(const boost::json::object& values) : values_{&values} {}

    bool has(std::string_view name) const { return values_->if_contains(name) != nullptr; }

    // nullopt or empty if the parameter was not given. Throws if the type is not the declared one.
    std::optional<std::string> string(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    std::optional<bool> boolean(std::string_view name) const;
    std::optional<Params> object(std::string_view name) const;
    std::vector<std::string> strings(std::string_view name) const;
    std::vector<std::int64_t> integers(std::string_view name) const;
    std::vector<Params> objects(std::string_view name) const;

private:
    const boost::json::object* values_;
};

// The format that the parameters came in: in query strings and forms every value is a text.
enum class Source { json, form };

// How to treat undeclared parameters. The legacy API does not refuse them: its code tables have no UnknownParameter,
// and the vendor's own qcloudcli signs and sends RequestSource with every call.
enum class Unknown { refused, ignored };

// Checks `given` against `fields` and returns values of the declared types; null counts as not given. Otherwise returns
// the first problem, named by its path ("Filters.1.Values"), in this order. It is observed that the real gateway
// refuses an unknown parameter before the product sees the request; the rest of the order is assumed.
//   1. UnknownParameter and InvalidParameter (type), in the order of the request
//   2. MissingParameter, in the order of the declaration
//   3. InvalidParameterValue and InvalidParameterValue.LimitExceeded, in the order of the declaration
// The values lie in `memory`.
Result<boost::json::object> decode(std::span<const Field> fields, const boost::json::object& given, Source source,
                                   Unknown unknown = Unknown::refused, boost::json::storage_ptr memory = {});

} // namespace cvm::api
