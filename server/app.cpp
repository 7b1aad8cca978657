#include "server/app.hpp"

#include "server/api/instance_checks.hpp"
#include "server/api/permission.hpp"
#include "server/api/settle.hpp"
#include "server/region.hpp"
#include "server/text.hpp"

#include <boost/json.hpp>

#include <chrono>

namespace cvm {

namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

// What the log shows of a text that was signed, in bytes: a form may be a megabyte.
constexpr std::size_t max_logged = 1500;

// Status 200 for success and refusal alike; SDKs read the code only then (facts: wire 0.1).
http::Response api_response(std::string body)
{
    http::Response response{bhttp::status::ok, 11};
    response.set(bhttp::field::content_type, "application/json");
    response.body() = std::move(body);
    return response;
}

http::Response control_response(bhttp::status status, std::string_view problem)
{
    http::Response response{status, 11};
    response.set(bhttp::field::content_type, "application/json");
    response.body() = json::serialize(json::object{{"error", printable(problem)}});
    return response;
}

// The code for breakage that the action's page lists.
Error internal_error(std::string_view action, std::string_view version)
{
    const DocumentedCodes* codes = documented_codes(action, version);
    return error(codes != nullptr && lists(codes->codes, entry(Errc::internal_server_error).code)
                     ? Errc::internal_server_error
                     : Errc::internal_error);
}

} // namespace

App::App(control::Parts parts, const api::Catalog& catalog, RequestIds& ids, Log& log, Behaviour behaviour)
    : parts_{std::move(parts)},
      catalog_{catalog},
      ids_{ids},
      log_{log},
      operation_time_{behaviour.operation_time},
      rate_limit_{behaviour.rate_limit}
{
}

// The one catch: whatever breaks below ends here, in the log and in an answer.
http::Response App::handle(const http::Request& request) noexcept
{
    Call call{.request_id = ids_.next(), .action = {}, .version = {}, .fault = {}};
    try {
        return answer(request, call);
    } catch (const std::exception& e) {
        return answer_broken(call, e.what());
    }
}

http::Response App::answer(const http::Request& request, Call& call)
{
    const wire::Target target = wire::split_target({request.target().data(), request.target().size()});
    call.api = target.path == wire::api_path || target.path == wire::legacy_path;
    if (call.api)
        return answer_api(request, call);
    if (control::owns(target.path))
        return control::handle(parts_, request);
    return control_response(bhttp::status::not_found,
                            "no such path: " + std::string{target.path} +
                                "; the API is at / and /v2/index.php, the control surface under /_emulator/");
}

http::Response App::answer_broken(const Call& call, std::string_view what)
{
    log_.error("request_id=" + call.request_id + " action=" + one_line(call.action) + " broke: " + std::string{what});
    if (!call.api)
        return control_response(bhttp::status::internal_server_error, what);
    return api_response(
        wire::render_error(call.manner, internal_error(call.action, call.version), call.action, call.request_id));
}

http::Response App::answer_api(const http::Request& request, Call& call)
{
    const auto started = std::chrono::steady_clock::now();
    call.manner = wire::manner_of(request);
    call.request_id = wire::spell_request_id(call.manner.dialect, std::move(call.request_id));
    const auto outcome = [&]() -> Result<json::object> {
        const auto envelope = wire::open_envelope(request, call.manner.dialect);
        if (!envelope)
            return envelope.error();
        call.action = envelope->action;
        call.version = envelope->version;
        return run(request, *envelope, call);
    }();

    http::Response response =
        api_response(outcome ? wire::render_success(call.manner.dialect, *outcome, call.request_id)
                             : wire::render_error(call.manner, outcome.error(), call.action, call.request_id));
    if (const auto trace = request.find("X-TC-TraceId"); trace != request.end())
        response.set("X-TC-TraceId", trace->value());
    if (!call.fault.empty())
        response.set("X-Emulator-Fault", call.fault);
    if (log_.writes(LogLevel::debug)) {
        const auto took =
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
        const std::string_view code =
            outcome ? "OK" : wire::wire_code(call.manner.dialect, outcome.error().code, call.action);
        log_.debug("request_id=" + call.request_id + " action=" + one_line(call.action) + " code=" + std::string{code} +
                   " us=" + std::to_string(took.count()));
    }
    return response;
}

Result<json::object> App::run(const http::Request& request, const wire::Envelope& envelope, Call& call)
{
    const auto credential = authenticate(request, envelope, call.request_id);
    if (!credential)
        return credential.error();
    if (const auto forced = request.find("X-Emulator-Force-Error"); forced != request.end()) {
        const std::string_view code{forced->value().data(), forced->value().size()};
        const auto known = find_code(code);
        if (!known)
            return error(Errc::invalid_parameter_value, code, "X-Emulator-Force-Error");
        call.fault = "forced";
        return unexplained(*known);
    }

    if (!envelope.version.empty() && !api::known_version(envelope.version))
        return error(Errc::no_such_version, envelope.version, api::product_of_version(envelope.version));
    const api::Action* action = api::find_action(envelope.action, envelope.version);
    if (action == nullptr || (wire::is_legacy(envelope.dialect) && !action->legacy))
        return error(Errc::invalid_action, envelope.action, api::product_of_version(envelope.version),
                     envelope.version);

    const auto region = settle_region(envelope, action->region, catalog_);
    if (!region)
        return region.error();
    if (auto refusal = rate_limit_.count(*action, *region, credential->secret_id, parts_.wall.now()))
        return *std::move(refusal);
    if (auto refusal = api::refuse_by_permission(*credential, *action, *region, call.request_id))
        return *std::move(refusal);
    const auto given = wire::action_params(envelope, request);
    if (!given)
        return given.error();
    return run_action(*action, envelope, credential->uin, *region, *given, call);
}

