# Writes OUT, a C++ source with each of FILES (in FOLDER), without comments and packed by GZIP, for
# cvm::control::console_files(). Every byte is an escape sequence of a string literal, which compiles quicker than a list
# of numbers.
set(body "// Generated from server/control/console/ by server/tools/embed_console.cmake. Do not edit.\n")
string(APPEND body "#include \"server/control/console.hpp\"\n\n#include <vector>\n\n")
string(APPEND body "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n")
string(APPEND body "namespace cvm::control {\n\nstd::span<const ConsoleFile> console_files() noexcept\n{\n")
string(APPEND body "    static const std::vector<ConsoleFile> files{\n")
separate_arguments(FILES)
foreach(file IN LISTS FILES)
    set(packed ${OUT}.gz)
    # Comments and indentation stay in the repository. A text with two slashes is left alone, for it may be in quotes.
    # -n: neither name nor time, so that equal files make equal bytes and the header has a fixed length.
    execute_process(COMMAND sed -E "s|^ *//.*\$||; s|^/[*].*[*]/\$||; s| +// [^\"'`]*\$||; s|^ *||; /^\$/d" ${FOLDER}/${file}
        COMMAND ${GZIP} -9nc OUTPUT_FILE ${packed} COMMAND_ERROR_IS_FATAL ANY)
    file(SHA256 ${FOLDER}/${file} hash)
    string(SUBSTRING ${hash} 0 16 hash)
    file(SIZE ${packed} bytes)
    file(READ ${packed} hex HEX)
    string(REGEX REPLACE "(..)" "\\\\x\\1" literal "${hex}")
    string(APPEND body "        {\"${file}\", \"${hash}\", {\"${literal}\", ${bytes}}},\n")
    file(REMOVE ${packed})
endforeach()
string(APPEND body "    };\n    return files;\n}\n\n} // namespace cvm::control\n")
file(WRITE ${OUT} "${body}")
