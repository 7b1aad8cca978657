#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Names of instances that are bought together, from the patterns of InstanceName and HostName
// (https://cloud.tencent.com/document/api/213/15730).

namespace cvm::api {

// The name of the instance with this index in a batch of `count`. {R:x} counts from x; {R:x,F:y} does the same with at
// least y digits, 0 to 8; anything that is not exactly a pattern is plain text. Without a pattern, the names of several
// instances end with 1, 2, 3.
std::string numbered_name(std::string_view pattern, std::int64_t index, std::int64_t count);

// The same for host names, where {IP} is also replaced, by the private address.
std::string host_name(std::string_view pattern, std::string_view private_ip, std::int64_t index, std::int64_t count);

} // namespace cvm::api
