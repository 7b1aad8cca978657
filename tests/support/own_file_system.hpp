#pragma once

#include <functional>
#include <optional>
#include <string>

namespace cvm::test {

// Runs `work` in a child process, in which `folder` is an in-memory file system with these mount options ("size=1m").
// Returns the result of `work`; nullopt, with a message, if this process may not mount. An exception is returned as
// "threw: ...".
std::optional<std::string> on_own_file_system(const std::string& folder, const std::string& options,
                                              const std::function<std::string()>& work);

// Makes the file system read-only; to be called in `work`.
void make_read_only(const std::string& folder);

} // namespace cvm::test
