#include "server/gateway/app.hpp"

#include "server/api/catch_up.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/permission.hpp"
#include "server/auth/explain/explain.hpp"
#include "server/base/text.hpp"
#include "server/control/events.hpp"
#include "server/gateway/connect.hpp"
#include "server/gateway/product.hpp"
#include "server/gateway/region.hpp"
#include "server/gateway/responses.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <new>

namespace cvm {

namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

// The maximum length, in bytes, of a signed text in the log: a form may have a megabyte.
constexpr std::size_t max_logged = 1500;

// The maximum body size, in bytes, of a refused request that is kept.
constexpr std::size_t max_kept = 64 * 1024;
constexpr std::ptrdiff_t max_kept_fields = 64;

// Whether a request can be kept as it is: it is small, and no parameter is a secret by its name.
bool is_harmless(const http::Request& request, const wire::Envelope& envelope)
{
    const auto fields = std::distance(request.begin(), request.end());
    if (!envelope.token.empty() || request.body().size() > max_kept || fields > max_kept_fields)
        return false;
    if (std::ranges::any_of(envelope.form, [](const auto& parameter) { return names_secret(parameter.first); }))
        return false;
    if (envelope.dialect != wire::Dialect::tc3 || request.method() != bhttp::verb::post || request.body().empty())
        return true;
    boost::system::error_code ec;
    const json::value body = json::parse(request.body(), ec);
    return !ec && !calls::holds_secret(body);
}

// The error code for an internal error that the action's page lists.
Error internal_error(std::string_view action, std::string_view version)
{
    return error(api::documented({action, version}, Errc::internal_server_error) ? Errc::internal_server_error
                                                                                 : Errc::internal_error);
}

std::string_view method_of(const http::RequestHeader& header)
{
    return {header.method_string().data(), header.method_string().size()};
}

std::string_view path_of(const http::RequestHeader& header)
{
    const std::string_view target{header.target().data(), header.target().size()};
    return target.substr(0, target.find('?'));
}

bool is_api(std::string_view path) { return path == wire::api_path || path == wire::legacy_path; }

// The API's error for a request that was refused before it was complete. `form`: its body is too large for a form;
// `limit`: the maximum body size in bytes.
Error refusal_error(http::Refusal reason, bool form, std::uint64_t limit)
{
    switch (reason) {
    case http::Refusal::malformed:
        return error(Errc::invalid_request, "it is not valid HTTP/1.1; check the Host header");
    case http::Refusal::http2:
        return error(Errc::invalid_request, "it is HTTP/2, and only HTTP/1.1 is supported here");
    case http::Refusal::tls:
        return error(Errc::invalid_request, "it is TLS, which is not supported here");
    case http::Refusal::target_too_long:
    case http::Refusal::header_too_large:
        return error(Errc::request_size_limit_exceeded, "65536");
    case http::Refusal::body_too_large:
        return form ? error(Errc::auth_failure_signature_failure_request_too_large)
                    : error(Errc::request_size_limit_exceeded, std::to_string(limit));
    case http::Refusal::timeout:
        return error(Errc::invalid_request, "it did not arrive in time");
    case http::Refusal::too_many_connections:
        return error(Errc::service_unavailable);
    }
    return error(Errc::internal_error);
}

// A response with a status of RFC 9110 or RFC 6585 and a sentence.
http::Response refuse_outside_api(http::Refusal reason, std::uint64_t limit)
{
    using bhttp::status;
    switch (reason) {
    case http::Refusal::malformed:
        return control_response(status::bad_request, "the request is not HTTP/1.1");
    case http::Refusal::http2:
        return control_response(status::http_version_not_supported,
                                "the request is HTTP/2, and only HTTP/1.1 is supported here");
    case http::Refusal::tls:
        return control_response(status::bad_request, "the request is TLS, which is not supported here");
    case http::Refusal::target_too_long:
        return control_response(status::uri_too_long, "the target is longer than 65536 bytes");
    case http::Refusal::header_too_large:
        return control_response(status::request_header_fields_too_large, "the header is larger than 65536 bytes");
    case http::Refusal::body_too_large:
        return control_response(status::payload_too_large,
                                "the body is larger than " + std::to_string(limit) + " bytes");
    case http::Refusal::timeout:
        return control_response(status::request_timeout, "the request did not arrive in time");
    case http::Refusal::too_many_connections:
        return control_response(status::service_unavailable, "there are too many connections; close some");
    }
    return control_response(status::internal_server_error, "the request was refused");
}

} // namespace

