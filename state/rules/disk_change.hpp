#pragma once

#include "state/model/instance.hpp"
#include "state/rules/pricing.hpp"

// Changes of an elastic disk that cost money, as pure functions.

namespace cvm::state {

// What a change of a disk that is paid ahead costs at `now`: the difference between a month of the disk before and
// after it, for the time that is left until the expiry (fixtures/catalog/actions/ResizeDisk.json). The months are those
// that end with the expiry; the begun one counts by the second, rounded down to whole cents. 0 for a disk that becomes
// cheaper, for one without an expiry and for one that has expired.
Price change_price(const PriceTable& table, const Disk& before, const Disk& after, Instant now);

} // namespace cvm::state
