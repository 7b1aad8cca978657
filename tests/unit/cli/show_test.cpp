#include "server/cli/answer.hpp"
#include "server/cli/show.hpp"
#include "server/cli/table.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace cvm::cli;

namespace json = boost::json;

TEST_CASE("a table is as wide as its content and has no control characters")
{
    Table table{{"name"}, {"n", true}, {"note"}};
    table.add({"\xC3\xA9t\xC3\xA9", "1", ""});
    table.add({"longer\x1b[31m", "1000", "x"});
    CHECK(table.text() == "name            n  note\n"
                          "\xC3\xA9t\xC3\xA9             1\n"
                          "longer?[31m  1000  x\n");
}

TEST_CASE("cents are shown in yuan and microseconds in milliseconds")
{
    const std::pair<std::int64_t, std::string> cases[] = {
        {0, "0.00"},
        {5, "0.05"},
        {-5, "-0.05"},
        {100, "1.00"},
        {-12345, "-123.45"},
        {99873787, "998737.87"},
        {INT64_MIN, "-92233720368547758.08"},
    };
    for (const auto& [cents, yuan_text] : cases) {
        const json::value value = cents;
        CHECK(yuan(&value) == yuan_text);
    }
    CHECK(milliseconds_in(json::parse(R"({"d":1234})"), "d") == "1.23");
    CHECK(milliseconds_in(json::parse(R"({"d":"soon"})"), "d") == "soon");
    CHECK(yuan_in(json::parse(R"({"price":null})"), "price").empty());
}

TEST_CASE("a clock is shown with its next event")
{
    CHECK(show_clock({}, json::parse(R"({"account":"1","now":"2026-12-01T00:00:00Z","frozen":true,
        "next_event":{"time":"2026-12-02T00:00:00Z","event":"renewed","resource":"ins-1","why":"auto_renew"}})"))
              .text == "account     1\n"
                       "now         2026-12-01T00:00:00Z\n"
                       "frozen      yes\n"
                       "next event  2026-12-02T00:00:00Z renewed ins-1 auto_renew\n");
    CHECK(show_clock({}, json::parse(R"({"now":"x","next_event":null})")).text.find("none in sight") !=
          std::string::npos);
}

TEST_CASE("the events of a passage are a table")
{
    const json::value answer = json::parse(R"({"account":"1","now":"2027","frozen":false,"next_event":null,
        "events":[{"time":"t1","event":"renewed","resource":"ins-1","why":"auto_renew","price":13756,
                   "balance_before":100000,"balance_after":86244},
                  {"time":"t2","event":"arrears_began","why":"owes","balance_after":-5}],
        "hours":{"charged":744,"total":36933}})");
    const std::string events = "time  event          resource  why          price  balance after\n"
                               "t1    renewed        ins-1     auto_renew  137.56         862.44\n"
                               "t2    arrears_began            owes                        -0.05\n"
                               "\n"
                               "hours charged: 744, 369.33 yuan in all\n"
                               "\n";
    const std::string clock = "account     1\nnow         2027\nfrozen      no\nnext event  none in sight\n";
    CHECK(show_passage({}, answer).text == events + clock);
    CHECK(show_passage({{"--dry-run", {"true"}}}, answer).text ==
          events + "dry run: nothing was changed; this is how the account would be\n" + clock);
    CHECK(show_passage({}, json::parse(R"({"now":"n","events":[],"hours":{"charged":0,"total":0}})"))
              .text.starts_with("no events\n\naccount"));
}

TEST_CASE("accounts are a table")
{
    CHECK(show_accounts({}, json::parse(R"({"accounts":[
        {"Uin":"1","default":true,"from":"fixtures","SecretIds":["a","b"],"instances":42,"balance":100000000},
        {"Uin":"22","default":false,"from":"empty","SecretIds":[],"instances":0,"balance":0}]})"))
              .text == "Uin  default  from      instances     balance  SecretIds\n"
                       "1    yes      fixtures         42  1000000.00  a, b\n"
                       "22   no       empty             0        0.00\n");
    CHECK(show_accounts({}, json::parse(R"({"accounts":[]})")).text == "no accounts\n");
}

