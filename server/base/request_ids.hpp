#pragma once

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <string>

namespace cvm {

// Where RequestIds come from: lower-case UUIDs of version 4, as the real service is observed to answer.
class RequestIds {
public:
    virtual ~RequestIds() = default;
    virtual std::string next() = 0;
};

class RandomRequestIds final : public RequestIds {
public:
    std::string next() override { return to_string(generate_()); }

private:
    boost::uuids::random_generator_mt19937 generate_;
};

} // namespace cvm
