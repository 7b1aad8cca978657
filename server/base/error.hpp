#pragma once

#include "errors.gen.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <iosfwd>
#include <optional>
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

const ErrorEntry& entry(Errc code) noexcept;

// The enumerator of a code on the wire (without a variant of its text); nullopt for a code that is not known.
std::optional<Errc> find_code(std::string_view code) noexcept;

// The error when nobody knows what it is about: a code that a header or a rule asks for.
Error unexplained(Errc code);

// The text for people. Falls back to English where the real service does not localise the code.
std::string message(const Error& error, Language language);

// Replaces {0}, {1}, ... by `args`; a placeholder without an argument stays as it is.
std::string fill(std::string_view text, const std::vector<std::string>& args);

// The codes of an action's pages, or nullptr for an unknown action. An empty version is the legacy API without one.
const DocumentedCodes* documented_codes(std::string_view action, std::string_view version) noexcept;

// Whether `code` stands in a sorted list of codes.
bool lists(std::span<const std::string_view> codes, std::string_view code) noexcept;

std::ostream& operator<<(std::ostream& out, const Error& error);

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

} // namespace cvm