App::App(control::Services services, const api::Catalog& catalog, RequestIds& ids, Log& log, Behaviour behaviour)
    : services_{std::move(services)},
      catalog_{catalog},
      ids_{ids},
      log_{log},
      operation_time_{behaviour.operation_time},
      strict_network_{behaviour.strict_network},
      rate_limit_{behaviour.rate_limit},
      tls_required_{behaviour.tls_required},
      shared_commit_{behaviour.shared_commit},
      longest_shared_{behaviour.longest_shared}
{
    services_.catalogs = std::make_shared<api::Catalogs>(catalog);
    services_.call_api = [this](const http::Request& request) { return call(request); };
}

// All failures below end here, in the log and in an answer, except a failed commit, which ends in commit_shared(). Lack
// of memory may make even the answer fail: then a spare answer is returned.
http::Reply App::handle(const http::Request& request, const http::Arrival& arrival) noexcept
{
    spares_.renew();
    CallContext call;
    const auto started = std::chrono::steady_clock::now();
    http::Reply reply = [&] {
        try {
            return answer(request, arrival, call);
        } catch (const std::exception& e) {
            call.counted.duration = std::chrono::steady_clock::now() - started;
            return answer_broken(call, e.what());
        }
    }();
    if (!call.api && !reply.wait && !reply.continue_after) {
        services_.figures.requests.add_other(reply.response.result_int());
        log_request(request, reply.response, std::chrono::steady_clock::now() - started);
    }
    return reply;
}

// Logs a request that is not a call of the API; calls are logged by write_down().
void App::log_request(const http::RequestHeader& header, const http::Response& response,
                      std::chrono::steady_clock::duration duration) noexcept
try {
    if (!log_.writes(LogLevel::debug))
        return;
    log_.debug({}, {{"method", method_of(header)},
                    {"path", path_of(header)},
                    {"status", response.result_int()},
                    {"us", std::chrono::duration_cast<std::chrono::microseconds>(duration).count()}});
} catch (const std::bad_alloc&) {
    // Losing the line is better than losing the answer.
}

http::Reply App::answer(const http::Request& request, const http::Arrival& arrival, CallContext& call)
{
    if (request.method() == bhttp::verb::connect) {
        http::Reply reply = answer_connect(request, arrival.encrypted);
        if (!reply.tunnel)
            log_.warn("CONNECT refused: " + reply.response.body());
        return reply;
    }
    const wire::Target target = wire::split_target({request.target().data(), request.target().size()});
    call.api = is_api(target.path);
    if (auto directions = signpost(request, control::has_console(services_.console)))
        return {.response = *std::move(directions)};
    if (call.api)
        return answer_api(request, arrival.encrypted, call);
    if (control::owns(target.path)) {
        commit_shared();
        if (!control::is_health(target.path))
            services_.store.refresh();
        return control::handle(services_, request, arrival);
    }
    return {.response = control_response(bhttp::status::not_found,
                                         "no such path: " + std::string{target.path} +
                                             "; the API is at / and /v2/index.php, the control API under /_emulator/")};
}

