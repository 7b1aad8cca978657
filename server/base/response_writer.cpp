#include "server/base/response_writer.hpp"

namespace cvm {

ResponseWriter::ResponseWriter(const ResponseForm& form) : form_{form}, json_{form.text}
{
    json_.begin_object();
    if (form_.numeric) {
        json_.member("code", 0);
        json_.member("message", "");
        json_.member("codeDesc", "Success");
        request_id_written_ = true; // this form has none
    } else {
        json_.name("Response");
        json_.begin_object();
    }
}

void ResponseWriter::name(std::string_view name)
{
    if (request_id_is_next_)
        request_id();
    json_.any_name(name);
    request_id_is_next_ = !request_id_written_ && name == form_.text.request_id_after;
}

std::string ResponseWriter::take()
{
    if (!request_id_written_)
        request_id();
    json_.end_object();
    if (!form_.numeric)
        json_.end_object();
    return json_.take();
}

void ResponseWriter::request_id()
{
    json_.member("RequestId", form_.request_id);
    request_id_is_next_ = false;
    request_id_written_ = true;
}

} // namespace cvm
