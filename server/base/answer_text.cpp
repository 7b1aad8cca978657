#include "server/base/answer_text.hpp"

#include "answers.gen.hpp"

#include <algorithm>

namespace cvm {

static_assert(std::ranges::is_sorted(generated::answers, {}, &AnswerPage::action), "answer_page searches by halves");

const AnswerPage* answer_page(std::string_view action, std::string_view version) noexcept
{
    for (auto at = std::ranges::lower_bound(generated::answers, action, {}, &AnswerPage::action);
         at != generated::answers.end() && at->action == action; ++at)
        if (at->version == version)
            return &*at;
    return nullptr;
}

} // namespace cvm
