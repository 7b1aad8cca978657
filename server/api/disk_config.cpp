#include "server/api/disk_config.hpp"

#include "server/api/instance_checks.hpp"

namespace cvm::api {

std::int64_t min_disk_size(std::string_view type) noexcept { return type == "CLOUD_PREMIUM" ? 10 : 20; }

bool is_fast_disk(std::string_view type) noexcept { return type == "CLOUD_HSSD" || type == "CLOUD_TSSD"; }

std::optional<Error> check_disk_name(const std::string& name)
{
    constexpr std::size_t most = 60; // https://cloud.tencent.com/document/api/362/16312
    if (name.size() > most)
        return error(Errc::invalid_parameter_value, name, "DiskName");
    return std::nullopt;
}

std::optional<Error> check_disk_size(std::string_view type, std::int64_t size, std::string_view parameter)
{
    if (size < min_disk_size(type) || size > max_disk_size)
        return error(Errc::invalid_parameter_value, std::to_string(size), parameter);
    return std::nullopt;
}

std::optional<Error> check_performance(const ActionName& action, const state::Disk& disk, std::string_view parameter)
{
    if (disk.throughput_performance == 0 && !disk.burst_performance)
        return std::nullopt;
    if (disk.throughput_performance > max_extra_performance)
        return error(Errc::invalid_parameter_value, std::to_string(disk.throughput_performance), parameter);
    if (!is_fast_disk(disk.type) || disk.size_gib < min_performance_size)
        return refuse_value(action, Errc::invalid_parameter_disk_config_not_supported, disk.type, parameter);
    return std::nullopt;
}

} // namespace cvm::api
