#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

// How JSON that people and other programs write is taken: 472.0 is the whole number 472 (RFC 8259 has one kind of
// number), and a byte order mark before the text is skipped, as its section 8.1 allows.

namespace cvm {

// The whole number that a number is; nullopt if it has a fraction or is beyond 2^53, where not each whole number is
// one.
std::optional<std::int64_t> whole_number(double number) noexcept;

// Puts whole numbers in place of such numbers everywhere in a tree.
void make_whole_numbers(boost::json::value& tree);

std::string_view without_byte_order_mark(std::string_view text) noexcept;

} // namespace cvm
