#include "server/base/response_writer.hpp"

#include <doctest/doctest.h>

using namespace cvm;

namespace {

constexpr std::string_view id = "6ef60bec-0242-43af-bb20-270359fb54a7";

std::string written(const ResponseForm& form)
{
    ResponseWriter answer{form};
    answer.member("TotalCount", 1);
    answer.name("InstanceSet");
    answer.json().begin_array();
    answer.json().begin_object();
    answer.json().member("Zone", "a");
    answer.json().end_object();
    answer.json().value(nullptr);
    answer.json().end_array();
    return answer.take();
}

} // namespace

TEST_CASE("the members of an answer stand in its envelope in the order in which they are written")
{
    CHECK(written({.request_id = id}) == R"({"Response":{"TotalCount":1,"InstanceSet":[{"Zone":"a"},null],)"
                                         R"("RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})");
    CHECK(written({.numeric = true}) ==
          R"({"code":0,"message":"","codeDesc":"Success","TotalCount":1,"InstanceSet":[{"Zone":"a"},null]})");
}

TEST_CASE("RequestId stands where the product writes it")
{
    CHECK(written({.text = {.white_space = true, .request_id_after = "TotalCount"}, .request_id = id}) ==
          R"({"Response": {"TotalCount": 1, "RequestId": "6ef60bec-0242-43af-bb20-270359fb54a7", )"
          R"("InstanceSet": [{"Zone": "a"}, null]}})");
    CHECK(written({.text = {.request_id_after = "InstanceSet"}, .request_id = id}) ==
          R"({"Response":{"TotalCount":1,"InstanceSet":[{"Zone":"a"},null],)"
          R"("RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})");
}
