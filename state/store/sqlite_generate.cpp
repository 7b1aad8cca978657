// Build-time tool: gen_database OUT_FILE
//
// Creates an empty database with the schema of the store and writes its bytes as a table, for sqlite_creation.cpp.

#include "state/store/schema.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

// Runs of this many zeros are left out.
constexpr std::string_view gap{"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16};

// A C++ string literal of any bytes.
std::string literal(std::string_view bytes)
{
    std::string text{'"'};
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= ' ' && byte < 0x7F && c != '"' && c != '\\' && c != '?') {
            text += c;
            continue;
        }
        text += '\\';
        for (const unsigned shift : {6U, 3U, 0U})
            text += static_cast<char>('0' + (byte >> shift & 7U));
    }
    return text + '"';
}

std::string empty_database()
{
    SQLite::Database db{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    db.exec(cvm::state::schema_sql());
    db.exec(cvm::state::schema_marks_sql());
    sqlite3_int64 size = 0;
    const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> bytes{
        sqlite3_serialize(db.getHandle(), "main", &size, 0), sqlite3_free};
    if (!bytes)
        throw std::bad_alloc{};
    return {reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)};
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 2) {
        std::cerr << "usage: gen_database OUT_FILE\n";
        return EXIT_FAILURE;
    }
    const std::string all = empty_database();
    std::ofstream out{argv[1]};
    out << "// Generated from state/store/schema.cpp when the project is built. Do not edit.\n"
           "#pragma once\n\n#include <cstddef>\n#include <string_view>\n\nnamespace cvm::state::rows {\n\n"
           "// The bytes of an empty database that are not zero.\n"
           "struct DatabasePiece {\n    std::size_t offset;\n    std::string_view bytes;\n};\n"
           "inline constexpr std::size_t empty_database_size = "
        << all.size() << ";\ninline constexpr DatabasePiece empty_database[] = {\n";
    for (std::size_t begin = all.find_first_not_of('\0'); begin != std::string::npos;) {
        const std::size_t end = std::min(all.find(gap, begin), all.size());
        out << "    {" << begin << ", {" << literal(std::string_view{all}.substr(begin, end - begin)) << ", "
            << end - begin << "}},\n";
        begin = all.find_first_not_of('\0', end);
    }
    out << "};\n\n} // namespace cvm::state::rows\n";
    out.close();
    if (!out)
        throw std::runtime_error{std::string{argv[1]} + ": cannot be written"};
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << "gen_database: " << e.what() << '\n';
    return EXIT_FAILURE;
}
