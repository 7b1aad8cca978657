#include "server/cli/answer.hpp"
#include "server/cli/events.hpp"
#include "server/cli/shell.hpp"
#include "server/cli/show.hpp"
#include "server/cli/table.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::cli {

namespace json = boost::json;

namespace {

std::string counted(const json::value& answer, std::string_view name, const std::string& what)
{
    const std::string number = required_in(answer, name);
    return number + " " + what + (number == "1" ? "" : "s");
}

// "a, b, c" for a list of texts.
std::string joined(const json::value* list)
{
    const auto* array = list != nullptr ? list->if_array() : nullptr;
    if (array == nullptr)
        return shown(list);
    std::string text;
    for (const json::value& item : *array)
        text += (text.empty() ? "" : ", ") + shown(&item);
    return text;
}

// Members of a new key pair and the environment variables from which tools read them: those of the SDKs and tccli, and
// Terraform's for the token.
struct Exported {
    std::string_view member;
    std::string_view variable;
};

constexpr std::array exported{
    Exported{"SecretId", "TENCENTCLOUD_SECRET_ID"},
    Exported{"SecretKey", "TENCENTCLOUD_SECRET_KEY"},
    Exported{"Token", "TENCENTCLOUD_TOKEN"},
    Exported{"Token", "TENCENTCLOUD_SECURITY_TOKEN"},
};

std::string export_line(std::string_view variable, const std::string& value)
{
    return "export " + std::string{variable} + "=" + shell_quoted(value) + "\n";
}

// Names the account as the command did, or by the new SecretId: a proxy in front of several emulators finds an account
// by the SecretId with which it was created, but not by its Uin.
std::string export_lines(const Given& given, const json::value& answer)
{
    std::string lines;
    for (const auto& [name, variable] : exported)
        if (const std::string value = shown_in(answer, name); !value.empty())
            lines += export_line(variable, value);
    const std::string account = given.has("--account") ? given.text("--account") : shown_in(answer, "SecretId");
    return lines + export_line("CVM_EMULATOR_ACCOUNT", account);
}

// Otherwise the token of an earlier key pair would still be used with this one.
std::string unset_lines(const json::value& answer)
{
    std::string lines;
    for (const auto& [name, variable] : exported)
        if (shown_in(answer, name).empty())
            lines += "unset " + std::string{variable} + "\n";
    return lines;
}

std::string balance_table(const json::value& answer)
{
    const json::value* balance = member(answer, "balance");
    if (balance == nullptr || !balance->is_object())
        throw BadAnswer{"has no object `balance`"};
    Table table{{}, {"", true}};
    table.add({"account", shown_in(answer, "account")});
    for (const auto& [name, cents] : balance->get_object())
        table.add({std::string{name}, yuan(&cents)});
    table.add({"arrears", shown_in(answer, "arrears")});
    return table.text();
}

} // namespace

Shown show_reset(const Given& given, const json::value& answer)
{
    const std::string account = given.text("--account");
    const std::string what = account.empty() ? counted(answer, "accounts", "account") : "account " + account;
    return {what + " reset to the fixtures\n"};
}

Shown show_import(const Given&, const json::value& answer)
{
    return {counted(answer, "accounts", "account") + " imported\n"};
}

Shown show_accounts(const Given&, const json::value& answer)
{
    Table table{{"Uin"}, {"default"}, {"from"}, {"instances", true}, {"balance", true}, {"SecretIds"}};
    for (const json::value& account : list_in(answer, "accounts"))
        table.add({shown_in(account, "Uin"), shown_in(account, "default"), shown_in(account, "from"),
                   shown_in(account, "instances"), yuan_in(account, "balance"), joined(member(account, "SecretIds"))});
    return {table.empty() ? "no accounts\n" : table.text()};
}

Shown show_credentials(const Given& given, const json::value& answer)
{
    for (const std::string_view name : {"Uin", "SecretId", "SecretKey"})
        if (shown_in(answer, name).empty())
            throw BadAnswer{"has no `" + std::string{name} + "`"};
    if (given.has("--env"))
        return {unset_lines(answer) + export_lines(given, answer)};
    Table table{{}, {}};
    for (const std::string_view name : {"Uin", "SecretId", "SecretKey", "Token", "ExpiredTime"})
        if (const std::string value = shown_in(answer, name); !value.empty())
            table.add({std::string{name}, value});
    return {table.text() + "\n" + export_lines(given, answer)};
}

Shown show_drop(const Given&, const json::value& answer)
{
    return {"account " + required_in(answer, "deleted") + " dropped\n"};
}

Shown show_ledger(const Given&, const json::value& answer)
{
    Table table{{"time"}, {"cause"}, {"resource"}, {"order"}, {"from"}, {"to"}, {"amount", true}};
    // The answer to a deposit has events instead of lines.
    if (member(answer, "lines") == nullptr)
        return {event_table(answer) + balance_table(answer)};
    for (const json::value& line : list_in(answer, "lines"))
        table.add({shown_in(line, "Time"), shown_in(line, "Cause"), shown_in(line, "ResourceId"),
                   shown_in(line, "OrderId"), shown_in(line, "From"), shown_in(line, "To"), yuan_in(line, "Amount")});
    const std::string left_out = shown_in(answer, "left_out");
    return {(table.empty() ? "no money has moved\n" : table.text()) +
            (left_out.empty() || left_out == "0" ? "" : "older lines that are not shown: " + left_out + "\n") + "\n" +
            balance_table(answer)};
}

Shown show_invariants(const Given&, const json::value& answer)
{
    const bool ok = flag_in(answer, "ok");
    Table table{{"check"}, {"ok"}, {"problem"}};
    for (const json::value& check : list_in(answer, "checks")) {
        const json::array& problems = list_in(check, "problems");
        if (problems.empty())
            table.add({shown_in(check, "name"), shown_in(check, "ok"), ""});
        for (std::size_t i = 0; i < problems.size(); ++i)
            table.add(
                {i == 0 ? shown_in(check, "name") : "", i == 0 ? shown_in(check, "ok") : "", shown(&problems[i])});
    }
    return {table.text(), ok ? 0 : 1};
}

} // namespace cvm::cli