TEST_CASE("a new key pair is shown with lines for the shell, quoted")
{
    const json::value answer =
        json::parse(R"({"Uin":"7","SecretId":"AKID1","SecretKey":"it's $key","Token":"t","ExpiredTime":"2026"})");
    const std::string lines = "export TENCENTCLOUD_SECRET_ID=AKID1\n"
                              "export TENCENTCLOUD_SECRET_KEY='it'\\''s $key'\n"
                              "export TENCENTCLOUD_TOKEN=t\n"
                              "export TENCENTCLOUD_SECURITY_TOKEN=t\n"
                              "export CVM_EMULATOR_ACCOUNT=AKID1\n";
    CHECK(show_credentials({{"--env", {"true"}}}, answer).text == lines);
    CHECK(show_credentials({}, answer).text == "Uin          7\n"
                                               "SecretId     AKID1\n"
                                               "SecretKey    it's $key\n"
                                               "Token        t\n"
                                               "ExpiredTime  2026\n"
                                               "\n" +
                                                   lines);
    const std::string more = show_credentials({{"--env", {"true"}}, {"--account", {"AKIDfirst"}}}, answer).text;
    CHECK(more.ends_with("export CVM_EMULATOR_ACCOUNT=AKIDfirst\n"));
    CHECK_THROWS_AS(show_credentials({}, json::parse(R"({"Uin":"7","SecretId":"x"})")), BadAnswer);
}

TEST_CASE("a key pair without a token unsets the token of an earlier pair")
{
    const Shown shown =
        show_credentials({{"--env", {"true"}}}, json::parse(R"({"Uin":"7","SecretId":"AKID1","SecretKey":"k"})"));
    CHECK(shown.text.find("unset TENCENTCLOUD_TOKEN\nunset TENCENTCLOUD_SECURITY_TOKEN\n") != std::string::npos);
}

TEST_CASE("money is shown as its movements and the balance")
{
    CHECK(show_ledger({}, json::parse(R"({"account":"1","balance":{"real":150,"owed":0},"arrears":"NONE","lines":[
        {"Time":"t","Cause":"renewal","OrderId":"o","ResourceId":"ins-1","From":"cash","To":"vendor","Amount":50}]})"))
              .text == "time  cause    resource  order  from  to      amount\n"
                       "t     renewal  ins-1     o      cash  vendor    0.50\n"
                       "\n"
                       "account     1\n"
                       "real     1.50\n"
                       "owed     0.00\n"
                       "arrears  NONE\n");
    CHECK(show_ledger({}, json::parse(R"({"account":"1","balance":{"real":1},"arrears":"NONE","events":[]})"))
              .text.starts_with("account"));
}

TEST_CASE("violated invariants end with 1 and every problem")
{
    const Shown shown = show_invariants({}, json::parse(R"({"ok":false,"checks":[
        {"name":"a","ok":true,"problems":[]},{"name":"b","ok":false,"problems":["x is not y","z"]}]})"));
    CHECK(shown.code == 1);
    CHECK(shown.text == "check  ok   problem\na      yes\nb      no   x is not y\n            z\n");
    CHECK(show_invariants({}, json::parse(R"({"ok":true,"checks":[]})")).code == 0);
}

TEST_CASE("faults are a table of words")
{
    const std::string rule = R"({"id":"f1","match":{"action":"A","params":{"/p":"v","/q":[1]}},"when":{"nth":2},
        "then":{"error":"E","drop":true},"matched":3,"applied":1,"spent":true,"ends_at":"e"})";
    const std::string table =
        "id  match                             when   then          matched  applied  spent  ends\n"
        "f1  action=A params/p=v params/q=[1]  nth=2  error=E drop        3        1  yes    e\n";
    CHECK(show_faults({}, json::parse(R"({"faults":[)" + rule + "]}")).text == table);
    CHECK(show_fault({}, json::parse(rule)).text.starts_with(table));
    CHECK(show_faults({}, json::parse(R"({"faults":[]})")).text == "no faults\n");
}

TEST_CASE("a new fault rule for an action that is not served has a note")
{
    const auto note = [](const std::string& action) {
        const std::string text = show_fault({}, json::parse(R"({"id":"f1","match":{"action":")" + action +
                                                            R"("},"when":{},"then":{},"matched":0,"applied":0,)"
                                                            R"("spent":false,"ends_at":null})"))
                                     .text;
        const auto at = text.find("note: ");
        return at == std::string::npos ? "" : text.substr(at);
    };
    CHECK(note("RenewInstancs").starts_with("note: there is no action RenewInstancs; did you mean "));
    CHECK(note("RenewInstancs").find("RenewInstances") != std::string::npos);
    CHECK(note("Foo") == "note: there is no action Foo\n");
    CHECK(note("RenewInstances") == "");
    CHECK(note("*Instances") == "");
    CHECK(note("") == "");
}

