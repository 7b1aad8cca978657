#include "server/api/pagination_token.hpp"

#include "server/api/md5.hpp"
#include "server/api/page.hpp"

#include <boost/json.hpp>

#include <charconv>

namespace cvm::api {

namespace {

constexpr std::size_t seal_length = 32;
constexpr int base = 36;

// Makes a token unreadable without the request that it was made for, so that nobody relies on its content.
std::string seal(std::string_view request, std::string_view offset)
{
    return md5(std::string{offset} + '\n' + std::string{request});
}

} // namespace

std::string pagination_token(std::string_view request, std::int64_t offset)
{
    char digits[16];
    const auto [end, ec] = std::to_chars(std::begin(digits), std::end(digits), offset, base);
    const std::string_view spelled{digits, end};
    return seal(request, spelled) + std::string{spelled};
}

std::optional<std::int64_t> read_pagination_token(std::string_view token, std::string_view request)
{
    if (token.empty())
        return 0;
    if (token.size() <= seal_length)
        return std::nullopt;
    const std::string_view spelled = token.substr(seal_length);
    std::int64_t offset = 0;
    const auto [end, ec] = std::from_chars(spelled.data(), spelled.data() + spelled.size(), offset, base);
    if (ec != std::errc{} || end != spelled.data() + spelled.size() || offset < 0 ||
        token.substr(0, seal_length) != seal(request, spelled))
        return std::nullopt;
    return offset;
}

Result<Answer> answer_tag_page(const Context& context, const Params& params, std::string_view member,
                               const boost::json::array& all, const boost::json::value& also)
{
    namespace json = boost::json;
    constexpr std::int64_t default_page = 50;
    const auto category = params.string("Category").value_or("All");
    json::array in_common{context.action.name, context.call.account.uin, category};
    if (!also.is_null())
        in_common.push_back(also);
    const std::string request = json::serialize(in_common);
    const auto token = params.string("PaginationToken").value_or("");
    const auto offset = read_pagination_token(token, request);
    if (!offset)
        return error(Errc::invalid_parameter_pagination_token_invalid, token);
    const std::int64_t total = category == "System" ? 0 : std::ssize(all);
    const auto [begin, end] = window(total, *offset, params.integer("MaxResults").value_or(default_page));
    json::object answer{{"PaginationToken", end < total ? pagination_token(request, end) : ""}};
    answer[member] = json::array(all.begin() + begin, all.begin() + end);
    return answer;
}

} // namespace cvm::api
