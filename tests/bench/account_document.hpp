#pragma once

#include <boost/json.hpp>

#include <string>

namespace cvm::bench {

inline std::string instance_id(int number) { return "ins-" + std::to_string(10'000'000 + number); }

// A state document: one rich account with a frozen clock, whose monthly instances are renewed automatically and expire
// in the first 28 days.
inline std::string account_document(int instances)
{
    namespace json = boost::json;
    json::array list;
    for (int i = 0; i < instances; ++i)
        list.push_back(json::object{{"InstanceId", instance_id(i)},
                                    {"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
                                    {"ExpiredTime", "+P" + std::to_string(1 + i % 28) + "D"},
                                    {"RenewFlag", "NOTIFY_AND_AUTO_RENEW"}});
    return json::serialize(json::object{
        {"format_version", 1},
        {"accounts", json::array{json::object{{"Uin", "100000000001"},
                                              {"Clock", json::object{{"FrozenAt", "2026-03-31T08:30:00Z"}}},
                                              {"Balance", json::object{{"Cash", 1'000'000'000'000}}},
                                              {"Instances", std::move(list)}}}}});
}

} // namespace cvm::bench
