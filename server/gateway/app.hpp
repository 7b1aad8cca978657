#pragma once

#include "server/api/action.hpp"
#include "server/api/asked_error.hpp"
#include "server/api/instance_json.hpp"
#include "server/auth/nonces.hpp"
#include "server/auth/verify.hpp"
#include "server/base/log.hpp"
#include "server/base/request_ids.hpp"
#include "server/calls/faults.hpp"
#include "server/calls/journal.hpp"
#include "server/control/control.hpp"
#include "server/control/figures.hpp"
#include "server/gateway/rate_limit.hpp"
#include "server/gateway/spare_answers.hpp"
#include "server/http/service.hpp"
#include "server/wire/render.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <vector>

namespace cvm {

// Options of the command line that change the behaviour of actions.
struct Behaviour {
    std::chrono::seconds operation_time{0}; // how long operations on instances take on the account's clock
    bool rate_limit = false;                // whether the documented rate limits apply
    bool strict_network = false;            // whether networks that nobody created are refused
    bool tls_required = false;              // whether the API refuses plain HTTP
    // Whether calls that write share a transaction, and answers wait for its commit (http::Reply::held): for a store in
    // a file, where a commit costs more than a call.
    bool shared_commit = false;
    // How long calls may join a shared transaction. Other servers cannot write to the file meanwhile.
    std::chrono::milliseconds longest_shared{10};
};

// The path from a request to its response. The steps, in order: common parameters, freshness, key, signature (the order
// so far is observed), token, version, action, region, rate limit, permission (assumed), then the action's own checks.
class App final : public http::Service {
public:
    // All arguments but `behaviour` must outlive the App.
    App(control::Services services, const api::Catalog& catalog, RequestIds& ids, Log& log, Behaviour behaviour = {});

    http::Reply handle(const http::Request& request, const http::Arrival& arrival) noexcept override;
    std::vector<http::Reply> held_answers() noexcept override;
    http::Response refuse(http::Refusal reason, const http::RequestHeader& header) noexcept override;
    bool has_priority(const http::RequestHeader& header) const noexcept override;
    std::uint64_t body_limit(const http::RequestHeader& header) const noexcept override;

private:
    // What is known about the request so far; enough to answer it on a failure.
    struct CallContext {
        CallContext() = default;
        CallContext(const CallContext&) = delete; // `params` points into `memory`
        CallContext& operator=(const CallContext&) = delete;

        // The initial buffer of `memory`: enough for nearly every call.
        std::array<unsigned char, 4096> buffer;
        // The memory of JSON trees that live as long as the call.
        boost::json::monotonic_resource memory{buffer.data(), buffer.size()};
        bool api = false; // false: a request to the control API
        wire::ResponseFormat format{wire::Dialect::tc3, Language::english};
        calls::CallRecord record{};
        std::optional<calls::Effect> effect{}; // of the fault rule that applies to it
        std::string rule{};                    // the id of that rule
        std::string scope_service{};           // service in the scope of a TC3 signature
        std::string product{};
        const api::Action* action = nullptr; // nullptr: unknown, or not determined yet
        boost::json::object params{&memory}; // as received; empty if they cannot be parsed
        bool knows_state = false;            // the answer may contain, or depend on, data of the store
        control::CountedCall counted{};      // `action` is set when the call is over

        api::CallFacts facts() const;
        ResponseForm response_form() const;
    };

    // A call that was answered inside the shared transaction, whose answer is held back.
    struct HeldCall {
        http::Reply reply;
        calls::CallRecord record;
        wire::ResponseFormat format;
        std::string rule;
        bool knows_state;
        control::CountedCall counted;
    };

    http::Reply answer(const http::Request& request, const http::Arrival& arrival, CallContext& call);
    http::Reply answer_api(const http::Request& request, bool encrypted, CallContext& call);
    http::Reply call(const http::Request& request);
    http::Reply answer_broken(CallContext& call, std::string_view what) noexcept;
    http::Reply api_reply(Result<api::Answer> outcome, CallContext& call) const;
    static std::string success_text(api::Answer answer, const CallContext& call);
    http::Reply finish(http::Reply reply, CallContext& call);
    void write_down(calls::CallRecord record, const control::CountedCall& counted) noexcept;
    void tell(calls::CallRecord& record, bool changed) noexcept;
    void log_call(const calls::CallRecord& record) noexcept;
    void log_request(const http::RequestHeader& header, const http::Response& response,
                     std::chrono::steady_clock::duration duration) noexcept;
    void log_refusal(http::Refusal reason, const http::RequestHeader& header, const http::Response& response,
                     std::string_view request_id) noexcept;
    static http::Response refuse_call(http::Refusal reason, const http::RequestHeader& header, std::uint64_t limit,
                                      std::string_view request_id);
    void commit(state::Transaction transaction);
    void make_room_to_hold();
    void commit_shared() noexcept;
    void release_held(const char* problem) noexcept;
    Result<api::Answer> run(const http::Request& request, const wire::Envelope& envelope, CallContext& call);
    Result<state::Credential> authenticate(const http::Request& request, const wire::Envelope& envelope,
                                           CallContext& call);
    void keep_refused(const http::Request& request, const wire::Envelope& envelope, const auth::Claim& claim,
                      const auth::Key* key, const auth::Trace& trace, CallContext& call);
    void run_into_fault(CallContext& call);
    std::function<bool(const state::Instance&)> hidden_from(const CallContext& call, state::Instant now);
    Result<api::Answer> run_action(const api::Action& action, const wire::Envelope& envelope,
                                   const state::Credential& credential, const std::string& region, CallContext& call);

    control::Services services_;
    const api::Catalog& catalog_; // the built-in catalogue
    RequestIds& ids_;
    Log& log_;
    std::chrono::seconds operation_time_;
    bool strict_network_;
    RateLimit rate_limit_;
    api::InstanceTexts instance_texts_;
    bool tls_required_;
    bool shared_commit_;
    std::chrono::milliseconds longest_shared_;
    std::optional<state::Transaction> shared_{}; // the transaction of the calls in held_
    std::chrono::steady_clock::time_point shared_since_{};
    std::vector<HeldCall> held_{};
    std::vector<http::Reply> released_{}; // answers no longer held back, until held_answers() returns them
    SpareAnswers spares_{};
};

} // namespace cvm