TEST_CASE("calls are a table with their faults")
{
    CHECK(show_requests({}, json::parse(R"({"calls":[{"RequestId":"r","time":"t","clock":"c","dialect":"tc3",
        "action":"A","region":"g","code":null,"status":502,"done":true,"duration_us":1500,"fault":null,"params":{}},
        {"RequestId":"q","time":"t","clock":"c","action":"A","region":"g","code":null,"status":null,"done":false,
         "duration_us":0,"fault":"f","params":{}},
        {"RequestId":"s","time":"t","clock":"c","action":"B","region":"g","code":"E.F","duration_us":20,
         "fault":{"id":"f1","error":"E.F"},"params":{}}],"dropped":4,"left_out":2})"))
              .text == "time  clock  action  region  code        done    ms  fault            RequestId\n"
                       "t     c      A       g       status 502  yes   1.50                   r\n"
                       "t     c      A       g       no answer   no    0.00  f                q\n"
                       "t     c      B       g       E.F               0.02  id=f1 error=E.F  s\n"
                       "older calls that are not shown: 2\n"
                       "older calls that are no longer kept: 4\n");
    CHECK(show_requests({}, json::parse(R"({"calls":[],"dropped":0})")).text == "no calls\n");
}

TEST_CASE("a verdict ends with its code and, if it is negative, with the nearest calls")
{
    const Shown good = show_verdict({}, json::parse(R"({"ok":true,"matched":2,"nearest":[]})"));
    CHECK(good.code == 0);
    CHECK(good.text == "ok, calls that match: 2\n");
    const Shown bad = show_verdict({}, json::parse(R"({"ok":false,"matched":0,"why":"wanted exactly 1, found 0",
        "nearest":[{"RequestId":"r","action":"A","code":"E","differs":[{"what":"region","wanted":"g","was":"h"},
        {"what":"/p","wanted":1,"was":null}]},{"RequestId":"s","action":"B","differs":[]}],"dropped":0})"));
    CHECK(bad.code == 1);
    CHECK(bad.text == "no, calls that match: 0\n"
                      "wanted exactly 1, found 0\n"
                      "\n"
                      "the nearest calls\n"
                      "RequestId  action  code  differs in  wanted  was\n"
                      "r          A       E     region      g       h\n"
                      "                         /p          1\n"
                      "s          B\n");
}

TEST_CASE("a signature is explained with advice and what was signed")
{
    const Shown shown = show_signature({}, json::parse(R"({"finding":"mismatch","summary":"The key is another.",
        "mistakes":[{"name":"secret_key","what":"it has a blank","advice":"cut it off"}],"notes":[{"name":"n","what":"w","advice":"a"}],
        "signed":{"canonical_request":"POST\n/\n","string_to_sign":"x"},"given":{"signature":"ab"}})"));
    CHECK(shown.code == 0);
    CHECK(shown.text == "mismatch\n"
                        "The key is another.\n"
                        "\n"
                        "secret_key: it has a blank\n"
                        "  cut it off\n"
                        "\n"
                        "note: n: w\n"
                        "  a\n"
                        "\n"
                        "what the server signed\n"
                        "  canonical request:\n"
                        "    POST\n"
                        "    /\n"
                        "    \n"
                        "  string to sign: x\n"
                        "\n"
                        "what the client gave\n"
                        "  signature: ab\n");
    CHECK(show_signature({}, json::parse(R"({"finding":"good"})")).text == "good\n\n");
}

TEST_CASE("coverage is a line for each action or all of one")
{
    const json::value answer = json::parse(R"({"actions":[{"action":"A","product":"cvm","version":"2017-03-12",
        "parameters":[{"name":"P","type":"object","required":true,"members":[
            {"name":"Q","type":"integer","required":false,"min":1,"max":36}]}],
        "codes":[{"code":"E","reached":"natural","text":"observed","text_zh":"assumed"},
            {"code":"F","reached":"header","text":"assumed","text_zh":"observed"}],
        "answer":{"members":"observed","recorded":"2022-10-08","text":"assumed",
                  "unlike_recording":[{"member":"A.B","why":"newer"}]},"assumptions":["C"]},
        {"action":"Old","product":"cvm","version":"","parameters":[],"codes":[],"assumptions":[]}]})");
    CHECK(show_coverage({}, answer).text == "product  version     action  natural  rule  header\n"
                                            "cvm      2017-03-12  A             1     0       1\n"
                                            "cvm      legacy      Old           0     0       0\n");
    CHECK(show_coverage({{"ACTION", {"A"}}}, answer).text == "cvm 2017-03-12 A\n"
                                                             "\n"
                                                             "parameter  type     required  limits\n"
                                                             "P          object   yes\n"
                                                             "P.Q        integer  no        min 1, max 36\n"
                                                             "\n"
                                                             "code  reached  text      text in Chinese\n"
                                                             "E     natural  observed  assumed\n"
                                                             "F     header   assumed   observed\n"
                                                             "\n"
                                                             "answer: members observed (2022-10-08), text assumed\n"
                                                             "  A.B: newer\n"
                                                             "\n"
                                                             "assumed:\n"
                                                             "  C\n");
    CHECK(show_coverage({{"ACTION", {"Old"}}}, answer).text == "cvm legacy Old\n\nno parameters\n\nno codes\n");
    CHECK_THROWS_AS(show_coverage({{"ACTION", {"B"}}}, answer), UsageError);
}

