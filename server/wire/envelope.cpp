#include "server/wire/envelope.hpp"

#include <boost/beast/http/field.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <stdexcept>

namespace cvm::wire {

namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

// https://cloud.tencent.com/document/product/1278/46710
constexpr std::uint64_t json_body_limit = 10 * 1024 * 1024;
constexpr std::uint64_t form_body_limit = 1024 * 1024;
constexpr std::size_t max_get_bytes = 32 * 1024;
constexpr std::size_t max_json_depth = 32;

// Parameters of every API 3.0 v1 and legacy call (https://cloud.tencent.com/document/api/213/15692,
// https://cloud.tencent.com/document/api/213/6984); all others belong to the action.
constexpr std::array<std::string_view, 11> common_parameters{
    "Action",    "Language",        "Nonce",     "Region", "RequestClient", "SecretId",
    "Signature", "SignatureMethod", "Timestamp", "Token",  "Version",
};

std::string_view header(const http::RequestHeader& h, std::string_view name)
{
    const auto at = h.find(name);
    return at == h.end() ? std::string_view{} : std::string_view{at->value().data(), at->value().size()};
}

// The unparsed parameters of a v1 or legacy request. A POST has them only in its body
// (https://cloud.tencent.com/document/api/213/11654), whatever its Content-Type says (assumed, since JSON without a TC3
// signature is observed to be refused with InvalidParameter).
std::string_view parameters_of(const http::Request& request)
{
    if (request.method() == bhttp::verb::post)
        return request.body();
    return split_target({request.target().data(), request.target().size()}).query;
}

// The names with "_" replaced by "." (see action_params). If both were sent, the one with the dot has priority.
Form with_dots(const Form& form)
{
    Form dotted;
    for (const auto& [name, value] : form) {
        std::string meant = name;
        std::ranges::replace(meant, '_', '.');
        if (meant == name)
            dotted.insert_or_assign(std::move(meant), value);
        else
            dotted.emplace(std::move(meant), value);
    }
    return dotted;
}

std::string value_of(const Form& form, std::string_view name)
{
    const auto at = form.find(name);
    return at == form.end() ? std::string{} : at->second;
}

bool is_tc3(const http::RequestHeader& h)
{
    const std::string_view authorization = header(h, "Authorization");
    return authorization.starts_with("TC3") || (!authorization.empty() && !header(h, "X-TC-Action").empty());
}

Language language_of(std::string_view text) { return text == "zh-CN" ? Language::chinese : Language::english; }

// A required common parameter; its name is the one in error messages.
struct Needed {
    std::string_view name;
    std::string_view value;
};

std::optional<Error> first_missing(std::initializer_list<Needed> needed)
{
    for (const Needed& parameter : needed)
        if (parameter.value.empty())
            return error(Errc::missing_parameter, parameter.name);
    return std::nullopt;
}

Result<std::int64_t> integer(std::string_view name, std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size())
        return error(Errc::invalid_parameter_common_type, name);
    return value;
}

Result<Envelope> open_tc3(const http::Request& request, Envelope envelope)
{
    if (request.method() == bhttp::verb::get) {
        auto form = parse_form(envelope.query);
        if (!form)
            return form.error();
        envelope.form = *std::move(form);
    }
    const std::string_view timestamp = header(request, "X-TC-Timestamp");
    envelope.action = header(request, "X-TC-Action");
    envelope.version = header(request, "X-TC-Version");
    if (auto missing =
            first_missing({{"Timestamp", timestamp}, {"Action", envelope.action}, {"Version", envelope.version}}))
        return *std::move(missing);
    const auto seconds = integer("Timestamp", timestamp);
    if (!seconds)
        return seconds.error();
    envelope.timestamp = *seconds;
    if (request.find("X-TC-Region") != request.end())
        envelope.region = std::string{header(request, "X-TC-Region")};
    envelope.token = header(request, "X-TC-Token");
    envelope.authorization = header(request, "Authorization");
    return envelope;
}

