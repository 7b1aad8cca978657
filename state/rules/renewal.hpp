#pragma once

#include "state/model/instance.hpp"
#include "state/rules/pricing.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

// The rules of a renewal, as pure functions. Which instances may be renewed is decided in
// server/api/instance_checks.hpp.

namespace cvm::state {

// The terms of a renewal.
struct RenewalTerms {
    std::chrono::months period;
    std::optional<RenewFlag> renew_flag; // nullopt: stays as it is (assumed)
    bool portable_data_disks = true;     // renew the instance's elastic prepaid disks too
};

// The instance after the renewal. The new period starts at the old expiry, also for an instance in the recycle bin
// (https://cloud.tencent.com/document/product/213/2181), which then runs again (assumed). Elastic prepaid disks get the
// instance's new expiry, unless theirs is later (fixtures/catalog/actions/RenewInstances.json). The instance must have
// an expiry; throws std::out_of_range past the year 9999 and changes nothing.
void renew(Instance& instance, const RenewalTerms& terms);
Instance renewed(Instance instance, const RenewalTerms& terms);

// Whether the renewed expiry can be written with four digits for the year.
bool within_calendar(Instant expiry, std::chrono::months period);

// An elastic disk that is renewed with its instance: it pays for the months from its own expiry to the instance's new
// one, where a part of a month counts as a whole month (assumed).
struct DiskRenewal {
    std::string disk_id;
    Instant from;
    std::chrono::months period;
    Price price;
};

// The price of a renewal: the instance with the disks that follow it, its bandwidth, and each elastic disk.
struct RenewalPrice {
    Price instance;
    Price bandwidth;
    std::vector<DiskRenewal> disks;

    // The price of the instance with all its disks.
    Price with_disks() const
    {
        Price sum = instance;
        for (const DiskRenewal& disk : disks)
            sum = sum + disk.price;
        return sum;
    }

    Price total() const { return with_disks() + bandwidth; }
};

RenewalPrice renewal_price(const PriceTable& table, const Instance& instance, const RenewalTerms& terms);

} // namespace cvm::state