TEST_CASE("the exit code of health is 1 unless it is good")
{
    CHECK(show_health({}, json::parse(R"({"status":"ok","version":"0.1.0"})")).text == "ok 0.1.0\n");
    CHECK(show_health({}, json::parse(R"({"status":"ok"})")).code == 0);
    CHECK(show_health({}, json::parse(R"({"status":"tired"})")).code == 1);
}

TEST_CASE("a success is reported only if the answer says so")
{
    const json::value nothing = json::object{};
    CHECK_THROWS_AS(show_reset({}, nothing), BadAnswer);
    CHECK_THROWS_AS(show_import({}, nothing), BadAnswer);
    CHECK_THROWS_AS(show_drop({}, nothing), BadAnswer);
    CHECK_THROWS_AS(show_faults_cleared({}, nothing), BadAnswer);
    CHECK_THROWS_AS(show_requests_cleared({}, nothing), BadAnswer);
    CHECK_THROWS_AS(show_health({}, nothing), BadAnswer);
}

TEST_CASE("every answer of a server is shown or refused as a bad answer")
{
    const std::pair<const char*, Show> all[] = {
        {"clock", show_clock},
        {"passage", show_passage},
        {"reset", show_reset},
        {"import", show_import},
        {"accounts", show_accounts},
        {"credentials", show_credentials},
        {"drop", show_drop},
        {"ledger", show_ledger},
        {"invariants", show_invariants},
        {"faults", show_faults},
        {"fault", show_fault},
        {"cleared", show_faults_cleared},
        {"requests", show_requests},
        {"forgotten", show_requests_cleared},
        {"verdict", show_verdict},
        {"signature", show_signature},
        {"coverage", show_coverage},
        {"health", show_health},
    };
    const char* const names[] = {"now",     "events",     "hours",    "next_event", "accounts", "lines",     "balance",
                                 "ok",      "checks",     "problems", "faults",     "id",       "calls",     "fault",
                                 "nearest", "differs",    "finding",  "mistakes",   "notes",    "signed",    "actions",
                                 "codes",   "parameters", "status",   "members",    "Uin",      "SecretIds", "matched",
                                 "dropped", "charged",    "why",      "summary",    "version"};
    std::vector<json::value> hostile;
    for (const char* const text :
         {"null", "true", "7", "\"x\"", "[]", "[null]", "[[1]]", "{}", "{\"a\":{\"b\":[1]}}", "[{\"differs\":7}]",
          "[{\"codes\":7,\"problems\":{}}]", "1e300", "18446744073709551615", "\"\\u001b[2J\\n\""})
        hostile.push_back(json::parse(text));
    std::vector<json::value> answers = hostile;
    for (const json::value& value : hostile) {
        json::object all_of_them;
        for (const char* const name : names) {
            answers.push_back(json::object{{name, value}});
            all_of_them[name] = value;
        }
        answers.push_back(all_of_them);
        // Good at the top level, but bad inside.
        answers.push_back(json::object{{"ok", false},
                                       {"checks", json::array{all_of_them}},
                                       {"nearest", json::array{all_of_them}},
                                       {"actions", json::array{all_of_them}},
                                       {"events", json::array{value}},
                                       {"now", value},
                                       {"finding", "x"},
                                       {"signed", all_of_them},
                                       {"balance", all_of_them},
                                       {"lines", json::array{value}},
                                       {"calls", json::array{value}},
                                       {"faults", json::array{value}}});
    }
    for (const auto& [what, show] : all) {
        const char* const shown_what = what;
        CAPTURE(shown_what);
        for (const json::value& answer : answers) {
            CAPTURE(json::serialize(answer));
            try {
                const Shown shown = show({}, answer);
                CHECK((shown.code == 0 || shown.code == 1));
                CHECK(shown.text.find('\x1b') == std::string::npos);
            } catch (const BadAnswer& e) {
                CHECK(std::string_view{e.what()}.starts_with("has no "));
            }
        }
    }
}
