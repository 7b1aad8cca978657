#pragma once

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <random>
#include <string>

namespace cvm {

// The source of RequestIds: lower-case version 4 UUIDs, as observed in answers of the real service.
class RequestIds {
public:
    virtual ~RequestIds() = default;
    virtual std::string next() = 0;
};

class RandomRequestIds final : public RequestIds {
public:
    RandomRequestIds() = default;
    RandomRequestIds(const RandomRequestIds&) = delete;
    RandomRequestIds& operator=(const RandomRequestIds&) = delete;

    std::string next() override { return to_string(generate_()); }

private:
    // 256 bits from the system: seeding the generator fully would take 624 calls, for which every start would have to
    // wait.
    static std::mt19937_64 seeded()
    {
        std::random_device d;
        std::seed_seq seed{d(), d(), d(), d(), d(), d(), d(), d()};
        return std::mt19937_64{seed};
    }

    std::mt19937_64 engine_ = seeded();
    boost::uuids::basic_random_generator<std::mt19937_64> generate_{engine_};
};

} // namespace cvm
