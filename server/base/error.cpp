#include "server/base/error.hpp"

#include "errors.gen.hpp"

#include <algorithm>
#include <ostream>
#include <stdexcept>

namespace cvm {

static_assert(std::ranges::is_sorted(generated::documented, {}, &DocumentedCodes::action),
              "documented_codes searches by halves");
static_assert(std::ranges::is_sorted(generated::errors, {}, &ErrorEntry::code), "find_code searches by halves");
static_assert(
    [] {
        for (std::size_t i = 0; i < generated::errors.size(); ++i)
            if (generated::errors[i].errc != static_cast<Errc>(i))
                return false;
        return true;
    }(),
    "entry() takes the enumerator as the index");

std::span<const ErrorEntry> all_errors() noexcept { return generated::errors; }
std::span<const DocumentedCodes> all_documented_codes() noexcept { return generated::documented; }
std::span<const std::string_view> common_codes() noexcept { return generated::common_codes; }
std::span<const std::string_view> legacy_common_codes() noexcept { return generated::legacy_common_codes; }

const ErrorEntry& entry(Errc code) noexcept { return generated::errors[static_cast<std::size_t>(code)]; }

std::string_view code_of(Errc code) noexcept { return entry(code).code; }

std::optional<Errc> find_code(std::string_view code) noexcept
{
    const auto at = std::ranges::lower_bound(generated::errors, code, {}, &ErrorEntry::code);
    return at != generated::errors.end() && at->code == code ? std::optional{at->errc} : std::nullopt;
}

std::string_view example_of_place(std::string_view place)
{
    const auto at = std::ranges::find(generated::places, place, &std::pair<std::string_view, std::string_view>::first);
    if (at == generated::places.end())
        throw std::logic_error{"no text has a place " + std::string{place}};
    return at->second;
}

std::string fill(std::string_view text, const std::vector<std::string>& args)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool placeholder =
            text[i] == '{' && i + 2 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9' && text[i + 2] == '}';
        const auto index = placeholder ? static_cast<std::size_t>(text[i + 1] - '0') : args.size();
        if (index < args.size()) {
            out += args[index];
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string message(const Error& error, Language language)
{
    const ErrorEntry& e = entry(error.code);
    return fill(language == Language::chinese ? e.zh : e.en, error.args);
}

const DocumentedCodes* documented_codes(std::string_view action, std::string_view version) noexcept
{
    for (auto at = std::ranges::lower_bound(generated::documented, action, {}, &DocumentedCodes::action);
         at != generated::documented.end() && at->action == action; ++at)
        if (at->version == version)
            return &*at;
    return nullptr;
}

bool contains(std::span<const std::string_view> codes, std::string_view code) noexcept
{
    return std::ranges::binary_search(codes, code);
}

std::ostream& operator<<(std::ostream& out, const Error& error)
{
    return out << code_of(error.code) << ": " << message(error, Language::english);
}

void throw_exception_from_error(const Error& error, const boost::source_location& where)
{
    throw std::logic_error{std::string{code_of(error.code)} + " taken for a value at " + where.to_string()};
}

} // namespace cvm
