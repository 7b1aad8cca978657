#pragma once

#include <string>
#include <string_view>

// Instances and disks of Lighthouse are values of the same types as those of CVM and CBS; only their ids differ.

namespace cvm::state {

// Whether the id is that of an instance or a disk of Lighthouse: lhins-xxxxxxxx, lhdisk-xxxxxxxx.
constexpr bool is_lighthouse(std::string_view id) { return id.starts_with("lhins-") || id.starts_with("lhdisk-"); }

inline constexpr std::string_view lighthouse_scope_prefix = "lighthouse:";

// The scope in which a Store lists and counts the Lighthouse instances of a region, apart from those of CVM.
inline std::string lighthouse_scope(std::string_view region)
{
    return std::string{lighthouse_scope_prefix}.append(region);
}

} // namespace cvm::state
