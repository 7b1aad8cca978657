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

// The text of GET /metrics, in the format of Prometheus. Label values come only from the catalogue and from the code,
// whatever clients send: an action that is not in the catalogue is "unknown".
std::string metrics_text(const Figures& figures, const JournalSizes& journal, const state::StoreSizes& store,
                         const Process& process);

} // namespace cvm::control
