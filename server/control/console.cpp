#include "server/control/console.hpp"

#include "server/base/text.hpp"
#include "server/wire/envelope.hpp"

#include <boost/beast/http/rfc7230.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace cvm::control {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
namespace json = boost::json;

namespace {

constexpr std::string_view console_path = "/_emulator/";
constexpr std::string_view files_path = "/_emulator/console/";
constexpr std::string_view page_name = "index.html";

// All content comes from this server, and no other page may embed the console in a frame.
constexpr std::string_view content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> media_types{{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
}};

std::string_view type_of(std::string_view name)
{
    const auto at = std::ranges::find_if(media_types, [&](const auto& type) { return name.ends_with(type.first); });
    return at != media_types.end() ? at->second : "application/octet-stream";
}

beast::string_view to_beast(std::string_view text) { return {text.data(), text.size()}; }

http::Response refused(bhttp::status status, std::string_view why)
{
    http::Response response{status, 11};
    response.set(bhttp::field::content_type, "application/json");
    response.body() = json::serialize(json::object{{"error", printable(why)}});
    return response;
}

// Whether If-None-Match contains the tag, or "*" (RFC 9110 section 13.1.2).
bool is_known(const http::Request& request, const std::string& tag)
{
    const auto known = request[bhttp::field::if_none_match];
    const std::string_view list{known.data(), known.size()};
    return trimmed(list) == "*" || list.find(tag) != std::string_view::npos;
}

http::Response file_response(const http::Request& request, const PackedFile& file)
{
    // Compressed or not, the content is the same, so the tag is a weak one.
    const std::string tag = "\"" + std::string{file.tag} + "\"";
    const bool known = is_known(request, tag);
    http::Response response{known ? bhttp::status::not_modified : bhttp::status::ok, 11};
    response.set(bhttp::field::etag, "W/" + tag);
    response.set(bhttp::field::cache_control, "no-cache");
    response.set(bhttp::field::vary, "Accept-Encoding");
    response.set("Referrer-Policy", "no-referrer");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Content-Security-Policy", to_beast(content_policy));
    if (known)
        return response;
    response.set(bhttp::field::content_type, to_beast(type_of(file.name)));
    const auto accepted = request[bhttp::field::accept_encoding];
    if (accepts_gzip({accepted.data(), accepted.size()})) {
        response.set(bhttp::field::content_encoding, "gzip");
        response.body() = file.packed;
    } else {
        response.body() = unpacked(file.packed);
    }
    return response;
}

} // namespace

bool has_console(ConsoleMode mode) noexcept { return mode != ConsoleMode::off && !console_files().empty(); }

bool is_console(std::string_view path) noexcept
{
    return path == console_path || path == console_path.substr(0, console_path.size() - 1) ||
           path == files_path.substr(0, files_path.size() - 1) || path.starts_with(files_path);
}

http::Response console_response(const http::Request& request, ConsoleMode mode)
{
    const std::string_view path = wire::split_target({request.target().data(), request.target().size()}).path;
    if (request.method() != bhttp::verb::get && request.method() != bhttp::verb::head) {
        http::Response response = refused(bhttp::status::method_not_allowed, std::string{path} + " takes GET");
        response.set(bhttp::field::allow, "GET");
        return response;
    }
    if (mode == ConsoleMode::off)
        return refused(bhttp::status::not_found,
                       "the console is off; start the server without --console off, or with --console read-only");
    if (console_files().empty())
        return refused(bhttp::status::not_found,
                       "this build has no console; configure it with -DCVM_CONSOLE=ON to have one");
    if (!path.ends_with('/') && !path.starts_with(files_path)) {
        http::Response response{bhttp::status::permanent_redirect, 11};
        response.set(bhttp::field::location, std::string{path} + "/");
        return response;
    }
    const std::string_view name =
        path == console_path || path == files_path ? page_name : path.substr(files_path.size());
    const auto file = std::ranges::find(console_files(), name, &PackedFile::name);
    if (file == console_files().end())
        return refused(bhttp::status::not_found,
                       "the console has no file " + std::string{name} + "; its page is " + std::string{console_path});
    return file_response(request, *file);
}

bool accepts_gzip(std::string_view accept_encoding)
{
    std::optional<bool> gzip;
    std::optional<bool> any;
    for (const auto& [name, parameters] : bhttp::ext_list{to_beast(accept_encoding)}) {
        bool wanted = true;
        for (const auto& [parameter, value] : parameters)
            if (beast::iequals(parameter, "q"))
                wanted = value.find_first_not_of("0.") != beast::string_view::npos;
        if (beast::iequals(name, "gzip") || beast::iequals(name, "x-gzip"))
            gzip = wanted;
        else if (name == "*")
            any = wanted;
    }
    return gzip.value_or(any.value_or(false));
}

} // namespace cvm::control