http::Reply App::answer_broken(CallContext& call, std::string_view what) noexcept
try {
    const calls::CallRecord& record = call.record;
    call.effect.reset();
    call.record.fault.clear();
    if (!call.rule.empty())
        services_.faults.undo_hit(record.uin, call.rule); // the call does not count
    call.rule.clear();
    if (record.request_id.empty())
        call.record.request_id = ids_.next();
    log_.error("broke: " + std::string{what}, {{"request_id", record.request_id}, {"action", record.action}});
    if (!call.api)
        return {.response = control_response(bhttp::status::internal_server_error, what)};
    return finish(api_reply(internal_error(record.action, record.version), call), call);
} catch (const std::exception& e) {
    log_.error(e.what()); // usually the lack of memory, and then there is none for a longer line
    if (!call.api)
        return {.response = spares_.take_control()};
    services_.journal.lose(call.record.uin);
    return {.response = spares_.take(call.format.dialect, call.record.request_id), .state_changed = true};
}

http::Reply App::answer_api(const http::Request& request, bool encrypted, CallContext& call)
{
    const auto started = std::chrono::steady_clock::now();
    call.format = wire::response_format_of(request);
    make_room_to_hold();
    calls::CallRecord& record = call.record;
    record.request_id = wire::format_request_id(call.format.dialect, ids_.next());
    record.dialect = wire::to_string(call.format.dialect);
    record.method = printable({request.method_string().data(), request.method_string().size()});
    record.time = services_.wall.now();
    auto outcome = [&]() -> Result<api::Answer> {
        const auto envelope = wire::open_envelope(request, call.format.dialect);
        if (envelope) {
            record.action = printable(envelope->action);
            record.version = printable(envelope->version);
            record.region = printable(envelope->region.value_or(""));
        }
        if (tls_required_ && !encrypted)
            return error(Errc::unsupported_protocol_https_only);
        if (!envelope)
            return envelope.error();
        services_.store.refresh();
        return run(request, *envelope, call);
    }();

    if (call.effect && call.effect->commit_then_fail && !record.done) {
        // Nothing was committed, so commit-then-fail does not apply: the refusal is the answer, and the call does not
        // count.
        services_.faults.undo_hit(record.uin, call.rule);
        call.effect.reset();
        record.fault.clear();
    }
    http::Reply reply = api_reply(std::move(outcome), call);
    reply.state_changed = true;
    if (const auto trace = request.find("X-TC-TraceId"); trace != request.end())
        reply.response.set("X-TC-TraceId", trace->value());
    call.counted.duration = std::chrono::steady_clock::now() - started;
    record.duration = std::chrono::duration_cast<std::chrono::microseconds>(call.counted.duration);
    return finish(std::move(reply), call);
}

// Executes a call that the control API makes: like one from a socket, over HTTPS, in its own transaction.
http::Reply App::call(const http::Request& request)
{
    CallContext call;
    call.api = true;
    http::Reply reply = [&] {
        try {
            return answer_api(request, true, call);
        } catch (const std::exception& e) {
            return answer_broken(call, e.what());
        }
    }();
    if (!reply.held)
        return reply;
    commit_shared();
    reply = std::move(released_.back());
    released_.pop_back();
    return reply;
}

ResponseForm App::CallContext::response_form() const
{
    const AnswerPage* page = answer_page(record.action, record.version);
    return wire::response_form(format.dialect, page != nullptr ? page->text : AnswerText{}, record.request_id);
}

std::string App::success_text(api::Answer answer, const CallContext& call)
{
    if (auto* written = std::get_if<ResponseWriter>(&answer))
        return written->take();
    return wire::render_success(call.response_form(), std::get<json::object>(answer));
}

