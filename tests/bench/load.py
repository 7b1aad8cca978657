"""Load on a server by wrk, and the proof that every answer was the right one."""

import collections
import json
import pathlib
import subprocess

import calls
from client import Failure

SCRIPT = pathlib.Path(__file__).with_name("cycle.lua")
LISTED = 1000  # calls that the journal lists at most

# Of one run: answered requests a second, milliseconds, CPU time of the server for a request in microseconds, how much
# of its core the server had, bytes of memory afterwards.
Result = collections.namedtuple("Result", "requests per_second p50_ms p99_ms cpu_us busy rss")


def answers_of(server, pool, code):
    """Sends each request once; the sizes of the answers, which must have the code."""
    sizes = []
    with server.client() as client:
        for request in pool:
            head, body = client.exchange(request)
            if not head.startswith(b"HTTP/1.1 200 "):
                raise Failure(f"{server.name} answered with {head.splitlines()[0].decode()} instead of 200")
            if code and calls.outcome(body) != code:
                raise Failure(f"an answer is {calls.outcome(body)}, expected {code}: {body[:300].decode()}")
            sizes.append(len(head) + len(body))
    return sizes


def run_wrk(port, pool, connections, seconds, folder):
    file = pathlib.Path(folder) / "requests"
    file.write_bytes(b"".join(b"%d\n" % len(request) + request for request in pool))
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
               "--timeout", "60s", "--script", SCRIPT, f"http://127.0.0.1:{port}/", "--", file]
    ran = subprocess.run(command, capture_output=True, text=True)
    lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    if ran.returncode != 0 or not lines:
        raise Failure(f"wrk ended with exit code {ran.returncode}: {(ran.stderr or ran.stdout).strip()[-500:]}")
    return json.loads(lines[-1])


def journal(server, limit=0):
    with server.client() as client:
        return json.loads(client.control("GET", f"/_emulator/requests?limit={limit}"))


def check_sizes(measured, sizes, connections):
    # Another outcome is another size. An answer that was cut off by the end of the run counts as bytes only.
    least = measured["requests"] * min(sizes)
    most = (measured["requests"] + connections) * max(sizes)
    if measured["errors"] or not measured["requests"] or not least <= measured["bytes"] <= most:
        raise Failure(f"wrk had {measured['errors']} errors and {measured['bytes']} bytes of "
                      f"{measured['requests']} answers, expected {least} to {most}: not every answer was a right one")


def check_codes(server, code):
    for call in journal(server, LISTED)["calls"]:
        if call["code"] != code:
            raise Failure(f"the journal has a {call['action']} with {call['code']}, expected {code}")


def measure(server, pool, connections, seconds, folder, code=None):
    """Runs wrk with the pool. With a code the server is the emulator, and its journal is looked at."""
    sizes = answers_of(server, pool, code)
    handled = journal(server)["last"] if code else 0
    cpu = server.idle_cpu_seconds()
    measured = run_wrk(server.port, pool, connections, seconds, folder)
    cpu = server.idle_cpu_seconds() - cpu
    check_sizes(measured, sizes, connections)
    rss = server.memory()
    # The server handles requests that wrk does not wait for when its time is over.
    handled = journal(server)["last"] - handled if code else measured["requests"]
    if code:
        check_codes(server, code)
    wall = measured["microseconds"] / 1e6
    return Result(measured["requests"], measured["requests"] / wall, measured["p50"] / 1e3, measured["p99"] / 1e3,
                  cpu / handled * 1e6, min(1, cpu / wall), rss)
