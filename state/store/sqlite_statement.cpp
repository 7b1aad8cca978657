#include "state/store/sqlite_statement.hpp"

#include "state/store/sqlite_connection.hpp"
#include "state/store/store.hpp"

namespace cvm::state::rows {

namespace {

constexpr std::string_view special = "\n\t\\";

} // namespace

Statement::Statement(Connection& connection, sqlite3* db, const std::string& text) : connection_{&connection}
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(db, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    statement_.reset(statement);
    if (code != SQLITE_OK)
        connection.fail(code);
}

void BoundStatement::fail(int code) const { statement_.connection().fail(code); }

void BoundStatement::fail(const std::string& what) const
{
    throw BrokenStore{statement_.connection().path() + ": " + what};
}

void append_escaped(std::string& all, std::string_view text)
{
    for (auto at = text.find_first_of(special); at != std::string_view::npos; at = text.find_first_of(special)) {
        all.append(text.substr(0, at));
        all += '\\';
        all += text[at] == '\n' ? 'n' : text[at] == '\t' ? 't' : '\\';
        text.remove_prefix(at + 1);
    }
    all.append(text);
}

std::string unescaped(std::string_view text)
{
    std::string all;
    for (auto at = text.find('\\'); at != std::string_view::npos && at + 1 < text.size(); at = text.find('\\')) {
        all.append(text.substr(0, at));
        const char c = text[at + 1];
        all += c == 'n' ? '\n' : c == 't' ? '\t' : c;
        text.remove_prefix(at + 2);
    }
    return all.append(text);
}

std::vector<std::string> split(std::string_view text, char end)
{
    std::vector<std::string> found;
    for (auto at = text.find(end); at != std::string_view::npos; at = text.find(end)) {
        found.push_back(unescaped(text.substr(0, at)));
        text.remove_prefix(at + 1);
    }
    return found;
}

std::string join(const std::vector<std::string>& items, char end)
{
    std::string all;
    for (const std::string& item : items) {
        append_escaped(all, item);
        all += end;
    }
    return all;
}

std::optional<std::vector<KeyValue>> split_pairs(std::string_view text)
{
    std::vector<KeyValue> found;
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n')) {
        const std::string_view line = text.substr(0, at);
        const auto tab = line.find('\t');
        if (tab == std::string_view::npos)
            return std::nullopt;
        found.push_back({unescaped(line.substr(0, tab)), unescaped(line.substr(tab + 1))});
        text.remove_prefix(at + 1);
    }
    return found;
}

std::string join_pairs(const std::vector<KeyValue>& pairs)
{
    std::string all;
    for (const KeyValue& pair : pairs) {
        append_escaped(all, pair.key);
        all += '\t';
        append_escaped(all, pair.value);
        all += '\n';
    }
    return all;
}

} // namespace cvm::state::rows