// Converts the outcome of a call to a reply, changed by the effect of a fault rule. Sets code and status of the record.
http::Reply App::api_reply(Result<api::Answer> outcome, CallContext& call) const
{
    calls::CallRecord& record = call.record;
    const calls::Effect effect = call.effect.value_or(calls::Effect{});
    std::optional<Error> problem;
    if (effect.error)
        problem = api::asked_error(*effect.error, call.facts());
    else if (effect.commit_then_fail)
        problem = internal_error(record.action, record.version);
    else if (!outcome)
        problem = outcome.error();

    http::Reply reply;
    reply.delivery = {.delay = effect.delay,
                      .drop = effect.drop,
                      .body_bytes = effect.truncate,
                      .body_bytes_per_second = effect.bytes_per_second};
    const bool bare = effect.status != 0 && !effect.error;
    record.code = problem ? wire::wire_code(call.format.dialect, problem->code, record.action) : "OK";
    if (bare || effect.drop)
        record.code.clear();
    call.counted.error = problem ? std::optional{problem->code} : std::nullopt;
    call.counted.silent = bare || effect.drop;
    record.status = effect.drop ? 0 : effect.status != 0 ? effect.status : 200;
    reply.response =
        bare ? proxy_response(effect.status)
        : problem
            ? api_response(wire::render_error(call.format, *problem, record.action, record.request_id, effect.message))
            : api_response(success_text(*std::move(outcome), call));
    if (!effect.drop)
        reply.response.result(record.status);
    if (!record.fault.empty())
        reply.response.set("X-Emulator-Fault", record.fault);
    if ((record.refused || record.explained) && services_.journal.keeps_calls())
        reply.response.set("X-Emulator-Signature-Debug", "/_emulator/signatures/" + record.request_id);
    return reply;
}

// Logs the call and answers it. While the shared transaction is open, both wait for its commit.
http::Reply App::finish(http::Reply reply, CallContext& call)
{
    // The action of a call that was refused before its action was looked up is the one that the call names.
    call.counted.action =
        call.action != nullptr ? call.action : api::find_action(call.record.action, call.record.version);
    if (!shared_) {
        write_down(std::move(call.record), call.counted);
        return reply;
    }
    held_.push_back(
        {std::move(reply), std::move(call.record), call.format, std::move(call.rule), call.knows_state, call.counted});
    if (std::chrono::steady_clock::now() - shared_since_ > longest_shared_)
        commit_shared();
    return {.response = {}, .held = true};
}

// Commits the transaction of a call or, if calls share a transaction, leaves it open for the next calls.
void App::commit(state::Transaction transaction)
{
    if (!shared_commit_ || shared_)
        return transaction.commit();
    shared_.emplace(std::move(transaction));
    shared_since_ = std::chrono::steady_clock::now();
}

// Allocates beforehand, so that lack of memory cannot separate a call's changes from its answer.
void App::make_room_to_hold()
{
    if (!shared_commit_)
        return;
    const auto make_room = [](auto& list, std::size_t size) {
        if (list.capacity() < size)
            list.reserve(2 * size);
    };
    make_room(held_, held_.size() + 1);
    make_room(released_, released_.size() + held_.size() + 1);
}

// Commits the changes of the held calls and releases their answers. If the commit fails, nothing was written, and calls
// whose answers depend on it get new answers.
void App::commit_shared() noexcept
{
    if (!shared_)
        return;
    try {
        shared_->commit();
        shared_.reset();
        release_held(nullptr);
    } catch (const std::exception& e) {
        shared_.reset();
        release_held(e.what());
    }
}

// `problem`: why the commit failed; nullptr if it succeeded. make_room_to_hold() has allocated the memory.
void App::release_held(const char* problem) noexcept
{
    for (HeldCall& held : std::exchange(held_, {})) {
        if (problem == nullptr || !held.knows_state) {
            write_down(std::move(held.record), held.counted);
            released_.push_back(std::move(held.reply));
            continue;
        }
        CallContext call;
        call.api = true;
        call.format = held.format;
        call.rule = std::move(held.rule);
        call.record = std::move(held.record);
        call.counted = held.counted;
        call.record.done = false;
        released_.push_back(answer_broken(call, problem));
    }
}

