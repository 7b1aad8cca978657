#include "server/base/log_line.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

using namespace cvm;
namespace json = boost::json;

namespace {

constexpr std::string_view request_id = "6ef60bec-0242-43af-bb20-270359fb54a7";

// Every byte that there is.
std::string all_bytes()
{
    std::string text;
    for (int byte = 0; byte < 256; ++byte)
        text += static_cast<char>(byte);
    return text;
}

json::object parsed(std::string_view message, LogFields fields)
{
    return json::parse("{" + json_members(message, fields) + "}").as_object();
}

} // namespace

TEST_CASE("a line of fields and a sentence, in both forms")
{
    const LogFields fields{{"request_id", request_id}, {"code", "OK"}, {"us", 27}};
    CHECK(text_line("all is well", fields) == "request_id=" + std::string{request_id} + " code=OK us=27 all is well");
    CHECK(json_members("all is well", fields) ==
          R"("request_id":")" + std::string{request_id} + R"(","code":"OK","us":27,"msg":"all is well")");
    CHECK(text_line("only this", {}) == "only this");
    CHECK(json_members("only this", {}) == R"("msg":"only this")");
    CHECK(text_line({}, {{"status", 200U}, {"us", -1}}) == "status=200 us=-1");
    CHECK(json_members({}, {{"status", 200U}, {"us", -1}}) == R"("status":200,"us":-1)");
}

TEST_CASE("a field without a text is left out")
{
    CHECK(text_line({}, {{"request_id", ""}, {"action", "RenewInstances"}, {"code", ""}}) == "action=RenewInstances");
    CHECK(json_members({}, {{"request_id", ""}, {"action", "RenewInstances"}, {"code", ""}}) ==
          R"("action":"RenewInstances")");
    CHECK(parsed({}, {{"code", ""}}) == json::object{{"msg", ""}});
}

TEST_CASE("a value of a text line cannot pass for another field")
{
    const std::pair<std::string, std::string> rows[] = {
        {"plain", "a=plain"},  {"x code=OK", R"(a="x code=OK")"}, {R"(")", R"(a="\"")"},   {R"(\)", R"(a="\\")"},
        {"a=b", R"(a="a=b")"}, {"one\ntwo", "a=one?two"},         {"\x1b[31m", "a=?[31m"}, {"续费", "a=续费"},
        {"\xff", "a=\uFFFD"},
    };
    for (const auto& [value, line] : rows) {
        CAPTURE(value);
        CHECK(text_line({}, {{"a", value}}) == line);
    }
}

TEST_CASE("further lines of a sentence are indented in a text line")
{
    CHECK(text_line("signed\nPOST\n2026-12-01T00:00:00Z error broke\x07", {{"us", 1}}) ==
          "us=1 signed\n    POST\n    2026-12-01T00:00:00Z error broke?");
}

TEST_CASE("a line with any content is one line of JSON that preserves it")
{
    const json::object line = parsed("one\ntwo \"three\"", {{"path", "/\"\\\r\n\t\x01"}, {"request_id", request_id}});
    CHECK(line.at("msg").as_string() == "one\ntwo \"three\"");
    CHECK(line.at("path").as_string() == "/\"\\\r\n\t\x01");
    CHECK(line.at("request_id").as_string() == request_id);

    const std::string text = json_members(all_bytes(), {{"path", all_bytes()}, {"request_id", request_id}});
    CHECK(text.find('\n') == std::string::npos);
    const json::object odd = json::parse("{" + text + "}").as_object();
    CHECK(std::string_view{odd.at("msg").as_string()}.substr(0, 128) == all_bytes().substr(0, 128));
    CHECK(std::string_view{odd.at("path").as_string()}.find("\uFFFD") == 128);
    CHECK(odd.at("request_id").as_string() == request_id);
}

TEST_CASE("the length of a line is limited, and a line that is cut is complete JSON")
{
    for (const std::string& text : {std::string(100'000, 'a'), std::string(100'000, '\n'), std::string(100'000, '\x01'),
                                    std::string(100'000, '"'), std::string(100'000, '\xff'), [] {
                                        std::string wide;
                                        for (int i = 0; i < 50'000; ++i)
                                            wide += "续";
                                        return wide;
                                    }()}) {
        CAPTURE(text.substr(0, 4));
        const LogFields fields{{"path", text}, {"action", text}, {"code", text}, {"request_id", request_id}, {"us", 1}};
        CHECK(text_line(text, fields).size() <= max_log_line);
        const std::string members = json_members(text, fields);
        CHECK(members.size() <= max_log_line);
        const json::object line = json::parse("{" + members + "}").as_object();
        CHECK(std::string_view{line.at("path").as_string()}.ends_with("..."));
        CHECK(line.at("us").as_int64() == 1);
    }
    const std::string fits(max_log_value, 'a');
    CHECK(parsed({}, {{"path", fits}}).at("path").as_string() == fits);
    CHECK(parsed({}, {{"path", fits + "b"}}).at("path").as_string() == fits.substr(3) + "...");
    CHECK(text_line({}, {{"path", fits}}) == "path=" + fits);
}
