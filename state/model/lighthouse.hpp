#pragma once

#include <string>
#include <string_view>

// Instances and disks of Lighthouse are values as those of CVM and CBS, and their ids alone tell them apart.

namespace cvm::state {

// Whether the id is that of an instance or a disk of Lighthouse: lhins-xxxxxxxx, lhdisk-xxxxxxxx.
constexpr bool is_lighthouse(std::string_view id) { return id.starts_with("lhins-") || id.starts_with("lhdisk-"); }

inline constexpr std::string_view lighthouse_scope_prefix = "lighthouse:";

// By what a Store lists and counts the instances of Lighthouse in a region, apart from those of CVM.
inline std::string lighthouse_scope(std::string_view region)
{
    return std::string{lighthouse_scope_prefix}.append(region);
}

} // namespace cvm::state
