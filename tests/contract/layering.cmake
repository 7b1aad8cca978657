# cmake -DROOT=<top of the repository> -P layering.cmake
#
# Who may use what. Libraries' headers lie in system folders that every target can see, so the targets alone do not
# keep the boxes of the architecture apart; this script reads the sources. It fails with file and line.
cmake_minimum_required(VERSION 3.25)

if(NOT IS_DIRECTORY "${ROOT}/server" OR NOT IS_DIRECTORY "${ROOT}/state" OR NOT IS_DIRECTORY "${ROOT}/tests")
    message(FATAL_ERROR "ROOT must be the top of the repository")
endif()

file(GLOB_RECURSE SOURCES RELATIVE ${ROOT}
    ${ROOT}/server/*.cpp ${ROOT}/server/*.hpp ${ROOT}/state/*.cpp ${ROOT}/state/*.hpp ${ROOT}/tests/*.cpp ${ROOT}/tests/*.hpp)
list(FILTER SOURCES EXCLUDE REGEX "/node_modules/")
list(SORT SOURCES)
list(LENGTH SOURCES count)
if(count LESS 50)
    message(FATAL_ERROR "only ${count} sources found below ${ROOT}")
endif()

set(VIOLATIONS "")

# forbid(why where except pattern [IN_COMMENTS])
# Each line of the files whose path matches `where`, but not `except`, must not match `pattern`. A line that is only a
# comment may, unless IN_COMMENTS is given. Patterns see brackets as parentheses and no semicolons or backslashes, which
# CMake's lists cannot hold.
function(forbid why where except pattern)
    foreach(source IN LISTS SOURCES)
        if(NOT source MATCHES "${where}" OR (NOT except STREQUAL "" AND source MATCHES "${except}"))
            continue()
        endif()
        file(READ "${ROOT}/${source}" text)
        if(NOT text MATCHES "${pattern}")
            continue()
        endif()
        string(REPLACE "\\" "/" text "${text}")
        string(REPLACE ";" "," text "${text}")
        string(REPLACE "[" "(" text "${text}")
        string(REPLACE "]" ")" text "${text}")
        string(REPLACE "\n" ";" lines "${text}")
        set(number 0)
        foreach(line IN LISTS lines)
            math(EXPR number "${number} + 1")
            if(line MATCHES "${pattern}" AND ("IN_COMMENTS" IN_LIST ARGN OR NOT line MATCHES "^ *//"))
                string(APPEND VIOLATIONS "  ${source}:${number}: ${why}\n")
            endif()
        endforeach()
    endforeach()
    set(VIOLATIONS "${VIOLATIONS}" PARENT_SCOPE)
endfunction()

set(INCLUDE "# *include *[<\"]")
set(CODE "^(server|state)/")
set(ALL "^(server|state|tests)/")

# --- the folders ---
# Each folder, and the folders that it may include besides itself. Arrows point down: no line names a folder that
# stands below it. The actions are a part of server/api.
set(FOLDERS "")
function(folder name)
    set(FOLDERS "${FOLDERS};${name}" PARENT_SCOPE)
    set("MAY ${name}" "${name};${ARGN}" PARENT_SCOPE)
    foreach(other IN LISTS ARGN)
        if(NOT other IN_LIST FOLDERS)
            message(FATAL_ERROR "layering.cmake: ${name} may include ${other}, which stands below it")
        endif()
    endforeach()
endfunction()

folder(state/model)
folder(state/rules state/model)
folder(state/store state/rules state/model)
folder(server/tools)
folder(server/base)
folder(server/http)
folder(server/tls server/base server/http state/model)
folder(server/wire server/base server/http)
folder(server/auth server/base server/http server/wire)
folder(server/auth/explain server/auth server/base server/http server/wire)
folder(server/api server/base state/store state/rules state/model)
folder(server/calls server/auth/explain server/auth server/base server/http server/wire state/model)
folder(server/document server/api server/base state/store state/rules state/model)
folder(server/control server/document server/calls server/api server/auth/explain server/auth server/wire server/tls
    server/http server/base state/store state/rules state/model)
folder(server/gateway server/control server/calls server/api server/auth/explain server/auth server/wire server/tls
    server/http server/base state/store state/rules state/model)
# The commands know a server by its port alone.
folder(server/cli server/api server/auth server/wire server/base state/model)
folder(server server/gateway server/control server/cli server/document server/calls server/api server/auth server/tls
    server/http server/base state/store state/rules state/model)

foreach(source IN LISTS SOURCES)
    if(source MATCHES "^tests/")
        continue()
    endif()
    cmake_path(GET source PARENT_PATH folder)
    string(REPLACE "server/api/actions" "server/api" folder "${folder}")
    if(NOT folder IN_LIST FOLDERS)
        string(APPEND VIOLATIONS "  ${source}: no line of layering.cmake says what ${folder} may include\n")
        continue()
    endif()
    file(STRINGS "${ROOT}/${source}" includes REGEX "${INCLUDE}(server|state|tests)/")
    foreach(include IN LISTS includes)
        string(REGEX REPLACE "^.*[<\"](.*)/[^/]*[>\"].*$" "\\1" included "${include}")
        string(REPLACE "server/api/actions" "server/api" included "${included}")
        if(NOT included IN_LIST "MAY ${folder}")
            string(APPEND VIOLATIONS "  ${source}: ${folder} may not include ${included}\n")
        endif()
    endforeach()
endforeach()

forbid("state/ knows no JSON and no network" "^state/" "" "${INCLUDE}boost/(json|beast|asio)")

# --- one file for each library ---
forbid("SQLite is used in state/store/sqlite_* alone" "${CODE}" "^state/store/sqlite_[a-z]+\\.[ch]pp$" "${INCLUDE}(SQLiteCpp/|sqlite3\\.h)")
forbid("statements are prepared in state/store/sqlite_connection.cpp alone, from sqlite_statements.cpp; but for those of the build" "${CODE}"
    "^state/store/sqlite_(connection|statement|generate)\\.cpp$" "(sqlite3_(prepare|exec|get_table)|SQLite::Statement|execAndGet|[.>]exec *\\()")
forbid("OpenSSL is used in server/auth/crypto.cpp and server/tls/ alone" "${CODE}" "^server/(auth/crypto\\.cpp$|tls/)" "${INCLUDE}openssl/")
forbid("spdlog is used in server/base/log.cpp alone" "${ALL}" "^server/base/log\\.cpp$" "${INCLUDE}(spdlog|fmt)/")
forbid("CLI11 is used in server/options.cpp and server/cli/ alone" "${ALL}" "^server/(options\\.cpp$|cli/)" "${INCLUDE}CLI/")
forbid("valijson is used in tests/support/json_schema.cpp alone" "${ALL}" "^tests/support/json_schema\\.cpp$" "${INCLUDE}valijson/")

# --- rules of the whole ---
forbid("coroutines live in server/http/ alone, and a fuzz target starts one" "${ALL}" "^(server/http/|tests/fuzz/connection\\.cpp$)"
    "(co_await|co_spawn|co_return|co_yield)")
forbid("real time is read in state/model/clock.hpp alone" "${ALL}" "^(state/model/clock\\.hpp|tests/unit/state/model/clock_test\\.cpp)$"
    "(system_clock|utc_clock|high_resolution_clock)::now")
forbid("catch what is known, by its type" "${ALL}" "" "catch *\\( *\\.\\.\\. *\\)")
forbid("nothing sleeps" "${ALL}" "" "(sleep_for|sleep_until|(^|[^a-z_])(u|nano)?sleep *\\()")
forbid("cite a page or an entry of fixtures/catalog/, which a reader can open" "${ALL}" "" "facts:" IN_COMMENTS)

if(NOT VIOLATIONS STREQUAL "")
    message(FATAL_ERROR "The architecture is broken:\n${VIOLATIONS}")
endif()
message(STATUS "${count} sources keep to the architecture")
