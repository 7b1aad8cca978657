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

# Each line of the files whose path matches `where`, but not `except`, must not match `pattern`. A line that is only a
# comment may. Patterns see brackets as parentheses and no semicolons or backslashes, which CMake's lists cannot hold.
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
            if(line MATCHES "${pattern}" AND NOT line MATCHES "^ *//")
                string(APPEND VIOLATIONS "  ${source}:${number}: ${why}\n")
            endif()
        endforeach()
    endforeach()
    set(VIOLATIONS "${VIOLATIONS}" PARENT_SCOPE)
endfunction()

set(INCLUDE "# *include *[<\"]")
set(CODE "^(server|state)/")
set(ALL "^(server|state|tests)/")

# --- the boxes ---
forbid("state/ knows nothing of server/" "^state/" "" "${INCLUDE}server/")
forbid("state/ knows no JSON and no network" "^state/" "" "${INCLUDE}boost/(json|beast|asio)")
forbid("server/http knows of server/ only itself" "^server/http/" "" "${INCLUDE}server/([^h]|h[^t]|ht[^t]|htt[^p]|http[^/])")
forbid("server/http knows nothing of state/" "^server/http/" "" "${INCLUDE}state/")
forbid("server/wire knows nothing of auth, api, control and state" "^server/wire/" "" "${INCLUDE}(server/(auth|api|control|document|gateway)/|state/)")
forbid("server/auth knows nothing of api, control and state" "^server/auth/" "" "${INCLUDE}(server/(api|control|document|gateway)/|state/)")
forbid("server/api knows nothing of http, wire, auth and control" "^server/api/" "" "${INCLUDE}server/(http|wire|auth|control|document|gateway)/")
forbid("server/cli knows a server by its port alone" "^server/cli/" "" "${INCLUDE}(server/(http|control|document|gateway)/|state/(sqlite|store))")
forbid("server/cli is known to main and options alone" "^(server|state)/" "^server/(cli/|main\\.cpp$|options\\.[ch]pp$)" "${INCLUDE}server/cli/")
forbid("the server knows nothing of its tests" "${CODE}" "" "${INCLUDE}tests/")

# --- one file for each library ---
forbid("SQLite is used in state/sqlite_* alone" "${CODE}" "^state/sqlite_(store|rows)\\.[ch]pp$" "${INCLUDE}(SQLiteCpp/|sqlite3\\.h)")
forbid("OpenSSL is used in server/auth/crypto.cpp alone" "${CODE}" "^server/auth/crypto\\.cpp$" "${INCLUDE}openssl/")
forbid("spdlog is used in server/base/log.cpp alone" "${ALL}" "^server/base/log\\.cpp$" "${INCLUDE}(spdlog|fmt)/")
forbid("CLI11 is used in server/options.cpp and server/cli/ alone" "${ALL}" "^server/(options\\.cpp$|cli/)" "${INCLUDE}CLI/")
forbid("valijson is used in server/document/schema_check.cpp alone" "${ALL}" "^server/document/schema_check\\.cpp$" "${INCLUDE}valijson/")

# --- rules of the whole ---
forbid("coroutines live in server/http/ alone" "${ALL}" "^server/http/" "(co_await|co_spawn|co_return|co_yield)")
forbid("real time is read in state/clock.hpp alone" "${ALL}" "^(state/clock\\.hpp|tests/unit/state/clock_test\\.cpp)$"
    "(system_clock|utc_clock|high_resolution_clock)::now")
forbid("catch what is known, by its type" "${ALL}" "" "catch *\\( *\\.\\.\\. *\\)")
forbid("nothing sleeps" "${ALL}" "" "(sleep_for|sleep_until|(^|[^a-z_])(u|nano)?sleep *\\()")

if(NOT VIOLATIONS STREQUAL "")
    message(FATAL_ERROR "The architecture is broken:\n${VIOLATIONS}")
endif()
message(STATUS "${count} sources keep to the architecture")
