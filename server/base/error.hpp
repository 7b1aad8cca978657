#pragma once

#include "errc.gen.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <array>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm {

enum class Language { english, chinese };

// An error caused by the client. `args` fill {0}, {1}, ... of the code's text.
struct Error {
    Errc code;
    std::vector<std::string> args;

    friend bool operator==(const Error&, const Error&) = default;
};

template <class... Args>
Error error(Errc code, Args&&... args)
{
    return Error{code, std::vector<std::string>{std::string{std::forward<Args>(args)}...}};
}

// Errors caused by the client are values; failures (a full disk, a bug) are exceptions that only App::handle catches.
template <class T>
using Result = boost::system::result<T, Error>;

// What fixtures/catalog/errors.json says about a code.
struct ErrorEntry {
    Errc errc;
    std::string_view code; // on the wire, API 3.0
    std::string_view en;   // {0} is the first argument
    std::string_view zh;
    bool en_observed; // the text was observed in an answer of the real service
    bool zh_observed; // likewise, in an answer to a request for Chinese
    // What {0}, {1}, {2} stand for; empty where the text has no such placeholder.
    std::array<std::string_view, 3> places;
    std::string_view legacy_code;    // /v2/index.php with Version
    int legacy_number;               // /v2/index.php without Version
    std::string_view code_desc;      // /v2/index.php without Version
    std::string_view legacy_message; // likewise; empty: zh or en is used
};

// What fixtures/catalog/actions/<Action>.json says about an action.
struct DocumentedCodes {
    std::string_view action;
    std::string_view version;                       // empty: the legacy API without one
    std::span<const std::string_view> codes;        // API 3.0, sorted
    std::span<const std::string_view> reached;      // how a test provokes each of `codes`: natural, rule or header
    std::span<const std::string_view> legacy_codes; // /v2/index.php, sorted
    int rate_limit;                                 // calls per second
};

// All error codes, sorted by code; the codes of all actions, sorted by action; and the codes that every action may
// return, in API 3.0 and in the legacy API.
std::span<const ErrorEntry> all_errors() noexcept;
std::span<const DocumentedCodes> all_documented_codes() noexcept;
std::span<const std::string_view> common_codes() noexcept;
std::span<const std::string_view> legacy_common_codes() noexcept;

const ErrorEntry& entry(Errc code) noexcept;

// The code as sent to clients: "InvalidInstanceId.NotFound".
std::string_view code_of(Errc code) noexcept;

// The enumerator of a code as sent to clients (without a variant of its text); nullopt for an unknown code.
std::optional<Errc> find_code(std::string_view code) noexcept;

// An example value for a placeholder when the real value is not known: "ins-r8hr2upy" for InstanceId. Throws for a name
// that fixtures/catalog/errors.json does not define.
std::string_view example_of_place(std::string_view place);

// The message for people. Some texts of the real service are English in both languages.
std::string message(const Error& error, Language language);

// Replaces {0}, {1}, ... by `args`; a placeholder without an argument stays as it is.
std::string fill(std::string_view text, const std::vector<std::string>& args);

// The codes of an action's pages, or nullptr for an unknown action. An empty version is the legacy API without one.
const DocumentedCodes* documented_codes(std::string_view action, std::string_view version) noexcept;

// Whether a sorted list of codes contains `code`.
bool contains(std::span<const std::string_view> codes, std::string_view code) noexcept;

std::ostream& operator<<(std::ostream& out, const Error& error);

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

} // namespace cvm
