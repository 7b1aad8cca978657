# For the `run` of each folder of clients: the emulator's binary, packages of the languages, and the last line that counts.

. "$(dirname "${BASH_SOURCE[0]}")/../../server/tools/setup.sh"

# The proxies of whoever runs the tests are only for installing packages: `online COMMAND...` uses them.
proxies=()
for name in $(compgen -e | grep -iE '^(https?|all|no)_proxy$'); do proxies+=("$name=${!name}"); done
online() { (
    for proxy in "${proxies[@]}"; do export "${proxy?}"; done
    "$@"
); }

# The settings of whoever runs the tests must not affect clients and emulator.
for name in $(compgen -e | grep -iE '^((https?|all|no)_proxy|CVM_EMULATOR_.*|TENCENTCLOUD_.*|CVM_(PROTOCOL|ENDPOINT|SIGNING|METHOD|LANGUAGE)|TCCLI_.*)$'); do
    [ "$name" = CVM_EMULATOR_BINARY ] || unset "$name"
done

# build_emulator: sets CVM_EMULATOR_BINARY, unless tests/clients/run has already built it.
build_emulator() {
    [ -z "${CVM_EMULATOR_BINARY:-}" ] || return 0
    online need_packages "${build_packages[@]}"
    build_preset release cvm-renewal-emulator
    export CVM_EMULATOR_BINARY=$root/build/release/cvm-renewal-emulator
}

# once STAMP FILE... -- COMMAND...: runs a command that installs what the files list, unless it has done so.
once() {
    local stamp=$1 log files=()
    shift
    while [ "$1" != -- ]; do
        files+=("$1")
        shift
    done
    shift
    if cat "${files[@]}" | cmp -s - "$stamp"; then return 0; fi
    log=$(mktemp)
    online "$@" >"$log" 2>&1 || { tail -20 "$log" >&2; die "could not install: $*"; }
    mkdir -p "$(dirname "$stamp")"
    cat "${files[@]}" >"$stamp"
    rm -f "$log"
}

# python_packages REQUIREMENTS NAME: installs into a separate folder and prints its path.
python_packages() {
    local folder=$root/build/tools/$2
    online need_packages python3 python3-pip
    once "$folder/.installed" "$1" -- fresh_python_packages "$1" "$folder"
    echo "$folder"
}
fresh_python_packages() {
    rm -rf "$2"
    /usr/bin/python3 -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --target "$2" -r "$1"
}

# node_packages: installs those of tests/clients/node.
node_packages() {
    command -v node >/dev/null || online need_packages nodejs
    command -v npm >/dev/null || online need_packages npm
    (cd "$root/tests/clients/node" && once node_modules/.installed package-lock.json -- npm ci --no-audit --no-fund)
}

# node_test_flags: prints flags for `node --test`, as far as the installed version of Node has them. A test that never ends
# fails, and a failed test that leaves a server running does not keep the run from ending.
node_test_flags() {
    local known
    known=$(node --help)
    [[ $known != *--test-force-exit* ]] || echo --test-force-exit
    [[ $known != *--test-timeout* ]] || echo --test-timeout=600000
}

# report NAME GOOD BAD STATUS LOG: prints the counts of a runner, and its output if anything failed.
report() {
    local name=$1 good=${2:-0} bad=${3:-0} status=$4 log=$5
    if [ "$status" -ne 0 ] || [ "$good" -eq 0 ] || [ "$bad" -ne 0 ]; then
        tail -150 "$log"
        [ "$bad" -gt 0 ] || bad=1
    fi
    echo "$name: $good passed, $bad failed"
}
