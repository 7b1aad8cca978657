"""What is measured one request at a time: start, memory, cost by the size of the account, time, reset, accounts."""

import json
import os
import pathlib
import statistics
import tempfile
import time

import accounts
import calls
import load
import servers
from client import Failure, Late, first_answer

EVENTS = 12_000  # a year of 1,000 instances that renew themselves every month
MONTHLY = 1000
FROZEN = {"FrozenAt": "2026-03-31T08:30:00Z"}
GROWING = [calls.DESCRIBE, calls.PAGE, calls.MODIFY, calls.RENEW, calls.FILTERED]
FEW = 100
MILLION = 1_000_000
SIGNED_FOR = 60  # seconds; signatures are good for 300


def scratch(options):
    return tempfile.TemporaryDirectory(dir=options.folder)


def timed(action):
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def summary(seconds):
    return {"runs": len(seconds), "median_ms": statistics.median(seconds) * 1e3, "worst_ms": max(seconds) * 1e3}


# --- start and memory ---


def start_once(command, folder):
    """From the start of the process to its first answer: seconds by the clock, and of CPU time."""
    port = servers.free_port()
    with open(f"{folder}/log", "wb") as log:
        begin = time.perf_counter()
        process = servers.start(command(port), stdout=log, stderr=log, cwd=folder)
        try:
            first_answer(port, process)
            wall = time.perf_counter() - begin
            return wall, time.clock_gettime(servers.cpu_clock(process.pid))
        finally:
            process.terminate()
            process.wait()


def start(options, progress):
    with scratch(options) as folder:
        document = accounts.write_document(f"{folder}/account.json", MONTHLY)
        answer = pathlib.Path(folder) / "answer"
        answer.write_text("{}")
        commands = {
            "default fixtures": lambda port: servers.emulator_command(port),
            "1,000 instances": lambda port: servers.emulator_command(port, "--fixtures", document),
            "bare Beast server": lambda port: servers.bare_beast_command(answer, port),
        }
        found = {}
        for name, command in commands.items():
            progress(f"start, {name}")
            start_once(command, folder)  # reads the files from the disk
            wall, cpu = zip(*(start_once(command, folder) for _ in range(options.starts)))
            found[name] = {**summary(wall), "cpu_ms": statistics.median(cpu) * 1e3}
        return found


def idle_memory(options, progress):
    progress("idle memory")
    with scratch(options) as folder, servers.emulator(folder) as server:
        with server.client() as client:
            client.control("GET", "/health")
        return {"rss": server.memory()}


def memory_after_a_million(options, progress):
    with scratch(options) as folder:
        document = accounts.write_document(f"{folder}/account.json", FEW)
        with servers.emulator(folder, "--fixtures", document) as server:
            found = {"before": server.memory(), "requests": 0}
            while found["requests"] < MILLION:
                progress(f"memory after a million requests: {found['requests']:,} so far")
                pool = calls.requests(calls.DESCRIBE, FEW, server.port)
                load.measure(server, pool, 32, SIGNED_FOR, folder, calls.DESCRIBE.code)
                found["requests"] = load.journal(server)["last"]
                found.setdefault("after_first_minute", server.memory())
            return {**found, "rss": server.memory()}


# --- cost by the size of the account ---


def cost_of(server, call, instances, budget):
    """CPU time of the server for one call, in microseconds: calls one after the other until `budget` seconds of it are
    used up. A call that takes longer is made once. None if it takes minutes.
    """
    pool = calls.requests(call, instances, server.port)
    begin = server.idle_cpu_seconds()
    try:
        load.answers_of(server, pool[:1], call.code)
    except Late:
        return None
    first = server.idle_cpu_seconds() - begin
    made, used, cost = 0, 0.0, first
    begin = server.cpu_seconds()
    while first < budget and used < budget:
        step = pool[:max(1, int((budget - used) / cost))]
        load.answers_of(server, step, call.code)
        pool = pool[len(step):] + step
        made += len(step)
        used = server.cpu_seconds() - begin
        cost = used / made
    return cost * 1e6