Result<Envelope> open_form(const http::Request& request, Envelope envelope)
{
    auto form = parse_form(parameters_of(request));
    if (!form)
        return form.error();
    envelope.form = *std::move(form);
    const std::string timestamp = value_of(envelope.form, "Timestamp");
    const std::string nonce = value_of(envelope.form, "Nonce");
    envelope.action = value_of(envelope.form, "Action");
    envelope.version = value_of(envelope.form, "Version");
    envelope.secret_id = value_of(envelope.form, "SecretId");
    envelope.signature = value_of(envelope.form, "Signature");
    const std::string_view version =
        envelope.dialect == Dialect::legacy_numeric ? "not needed" : std::string_view{envelope.version};
    if (auto missing = first_missing({{"Timestamp", timestamp},
                                      {"Nonce", nonce},
                                      {"Action", envelope.action},
                                      {"Version", version},
                                      {"SecretId", envelope.secret_id},
                                      {"Signature", envelope.signature}}))
        return *std::move(missing);
    const auto seconds = integer("Timestamp", timestamp);
    if (!seconds)
        return seconds.error();
    const auto number = integer("Nonce", nonce);
    if (!number)
        return number.error();
    // The page says positive, but for years scripts of the legacy API used random numbers from 0 on (observed), and so
    // do official SDKs of API 3.0.
    if (*number < 0)
        return error(Errc::invalid_parameter_common_type, "Nonce");
    envelope.timestamp = *seconds;
    envelope.nonce = *number;
    if (const auto at = envelope.form.find("Region"); at != envelope.form.end())
        envelope.region = at->second;
    envelope.token = value_of(envelope.form, "Token");
    envelope.sha256 = value_of(envelope.form, "SignatureMethod") == "HmacSHA256";
    return envelope;
}

} // namespace

std::string_view to_string(Dialect dialect)
{
    switch (dialect) {
    case Dialect::tc3:
        return "tc3";
    case Dialect::v1:
        return "v1";
    case Dialect::legacy:
        return "legacy";
    case Dialect::legacy_numeric:
        return "legacy_numeric";
    }
    throw std::logic_error{"Dialect out of range"};
}

Target split_target(std::string_view target)
{
    std::string_view authority;
    for (const std::string_view scheme : {"http://", "https://"})
        if (boost::beast::iequals(target.substr(0, scheme.size()), scheme)) {
            const auto path = std::min(target.find_first_of("/?", scheme.size()), target.size());
            authority = target.substr(scheme.size(), path - scheme.size());
            target = path == target.size() ? std::string_view{"/"} : target.substr(path);
            break;
        }
    const auto question = target.find('?');
    if (question == std::string_view::npos)
        return {target, {}, authority};
    return {question == 0 ? std::string_view{"/"} : target.substr(0, question), target.substr(question + 1), authority};
}

ResponseFormat response_format_of(const http::Request& request)
{
    const Target target = split_target({request.target().data(), request.target().size()});
    if (target.path == legacy_path) {
        const std::string_view parameters = parameters_of(request);
        return {peek(parameters, "Version").empty() ? Dialect::legacy_numeric : Dialect::legacy,
                language_of(peek(parameters, "Language"))};
    }
    if (is_tc3(request))
        return {Dialect::tc3, language_of(header(request, "X-TC-Language"))};
    return {Dialect::v1, language_of(peek(parameters_of(request), "Language"))};
}

Result<Envelope> open_envelope(const http::Request& request, Dialect dialect)
{
    if (request.method() != bhttp::verb::get && request.method() != bhttp::verb::post)
        return error(Errc::unsupported_protocol);
    if (request.method() == bhttp::verb::get && request.target().size() > max_get_bytes)
        return error(Errc::request_size_limit_exceeded, std::to_string(max_get_bytes));
    const Target target = split_target({request.target().data(), request.target().size()});
    Envelope envelope;
    envelope.dialect = dialect;
    envelope.method = request.method() == bhttp::verb::get ? "GET" : "POST";
    envelope.path = target.path;
    envelope.query = target.query;
    envelope.host = header(request, "Host");
    return dialect == Dialect::tc3 ? open_tc3(request, std::move(envelope)) : open_form(request, std::move(envelope));
}

Result<json::object> action_params(const Envelope& envelope, const http::Request& request, json::storage_ptr memory)
{
    if (envelope.dialect != Dialect::tc3) {
        Form own = envelope.form;
        for (const std::string_view name : common_parameters)
            if (const auto at = own.find(name); at != own.end())
                own.erase(at);
        return to_tree(is_legacy(envelope.dialect) ? with_dots(own) : own);
    }
    if (request.method() == bhttp::verb::get)
        return to_tree(envelope.form);
    if (request.body().empty())
        return json::object(memory);
    json::parse_options options;
    options.max_depth = max_json_depth;
    boost::system::error_code ec;
    json::value body = json::parse(request.body(), ec, memory, options);
    if (ec)
        return error(Errc::invalid_parameter_not_json);
    if (body.is_null())
        return json::object(memory);
    if (!body.is_object())
        return error(Errc::invalid_parameter_not_an_object);
    return std::move(body.get_object());
}

bool has_form_limit(const http::RequestHeader& h)
{
    const Target target = split_target({h.target().data(), h.target().size()});
    return target.path == legacy_path || (target.path == api_path && !is_tc3(h));
}

std::uint64_t body_limit(const http::RequestHeader& h) { return has_form_limit(h) ? form_body_limit : json_body_limit; }

} // namespace cvm::wire
