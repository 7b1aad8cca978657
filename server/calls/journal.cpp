#include "server/calls/journal.hpp"

#include "server/auth/explain/explain.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace cvm::calls {

namespace {

std::size_t size_of(const auth::Explanation& explanation)
{
    const auth::Signed& own = explanation.signed_by_server;
    const auth::Given& given = explanation.given;
    std::size_t bytes = sizeof explanation;
    for (const std::string* text :
         {&explanation.summary, &own.canonical_request, &own.string_to_sign, &own.scope, &own.payload_hash,
          &own.canonical_request_hash, &own.host, &own.signature, &given.signature, &given.secret_id, &given.date,
          &given.service, &given.signed_headers})
        bytes += text->size();
    for (const auto* list : {&explanation.mistakes, &explanation.notes})
        for (const auth::Diagnosis& diagnosis : *list)
            bytes += sizeof diagnosis + diagnosis.name.size() + diagnosis.what.size() + diagnosis.advice.size();
    return bytes;
}

// The memory of a header field besides its text.
constexpr std::size_t field_bytes = 100;

std::size_t size_of(const http::Request& request)
{
    std::size_t bytes = sizeof request + request.target().size() + request.body().size();
    for (const auto& field : request)
        bytes += field_bytes + field.name_string().size() + field.value().size();
    return bytes;
}

std::size_t size_of(const CallRecord& call)
{
    std::size_t bytes = sizeof(CallRecord);
    for (const std::string* text : {&call.request_id, &call.uin, &call.secret_id, &call.dialect, &call.method,
                                    &call.action, &call.version, &call.region, &call.params, &call.code, &call.fault})
        bytes += text->size();
    if (call.refused)
        bytes += size_of(*call.refused);
    if (call.explained)
        bytes += size_of(*call.explained);
    return bytes;
}

} // namespace

void Journal::add(CallRecord call) noexcept
try {
    Part& part = parts_[call.uin];
    Part& nobody = parts_[""];
    call.number = part.last + 1;
    const std::size_t bytes = size_of(call);
    part.calls.push_back(std::move(call)); // nothing can fail from here on
    ++part.last;
    part.bytes += bytes;
    bytes_ += bytes;
    if (part.calls.size() > limits_.calls)
        drop_oldest(part);
    // Calls without an account need no key, so they must not displace the calls of an account.
    while (nobody.bytes > limits_.bytes / 8)
        drop_oldest(nobody);
    while (bytes_ > limits_.bytes)
        drop_oldest(std::ranges::max_element(parts_, {}, [](const auto& entry) { return entry.second.bytes; })->second);
} catch (const std::bad_alloc&) {
    lose(call.uin);
}

void Journal::lose(std::string_view uin) noexcept
{
    if (const auto at = parts_.find(uin); at != parts_.end()) {
        ++at->second.last;
        ++at->second.dropped;
    }
}

const Journal::Part& Journal::of(std::string_view uin) const
{
    static const Part none;
    const auto at = parts_.find(uin);
    return at == parts_.end() ? none : at->second;
}

const CallRecord* Journal::find(std::string_view request_id) const
{
    for (const auto& [uin, part] : parts_)
        for (const CallRecord& call : part.calls)
            if (call.request_id == request_id)
                return &call;
    return nullptr;
}

std::size_t Journal::size() const
{
    std::size_t calls = 0;
    for (const auto& [uin, part] : parts_)
        calls += part.calls.size();
    return calls;
}

std::size_t Journal::clear(std::string_view uin)
{
    ++erasures_;
    const auto at = parts_.find(uin);
    if (at == parts_.end())
        return 0;
    Part& part = at->second;
    // Not by assigning an empty Part, since creating one needs memory.
    const std::size_t cleared = part.calls.size();
    bytes_ -= std::exchange(part.bytes, 0);
    part.calls.clear();
    part.dropped = 0;
    return cleared;
}

void Journal::forget(std::string_view uin)
{
    clear(uin);
    if (const auto at = parts_.find(uin); at != parts_.end())
        parts_.erase(at);
}

void Journal::clear_all()
{
    ++erasures_;
    parts_.clear();
    bytes_ = 0;
}

void Journal::drop_oldest(Part& part)
{
    const std::size_t bytes = size_of(part.calls.front());
    part.bytes -= bytes;
    bytes_ -= bytes;
    part.calls.pop_front();
    ++part.dropped;
    ++dropped_;
}

} // namespace cvm::calls