std::vector<http::Reply> App::held_answers() noexcept
{
    commit_shared();
    return std::exchange(released_, {});
}

void App::log_call(const calls::CallRecord& record) noexcept
try {
    log_.debug({}, {{"request_id", record.request_id},
                    {"action", record.action},
                    {"code", record.code},
                    {"us", record.duration.count()}});
} catch (const std::bad_alloc&) {
    // As in log_request().
}

// Called before the answer is sent, so that a client that has the answer finds the call in the request log.
void App::write_down(calls::CallRecord record, const control::CountedCall& counted) noexcept
{
    services_.figures.requests.add(counted);
    if (log_.writes(LogLevel::debug))
        log_call(record);
    if (services_.events.heard())
        tell(record, record.done && counted.action != nullptr && counted.action->writes);
    services_.journal.add(std::move(record));
}

// Notifies listeners of a call. The journal gives it this number next.
void App::tell(calls::CallRecord& record, bool changed) noexcept
{
    record.number = services_.journal.of(record.uin).last + 1;
    services_.events.add_call(record);
    if (changed)
        services_.events.add_change(record.uin, control::resource_parts);
}

Result<api::Answer> App::run(const http::Request& request, const wire::Envelope& envelope, CallContext& call)
{
    const auto credential = authenticate(request, envelope, call);
    if (!credential)
        return credential.error();
    calls::CallRecord& record = call.record;
    auto given = wire::action_params(envelope, request, &call.memory);
    if (given) {
        const auto kept = calls::kept_params(*given);
        record.params = kept.value_or("");
        record.params_lost = !kept;
        call.params = std::move(*given);
    }
    const Product product = product_of(envelope, call.scope_service);
    const auto action = find_action(envelope, product);
    call.product = product.name;
    call.action = action ? *action : nullptr;
    const auto region = resolve_region(envelope, action ? (*action)->region : api::Region::unused, catalog_);
    if (region && !region->empty())
        record.region = *region;
    if (const auto forced = request.find("X-Emulator-Force-Error"); forced != request.end()) {
        const std::string_view code{forced->value().data(), forced->value().size()};
        const auto known = find_code(code);
        if (!known)
            return error(Errc::invalid_parameter_value, code, "X-Emulator-Force-Error");
        record.fault = "forced";
        return api::asked_error(*known, call.facts());
    }
    run_into_fault(call);
    if (call.effect && call.effect->skips_work())
        return internal_error(record.action, record.version);

    if (!action)
        return action.error();
    if (!region)
        return region.error();
    if (auto refusal = rate_limit_.count(**action, *region, credential->secret_id, services_.wall.now()))
        return *std::move(refusal);
    if (auto refusal = api::refuse_by_permission(*credential, **action, *region, record.request_id))
        return *std::move(refusal);
    if (!given)
        return given.error();
    return run_action(**action, envelope, *credential, *region, call);
}

// Returns which instances a call does not see yet, for a fault rule with `hide`.
std::function<bool(const state::Instance&)> App::hidden_from(const CallContext& call, state::Instant now)
{
    calls::Rule* rule = call.effect && call.effect->hide ? services_.faults.find(call.record.uin, call.rule) : nullptr;
    if (rule == nullptr)
        return {};
    return [rule, now](const state::Instance& instance) {
        return rule->then.hide->covers(instance.id, instance.created_at, now);
    };
}

api::CallFacts App::CallContext::facts() const
{
    return {.product = product,
            .action = record.action,
            .version = record.version,
            .region = record.region,
            .request_id = record.request_id,
            .uin = record.uin,
            .params = params,
            .definition = action};
}

void App::run_into_fault(CallContext& call)
{
    if (!services_.faults.any(call.record.uin))
        return;
    if (const calls::Rule* rule = services_.faults.hit(call.record, call.params, call.record.time)) {
        call.effect = rule->then;
        call.rule = rule->id;
        call.record.fault = calls::label(*rule);
    }
}

