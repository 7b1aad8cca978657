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

// A refusal: something that a client caused. `args` fill {0}, {1}, ... of the code's text.
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

// Refusing is a value; breaking (a full disk, a bug) is an exception that only App::handle catches.
template <class T>
using Result = boost::system::result<T, Error>;

// What fixtures/catalog/errors.json says of a code.
struct ErrorEntry {
    Errc errc;
    std::string_view code; // on the wire, API 3.0
    std::string_view en;   // {0} is the first argument
    std::string_view zh;
    bool en_observed;                       // the text was seen in an answer of the real service
    bool zh_observed;                       // likewise, where Chinese was asked for
    std::array<std::string_view, 3> places; // what {0}, {1}, {2} are; empty from the first that the text has not
    std::string_view legacy_code;           // /v2/index.php with Version
    int legacy_number;                      // /v2/index.php without Version
    std::string_view code_desc;             // /v2/index.php without Version
    std::string_view legacy_message;        // likewise; empty: zh or en
};

// What fixtures/catalog/actions/<Action>.json says of an action.
struct DocumentedCodes {
    std::string_view action;
    std::string_view version;                       // empty: the legacy API without one
    std::span<const std::string_view> codes;        // API 3.0, sorted
    std::span<const std::string_view> reached;      // how a test reaches each of codes: natural, rule or header
    std::span<const std::string_view> legacy_codes; // /v2/index.php, sorted
    int rate_limit;                                 // calls a second
};

// All error codes, sorted by code; the codes of all actions, sorted by action; the codes that every action may answer,
// in API 3.0 and in the legacy API.
std::span<const ErrorEntry> all_errors() noexcept;
std::span<const DocumentedCodes> all_documented_codes() noexcept;
std::span<const std::string_view> common_codes() noexcept;
std::span<const std::string_view> legacy_common_codes() noexcept;

const ErrorEntry& entry(Errc code) noexcept;

// The code on the wire: "InvalidInstanceId.NotFound".
std::string_view code_of(Errc code) noexcept;

// The enumerator of a code on the wire (without a variant of its text); nullopt for a code that is not known.
std::optional<Errc> find_code(std::string_view code) noexcept;

// What stands in a place of a text when nothing better is known: "ins-r8hr2upy" for InstanceId. Throws for a word that
// fixtures/catalog/errors.json has not.
std::string_view example_of_place(std::string_view place);

// The text for people. Some texts of the real service are English in both languages.
std::string message(const Error& error, Language language);

// Replaces {0}, {1}, ... by `args`; a placeholder without an argument stays as it is.
std::string fill(std::string_view text, const std::vector<std::string>& args);

// The codes of an action's pages, or nullptr for an unknown action. An empty version is the legacy API without one.
const DocumentedCodes* documented_codes(std::string_view action, std::string_view version) noexcept;

// Whether `code` stands in a sorted list of codes.
bool contains(std::span<const std::string_view> codes, std::string_view code) noexcept;

std::ostream& operator<<(std::ostream& out, const Error& error);

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

} // namespace cvm
