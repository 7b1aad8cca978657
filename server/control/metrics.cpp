#include "server/control/metrics.hpp"

#include "server/calls/journal.hpp"
#include "server/control/control.hpp"
#include "server/control/exposition.hpp"

namespace cvm::control {

namespace {

using Kind = Exposition::Kind;

constexpr std::string_view no_such_action = "unknown";
constexpr std::string_view without_version = "none"; // for the legacy API
constexpr std::string_view no_code = "none";

// `action`: as in RequestCounts.
Exposition::Labels labels_of(std::size_t action)
{
    const auto all = api::all_actions();
    if (action == all.size())
        return {{"product", no_such_action}, {"version", no_such_action}, {"action", no_such_action}};
    const api::Action& known = *all[action];
    return {{"product", known.product},
            {"version", known.version.empty() ? without_version : known.version},
            {"action", known.name}};
}

// Writes a sample for each action and code with a count.
void write_codes(Exposition& out, const RequestCounts& requests, std::size_t action)
{
    const auto write = [&](std::string_view code, std::uint64_t count) {
        if (count == 0)
            return;
        Exposition::Labels labels = labels_of(action);
        labels.emplace_back("code", code);
        out.sample(labels, count);
    };
    write("OK", requests.ok(action));
    write(no_code, requests.silent(action));
    // Variants of a code, which differ only in their text, are adjacent.
    const auto errors = all_errors();
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < errors.size(); ++i) {
        count += requests.refused(action, errors[i].errc);
        if (i + 1 < errors.size() && errors[i + 1].code == errors[i].code)
            continue;
        write(errors[i].code, count);
        count = 0;
    }
}

void write_requests(Exposition& out, const RequestCounts& requests)
{
    const std::size_t unknown = api::all_actions().size();
    out.metric("cvm_emulator_requests_total", Kind::counter,
               "API calls by action and by the API 3.0 code of the answer: OK, an error, or none.");
    for (std::size_t action = 0; action <= unknown; ++action)
        write_codes(out, requests, action);
    out.metric("cvm_emulator_request_duration_seconds", Kind::histogram,
               "Time to process API calls, without the delays of fault rules and the wait for a shared commit.");
    for (std::size_t action = 0; action <= unknown; ++action)
        if (const Histogram& durations = requests.durations(action); durations.buckets != Histogram{}.buckets)
            out.sample(labels_of(action), durations);
    out.metric("cvm_emulator_other_requests_total", Kind::counter,
               "Requests that are not API calls, such as those to the control API, by HTTP status.");
    for (unsigned status = 0; status < RequestCounts::statuses; ++status)
        if (const std::uint64_t count = requests.others(status); count > 0)
            out.sample({{"status", std::to_string(status)}}, count);
    out.metric("cvm_emulator_refusals_total", Kind::counter,
               "Requests that were refused before they were read completely.");
    for (std::size_t i = 0; i < http::refusal_names.size(); ++i)
        out.sample({{"reason", http::refusal_names[i]}}, requests.refusals(static_cast<http::Refusal>(i)));
}

template <class Number>
void write(Exposition& out, std::string_view name, Kind kind, std::string_view help, Number value)
{
    out.metric(name, kind, help);
    out.sample({}, value);
}

void write_connections(Exposition& out, const http::Connections& connections)
{
    write(out, "cvm_emulator_connections_open", Kind::gauge, "Connections that are open.",
          std::uint64_t{connections.open});
    write(out, "cvm_emulator_connections_accepted_total", Kind::counter, "Connections that were accepted.",
          connections.accepted);
    write(out, "cvm_emulator_connections_refused_total", Kind::counter,
          "Accepted connections that were closed at once, because there were too many.", connections.refused);
    write(out, "cvm_emulator_connections_evicted_total", Kind::counter,
          "Idle connections that were closed to make room for others.", connections.evicted);
}

void write_sizes(Exposition& out, const JournalSizes& journal, const state::StoreSizes& store)
{
    write(out, "cvm_emulator_journal_calls", Kind::gauge, "Calls in the request log.", std::uint64_t{journal.calls});
    write(out, "cvm_emulator_journal_bytes", Kind::gauge, "Memory used by the calls in the request log.",
          std::uint64_t{journal.bytes});
    write(out, "cvm_emulator_journal_dropped_total", Kind::counter,
          "Calls that the request log dropped because of its limits.", journal.dropped);
    write(out, "cvm_emulator_accounts", Kind::gauge, "Accounts.", static_cast<std::uint64_t>(store.accounts));
    write(out, "cvm_emulator_instances", Kind::gauge, "Instances of all accounts.",
          static_cast<std::uint64_t>(store.instances));
    write(out, "cvm_emulator_database_bytes", Kind::gauge,
          "Size of the database, in memory or in its file, without the write-ahead log.",
          static_cast<std::uint64_t>(store.bytes));
}

// The names are those used by Prometheus's own client libraries.
void write_process(Exposition& out, const Process& process, state::Instant started)
{
    if (process.cpu_seconds)
        write(out, "process_cpu_seconds_total", Kind::counter, "CPU time used, in seconds.", *process.cpu_seconds);
    if (process.resident_bytes)
        write(out, "process_resident_memory_bytes", Kind::gauge, "Resident memory.", *process.resident_bytes);
    if (process.open_descriptors)
        write(out, "process_open_fds", Kind::gauge, "Open file descriptors.", *process.open_descriptors);
    if (process.max_descriptors)
        write(out, "process_max_fds", Kind::gauge, "Maximum number of open file descriptors.",
              *process.max_descriptors);
    write(out, "process_start_time_seconds", Kind::gauge, "When the server started, in seconds since 1970.",
          static_cast<std::uint64_t>(started.time_since_epoch().count()));
}

} // namespace

std::string metrics_text(const Figures& figures, const JournalSizes& journal, const state::StoreSizes& store,
                         const Process& process)
{
    Exposition out;
    out.metric("cvm_emulator_build_info", Kind::gauge, "1, with the version of the emulator.");
    out.sample({{"version", CVM_VERSION}}, std::uint64_t{1});
    write_requests(out, figures.requests);
    write_connections(out, figures.connections);
    write_sizes(out, journal, store);
    write_process(out, process, figures.started);
    return out.take();
}

Answer get_metrics(const Figures& figures, const calls::Journal& journal, state::Store& store)
{
    const JournalSizes kept{.calls = journal.size(), .bytes = journal.bytes(), .dropped = journal.dropped()};
    return {.body = {},
            .wait = {},
            .text = metrics_text(figures, kept, store.sizes(), look_at_process()),
            .type = Exposition::content_type};
}

} // namespace cvm::control