// Finds the key pair that signed the request, and verifies the signature.
Result<state::Credential> App::authenticate(const http::Request& request, const wire::Envelope& envelope,
                                            CallContext& call)
{
    const state::Instant now = call.record.time;
    const auto claim = auth::read_claim(envelope);
    if (!claim) {
        call.record.explained = std::make_shared<const auth::Explanation>(auth::explain_malformed(claim.error()));
        return claim.error();
    }
    if (claim->authorization)
        call.scope_service = claim->authorization->service;
    auto credential = services_.store.find_credential(claim->secret_id);
    call.record.secret_id = auth::shown_secret_id(claim->secret_id, credential.has_value());
    std::optional<auth::Key> key;
    if (credential) {
        call.record.uin = credential->uin;
        key = auth::Key{credential->secret_key, credential->token, credential->expires_at};
    }
    const auth::Verdict verdict =
        auth::verify(envelope, *claim, request, key ? &*key : nullptr, services_.signing_keys, now);
    if (verdict.refusal) {
        keep_refused(request, envelope, *claim, key ? &*key : nullptr, verdict.trace, call);
        return *verdict.refusal;
    }
    call.record.signed_right = true;
    if (wire::is_legacy(envelope.dialect) &&
        !services_.nonces.first_use(claim->secret_id, envelope.timestamp, envelope.nonce, now))
        return error(Errc::invalid_request_replay_attack);
    return *std::move(credential);
}

// Records why a signature was refused, for GET /_emulator/signatures. The explanation takes a while, so usually the
// request is kept and explained when somebody asks. A request that may contain a secret is not kept, but explained
// immediately.
void App::keep_refused(const http::Request& request, const wire::Envelope& envelope, const auth::Claim& claim,
                       const auth::Key* key, const auth::Trace& trace, CallContext& call)
{
    calls::CallRecord& record = call.record;
    const bool keep = key != nullptr && is_harmless(request, envelope);
    if (keep) {
        // By assignment: copy construction in Beast leaks the part already copied if memory runs out.
        const auto copy = std::make_shared<http::Request>();
        *copy = request;
        record.refused = copy;
    } else {
        record.explained =
            std::make_shared<const auth::Explanation>(auth::explain(envelope, claim, request, key, record.time));
    }
    if (!trace.string_to_sign.empty() && log_.writes(LogLevel::info))
        log_.info("signature does not match; GET /_emulator/signatures/" + record.request_id +
                      " tells more; the server signed\n" + trace.string_to_sign.substr(0, max_logged),
                  {{"request_id", record.request_id}});
}

