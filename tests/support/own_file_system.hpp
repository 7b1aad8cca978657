#pragma once

#include <functional>
#include <optional>
#include <string>

namespace cvm::test {

// Runs `work` in a process of its own, for which `folder` is a file system in memory with these options of mount
// ("size=1m"). Returns what `work` returns; nullopt where this process may not mount, and says so. What is thrown comes
// back as "threw: ...".
std::optional<std::string> on_own_file_system(const std::string& folder, const std::string& options,
                                              const std::function<std::string()>& work);

// Makes it read-only, in `work`.
void make_read_only(const std::string& folder);

} // namespace cvm::test
