# For server/run and tests/run: installs Debian packages and builds presets. Reports to stderr what it does; if there is
# nothing to do, it is silent and takes no time.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '== %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

build_packages=(g++ cmake ninja-build libboost1.81-dev libboost-json1.81-dev libsqlitecpp-dev libsqlite3-dev libssl-dev
    libcli11-dev libspdlog-dev libfmt-dev libvalijson-dev doctest-dev)
fuzz_packages=(clang-16 libclang-rt-16-dev)

# Installs the missing ones of the named Debian packages.
need_packages() {
    local missing installed
    if ! command -v apt-get >/dev/null; then
        die "this is not Debian: install the equivalents of these packages, then run cmake --preset release by hand: $*"
    fi
    # dpkg-query fails for a package that it does not know.
    installed=$( (dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true) | sed -n 's/^installed //p')
    mapfile -t missing < <(printf '%s\n' "$@" | grep -vxF "$installed")
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "not root and no sudo: install these packages first: ${missing[*]}"
        as_root=(sudo)
    fi
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -20 "$log" >&2
        die "apt-get failed; its whole output is in $log"
    fi
    rm -f "$log"
}

# build_preset PRESET [TARGET...]: configures build/PRESET if necessary, and builds.
build_preset() {
    local preset=$1 log
    shift
    log=$(mktemp)
    if [ ! -e "$root/build/$preset/build.ninja" ]; then
        say "configuring build/$preset"
        (cd "$root" && cmake --preset "$preset") >"$log" 2>&1 || { tail -20 "$log" >&2; die "cmake failed"; }
    fi
    # On a terminal ninja shows its progress; a log gets one line.
    if ninja -C "$root/build/$preset" -n "$@" 2>/dev/null | grep -q 'no work to do'; then
        rm -f "$log"
        return 0
    fi
    say "building build/$preset (a few minutes the first time)"
    if [ -t 2 ]; then
        NINJA_STATUS='[%f/%t] ' ninja -C "$root/build/$preset" "$@" >&2 || die "the build failed"
    else
        ninja -C "$root/build/$preset" "$@" >"$log" 2>&1 || { tail -40 "$log" >&2; die "the build failed"; }
    fi
    rm -f "$log"
}