Result<api::Answer> App::run_action(const api::Action& action, const wire::Envelope& envelope,
                                    const state::Credential& credential, const std::string& region, CallContext& call)
{
    const bool form = envelope.dialect != wire::Dialect::tc3 || envelope.method == "GET";
    const bool legacy = wire::is_legacy(envelope.dialect);
    const auto fields = legacy && !action.legacy_fields.empty() ? action.legacy_fields : action.fields;
    const auto params = api::decode(fields, call.params, form ? api::Source::form : api::Source::json,
                                    legacy ? api::Unknown::ignored : api::Unknown::refused, &call.memory);
    if (!params)
        return api::as_documented(params.error(), action, call.facts());

    call.knows_state = true;
    const std::string& uin = credential.uin;
    auto found = services_.store.find_account(uin);
    if (!found)
        return error(Errc::auth_failure_secret_id_not_found);
    state::Account account = *std::move(found);
    auto catalog = services_.catalogs->of(services_.store, account);
    const state::Instant now = account.clock.now(services_.wall.now());
    call.record.clock = now;
    const bool changed = api::catch_up(services_.store, *catalog, account, now);
    if (changed && services_.events.heard())
        services_.events.add_change(uin, control::resource_parts);
    std::optional<state::Transaction> transaction;
    if (action.writes)
        transaction.emplace(services_.store);
    // Read inside the transaction, because another server on the same file may have changed or deleted the account.
    if (changed || action.writes) {
        found = services_.store.find_account(uin);
        if (!found)
            return error(Errc::auth_failure_secret_id_not_found);
        account = *std::move(found);
        catalog = services_.catalogs->of(services_.store, account);
    }
    const api::Context context{
        .store = services_.store,
        .catalog = *catalog,
        .instance_texts = instance_texts_,
        .action = {action.name, action.version},
        .call = {.account = account,
                 .now = now,
                 .region = region,
                 .request_id = call.record.request_id,
                 .language = call.format.language,
                 .form = call.response_form(),
                 .legacy = legacy,
                 .operation_time = operation_time_,
                 .strict_network = strict_network_,
                 .params = &call.params,
                 .hidden = hidden_from(call, now),
                 .credential = &credential,
                 .real_now = services_.wall.now(),
                 .random = &services_.random},
    };
    if (auto refusal = api::refuse_by_rule(context, {}))
        return *std::move(refusal);
    auto answer = action.handle(context, api::Params{*params});
    if (!answer) {
        if (const auto member = api::member_that_adds(answer.error().code); !member.empty())
            log_.info("not in the catalogue; a fixture can add it under \"" + std::string{member} +
                          "\" of the account " + uin,
                      {{"request_id", call.record.request_id}});
        return api::as_documented(answer.error(), action, call.facts());
    }
    if (transaction) {
        api::resume_after_payment(context);
        commit(*std::move(transaction));
    }
    call.record.done = true;
    return answer;
}

void App::log_refusal(http::Refusal reason, const http::RequestHeader& header, const http::Response& response,
                      std::string_view request_id) noexcept
try {
    if (log_.writes(LogLevel::debug))
        log_.debug({}, {{"request_id", request_id},
                        {"method", method_of(header)},
                        {"path", path_of(header)},
                        {"status", response.result_int()},
                        {"refused", http::refusal_names.at(static_cast<std::size_t>(reason))}});
} catch (const std::bad_alloc&) {
    // As in log_request().
}

// At the API's paths in the API's form, where refusals have status 200; elsewhere with the usual HTTP status.
http::Response App::refuse(http::Refusal reason, const http::RequestHeader& header) noexcept
{
    spares_.renew();
    const wire::Target target = wire::split_target({header.target().data(), header.target().size()});
    const std::uint64_t limit = body_limit(header);
    services_.figures.requests.add(reason);
    std::string request_id;
    http::Response response = [&] {
        try {
            if (!is_api(target.path))
                return refuse_outside_api(reason, limit);
            request_id = ids_.next();
            return refuse_call(reason, header, limit, request_id);
        } catch (const std::bad_alloc&) {
            return is_api(target.path) ? spares_.take(wire::Dialect::tc3, {}) : spares_.take_control();
        }
    }();
    log_refusal(reason, header, response, request_id);
    return response;
}

http::Response App::refuse_call(http::Refusal reason, const http::RequestHeader& header, std::uint64_t limit,
                                std::string_view request_id)
{
    const bool form = reason == http::Refusal::body_too_large && wire::has_form_limit(header);
    http::Request request;
    request.base() = header; // as in keep_refused()
    const wire::ResponseFormat format = wire::response_format_of(request);
    return api_response(wire::render_error(format, refusal_error(reason, form, limit), {}, request_id));
}

bool App::has_priority(const http::RequestHeader& header) const noexcept
{
    return control::owns(wire::split_target({header.target().data(), header.target().size()}).path);
}

std::uint64_t App::body_limit(const http::RequestHeader& header) const noexcept
{
    const wire::Target target = wire::split_target({header.target().data(), header.target().size()});
    return control::owns(target.path) ? control::body_limit : wire::body_limit(header);
}

} // namespace cvm