// The key that signed.
Result<state::Credential> App::authenticate(const http::Request& request, const wire::Envelope& envelope,
                                            const std::string& request_id)
{
    const auto claim = auth::read_claim(envelope);
    if (!claim)
        return claim.error();
    const auto credential = parts_.store.find_credential(claim->secret_id);
    std::optional<auth::Key> key;
    if (credential)
        key = auth::Key{credential->secret_key, credential->token, credential->expires_at};
    const state::Instant now = parts_.wall.now();
    const auth::Verdict verdict = auth::verify(envelope, *claim, request, key ? &*key : nullptr, now);
    if (verdict.refusal) {
        if (!verdict.trace.string_to_sign.empty() && log_.writes(LogLevel::info))
            log_mismatch(request_id, verdict.trace);
        return *verdict.refusal;
    }
    if (wire::is_legacy(envelope.dialect) &&
        !nonces_.first_use(claim->secret_id, envelope.timestamp, envelope.nonce, now))
        return error(Errc::invalid_request_replay_attack);
    return *credential;
}

void App::log_mismatch(const std::string& request_id, const auth::Trace& trace)
{
    const auto shown = [](const std::string& text) { return indented(std::string_view{text}.substr(0, max_logged)); };
    std::string line =
        "request_id=" + request_id + " signature does not match; the server signed\n" + shown(trace.string_to_sign);
    if (!trace.canonical_request.empty())
        line += "\n  of the canonical request\n" + shown(trace.canonical_request);
    log_.info(line);
}

Result<json::object> App::run_action(const api::Action& action, const wire::Envelope& envelope, const std::string& uin,
                                     const std::string& region, const json::object& given, const Call& call)
{
    const bool form = envelope.dialect != wire::Dialect::tc3 || envelope.method == "GET";
    const bool legacy = wire::is_legacy(envelope.dialect);
    const auto fields = legacy && !action.legacy_fields.empty() ? action.legacy_fields : action.fields;
    const auto params = api::decode(fields, given, form ? api::Source::form : api::Source::json);
    if (!params)
        return api::as_documented(params.error(), action);

    const state::Account at_first = parts_.store.find_account(uin).value();
    const state::Instant now = at_first.clock.now(parts_.wall.now());
    api::settle(parts_.store, catalog_, at_first, now);
    std::optional<state::Transaction> transaction;
    if (action.writes)
        transaction.emplace(parts_.store);
    // Read anew inside the transaction: another server on the same file may have changed it.
    const state::Account account = parts_.store.find_account(uin).value();
    const api::Context context{
        .store = parts_.store,
        .catalog = catalog_,
        .action = action.name,
        .version = action.version,
        .account = account,
        .now = now,
        .region = region,
        .request_id = call.request_id,
        .language = call.manner.language,
        .legacy = legacy,
        .operation_time = operation_time_,
    };
    if (auto refusal = api::refuse_by_rule(context, {}))
        return *std::move(refusal);
    auto answer = action.handle(context, api::Params{*params});
    if (!answer)
        return api::as_documented(answer.error(), action);
    if (transaction) {
        api::settle_debt(context);
        transaction->commit();
    }
    return answer;
}

http::Response App::refuse(http::Refusal reason, const http::RequestHeader& header) noexcept
{
    const wire::Target target = wire::split_target({header.target().data(), header.target().size()});
    if (reason == http::Refusal::body_too_large && control::owns(target.path))
        return control_response(bhttp::status::payload_too_large,
                                "the body is larger than " + std::to_string(body_limit(header)) + " bytes");
    const bool form = reason == http::Refusal::body_too_large && wire::has_form_limit(header);
    const http::Request request{header};
    const auto refusal = [&]() -> Error {
        switch (reason) {
        case http::Refusal::malformed:
            return error(Errc::invalid_request, "it is not HTTP/1.1");
        case http::Refusal::header_too_large:
            return error(Errc::request_size_limit_exceeded, "65536");
        case http::Refusal::body_too_large:
            return form ? error(Errc::auth_failure_signature_failure_request_too_large)
                        : error(Errc::request_size_limit_exceeded, std::to_string(body_limit(header)));
        case http::Refusal::timeout:
            return error(Errc::invalid_request, "it did not arrive in time");
        case http::Refusal::too_many_connections:
            return error(Errc::service_unavailable);
        }
        return error(Errc::internal_error);
    }();
    const wire::Manner manner = reason == http::Refusal::body_too_large
                                    ? wire::manner_of(request)
                                    : wire::Manner{wire::Dialect::tc3, Language::english};
    return api_response(wire::render_error(manner, refusal, {}, ids_.next()));
}

std::uint64_t App::body_limit(const http::RequestHeader& header) const noexcept
{
    const wire::Target target = wire::split_target({header.target().data(), header.target().size()});
    return control::owns(target.path) ? control::body_limit : wire::body_limit(header);
}

} // namespace cvm