def sized_account(options, instances, empty, progress):
    with scratch(options) as folder:
        progress(f"account with {instances:,} instances: loading")
        document = accounts.write_document(f"{folder}/account.json", instances)
        found = {"instances": instances}
        with servers.emulator(folder, "--fixtures", document) as server:
            found["load_s"] = server.cpu_seconds()
            found["rss"] = server.memory()
            found["rss_at_most"] = server.memory("VmHWM")
            found["bytes_per_instance"] = (found["rss"] - empty) / instances
            found["cpu_us"] = {}
            for call in GROWING:
                progress(f"account with {instances:,} instances: {call.name}")
                cost = cost_of(server, call, instances, options.budget)
                found["cpu_us"][call.name] = cost
                if cost is None:
                    server.kill()  # it is still busy with the call
                    break
        progress(f"account with {instances:,} instances: database file")
        file = f"{folder}/state.db"
        with servers.emulator(folder, "--fixtures", document, "--db", file):
            pass
        found["file"] = sum(os.path.getsize(path) for path in (file, file + "-wal") if os.path.exists(path))
        return found


def growth(options, progress):
    with scratch(options) as folder:
        document = accounts.write_document(f"{folder}/empty.json", 0)
        with servers.emulator(folder, "--fixtures", document) as server:
            empty = server.memory()
    return [sized_account(options, instances, empty, progress) for instances in options.sizes]


# --- time, reset, accounts ---


def clock(options, progress):
    found = {}
    for store, flags in (("memory", []), ("--db", ["--db", "state.db"])):
        with scratch(options) as folder:
            document = accounts.write_document(f"{folder}/account.json", MONTHLY, accounts.renewing_instance, FROZEN)
            with servers.emulator(folder, "--fixtures", document, *flags) as server, server.client() as client:
                seconds, cpu = [], 0
                for run in range(options.repeats):
                    progress(f"clock, {store}: {run + 1} of {options.repeats}")
                    client.control("POST", "/_emulator/reset")
                    cpu -= server.cpu_seconds()
                    begin = time.perf_counter()
                    answer = client.control("POST", "/_emulator/clock", {"advance": "P365D"})
                    seconds.append(time.perf_counter() - begin)
                    cpu += server.cpu_seconds()
                    happened = sum(event["event"] == "renewed" for event in json.loads(answer)["events"])
                    if happened != EVENTS:
                        raise Failure(f"a year brought {happened} renewals, expected {EVENTS}")
                found[store] = {**summary(seconds), "events_per_second": EVENTS / statistics.median(seconds),
                                "cpu_ms": cpu / len(seconds) * 1e3}
    return found


def repeated(server, action, runs):
    cpu = server.cpu_seconds()
    seconds = [timed(action) for _ in range(runs)]
    return {**summary(seconds), "cpu_ms": (server.cpu_seconds() - cpu) / runs * 1e3}


def reset(options, progress):
    """Resets, each after something has changed: a call has renewed one instance, or a month has renewed them all."""
    with scratch(options) as folder:
        document = accounts.write_document(f"{folder}/account.json", MONTHLY, accounts.renewing_instance)
        with servers.emulator(folder, "--fixtures", document) as server, server.client() as client:
            pool = calls.requests(calls.RENEW, MONTHLY, server.port)
            changes = {
                "one changed": lambda run: load.answers_of(server, [pool[run % len(pool)]], calls.RENEW.code),
                "all changed": lambda run: client.control("POST", "/_emulator/clock", {"advance": "P28D"}),
            }
            found = {}
            for name, change in changes.items():
                progress(f"reset of 1,000 instances, {name}")
                seconds, cpu = [], 0
                for run in range(-1, options.repeats):
                    change(run)
                    cpu -= server.idle_cpu_seconds()
                    seconds.append(timed(lambda: client.control("POST", "/_emulator/reset")))
                    cpu += server.cpu_seconds()
                    if run < 0:  # the first one of a server does more than the others
                        seconds, cpu = [], 0
                found[name] = {**summary(seconds), "cpu_ms": cpu / len(seconds) * 1e3}
            return found


def new_account(options, progress):
    progress("new account")
    with scratch(options) as folder, servers.emulator(folder) as server, server.client() as client:
        client.control("POST", "/_emulator/accounts")
        return repeated(server, lambda: client.control("POST", "/_emulator/accounts"), options.repeats)
