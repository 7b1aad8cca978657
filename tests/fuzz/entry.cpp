// The entry points for libFuzzer. The program fuzz_<name> runs the target of that name; all names are links to one
// program. Broken is not caught, so that libFuzzer keeps the input and shows where it was thrown.

#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr std::string_view prefix = "fuzz_";

const cvm::fuzz::Target* chosen = nullptr;

} // namespace

extern "C" int LLVMFuzzerInitialize(int*, char*** arguments)
{
    std::string_view name = **arguments;
    name.remove_prefix(name.rfind('/') + 1); // npos + 1 is 0
    if (name.starts_with(prefix))
        name.remove_prefix(prefix.size());
    const auto found = std::ranges::find(cvm::fuzz::targets, name, &cvm::fuzz::Target::name);
    if (found == cvm::fuzz::targets.end()) {
        std::fputs("run it as fuzz_<name>, with a name of tests/fuzz/targets.txt\n", stderr);
        std::exit(2);
    }
    chosen = &*found;
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    chosen->run({reinterpret_cast<const char*>(data), size});
    return 0;
}
