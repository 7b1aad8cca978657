#pragma once

#include "server/document/fixtures.hpp"

#include <string>

namespace cvm::test {

// The default account with little content, since each request is repeated once for each of its allocations.
inline Fixtures small_account()
{
    const std::string path = CVM_SOURCE_DIR "/tests/memory/account.json";
    return Fixtures::from_files({&path, 1});
}

} // namespace cvm::test
