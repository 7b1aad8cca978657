#pragma once

#include <span>
#include <string_view>

// What fixtures/catalog/ says about the successful answers of each action: how their JSON is formatted
// (answer_text.json, with the exceptions of actions/<Action>.json), and how the members are known.

namespace cvm {

// How the JSON of an answer is formatted.
struct AnswerText {
    bool white_space = false;               // a space after every colon and comma
    bool ascii = false;                     // write non-ASCII characters as \uXXXX
    bool escaped_slash = false;             // write "/" as "\/"
    std::string_view request_id_after = {}; // the member of Response that RequestId follows; empty: RequestId is last

    friend bool operator==(const AnswerText&, const AnswerText&) = default;
};

// A member that differs from the recordings, and why.
struct UnlikeRecording {
    std::string_view member; // "InstanceSet[].HostName"
    std::string_view why;
};

struct AnswerPage {
    std::string_view action;
    std::string_view version; // empty: the legacy API without one
    AnswerText text;
    std::string_view text_evidence; // "observed", "documented" or "assumed"; `evidence` likewise
    std::string_view evidence;      // of the members
    std::string_view recorded;      // the day of the newest recording, "2022-10-08"; empty: none
    std::span<const UnlikeRecording> unlike_recording;
    std::span<const std::string_view> assumptions;
    std::span<const std::string_view> without_effect; // paths of parameters that are accepted but ignored
    std::string_view rate_limit_evidence;
    std::string_view source; // the page of the action in the vendor's documentation
};

// nullptr for an unknown action.
const AnswerPage* answer_page(std::string_view action, std::string_view version) noexcept;

} // namespace cvm
