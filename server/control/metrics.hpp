#pragma once

#include "server/control/figures.hpp"
#include "server/control/process.hpp"
#include "state/store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace cvm::control {

struct JournalSizes {
    std::size_t calls = 0;
    std::size_t bytes = 0;
    std::uint64_t dropped = 0;
};

// What GET /metrics tells, in the text format of Prometheus. Labels have values of the catalogue and of the code alone,
// whatever clients send: what is no action of the catalogue is "unknown".
std::string metrics_text(const Figures& figures, const JournalSizes& journal, const state::StoreSizes& store,
                         const Process& process);

} // namespace cvm::control
