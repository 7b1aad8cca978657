#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

// Tolerant reading of JSON written by people and other programs: 472.0 is the whole number 472 (RFC 8259 has only one
// kind of number), and a byte order mark before the text is skipped, as its section 8.1 allows.

namespace cvm {

// The whole number that equals `number`; nullopt if it has a fraction or exceeds 2^53, above which a double cannot hold
// every whole number.
std::optional<std::int64_t> whole_number(double number) noexcept;

// Replaces such numbers by whole numbers everywhere in a tree.
void make_whole_numbers(boost::json::value& tree);

std::string_view without_byte_order_mark(std::string_view text) noexcept;

} // namespace cvm
