#!/usr/bin/env python3
"""Measures the server and prints one table. tests/bench/run builds what this needs and calls it."""

import argparse
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile

import costs
import report
import rows
import servers
from client import Failure

SECTIONS = {
    "start": ("start to first answer", costs.start),
    "idle": ("idle memory", costs.idle_memory),
    "growth": ("growth", costs.growth),
    "clock": ("clock", costs.clock),
    "reset": ("reset", costs.reset),
    "account": ("new account", costs.new_account),
    "million": ("memory after a million requests", costs.memory_after_a_million),
}


def progress(text):
    print(f"   {text}", file=sys.stderr, flush=True)


def numbers(text):
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or min(found) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of numbers above 0, such as 1,32,256")
    return found


def positive(text):
    found = numbers(text)
    if len(found) != 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not one number")
    return found[0]


class Options(argparse.Namespace):
    def wants(self, name):
        return self.only.lower() in name.lower()


def read_options():
    parser = argparse.ArgumentParser(prog="tests/bench/run", description="Measures the server and prints one table.")
    parser.add_argument("--quick", action="store_true", help="few rows of one second; no million requests")
    parser.add_argument("--only", metavar="TEXT", default="",
                        help="the rows and sections whose names contain TEXT; sections: "
                             + ", ".join(title for title, _ in SECTIONS.values()))
    parser.add_argument("--seconds", type=positive, metavar="N", help="length of each row (5; 1 with --quick)")
    parser.add_argument("--connections", type=numbers, metavar="LIST", help="1,32,256 (32 with --quick)")
    parser.add_argument("--instances", type=positive, metavar="N", default=1000,
                        help="in the account of the rows; at least 100 (1000)")
    parser.add_argument("--sizes", type=numbers, metavar="LIST",
                        help="accounts of the growth section: 1000,10000,100000,1000000 (1000,10000 with --quick)")
    parser.add_argument("--json", metavar="FILE", help="also writes what was measured to FILE")
    parser.add_argument("--markdown", action="store_true", help="prints the tables as docs/explanation/performance.md has them")
    parser.add_argument("--show", metavar="FILE", help="measures nothing, but prints a FILE of --json")
    options = parser.parse_args(namespace=Options())
    if options.instances < 100:
        parser.error("--instances must be at least 100: a row renews 100 at once")
    if options.seconds and options.seconds > 240:
        parser.error("--seconds must be at most 240: signatures are good for five minutes")
    options.seconds = options.seconds or (1 if options.quick else 5)
    options.connections = options.connections or ([32] if options.quick else [1, 32, 256])
    options.sizes = options.sizes or ([1000, 10_000] if options.quick else [1000, 10_000, 100_000, 1_000_000])
    options.starts = 3 if options.quick else 20
    options.repeats = 3 if options.quick else 20
    options.budget = 0.1 if options.quick else 1.0  # seconds of CPU time for one call of the growth section
    return options


def line_of(path, pattern):
    with open(path, encoding="utf-8") as file:
        found = re.search(pattern, file.read(), re.MULTILINE)
    return found[1] if found else "unknown"


def about(options):
    def git(*arguments):
        return subprocess.run(["git", "-C", servers.ROOT, *arguments], capture_output=True, text=True).stdout.strip()

    return {"version": line_of(servers.ROOT / "CMakeLists.txt", r"^project\(.* VERSION ([0-9.]+)"),
            "commit": (git("rev-parse", "--short", "HEAD") or "unknown")
            + (" with changes" if git("status", "--porcelain") else ""),
            "cpu": line_of("/proc/cpuinfo", r"^model name\s*: (.*)$"), "cores": os.cpu_count(),
            "kernel": platform.release().split("-")[0], "seconds": options.seconds, "instances": options.instances}


def as_object(row):
    numbers = row._asdict()
    return numbers | numbers.pop("result")._asdict()


def measure(options):
    """Everything that is wanted; --json has what there is after each part, should a later one fail."""
    found = {"about": about(options), "rows": [as_object(row) for row in rows.measure(options, progress)]}
    write_json(options, found)
    for key, (title, section) in SECTIONS.items():
        if options.wants(title) and not (options.quick and key == "million"):
            found[key] = section(options, progress)
            write_json(options, found)
    return found


def write_json(options, found):
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(found, file, indent=1)


def main():
    options = read_options()
    # Ends as by Ctrl-C, so that no server and no file stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if options.show:
            with open(options.show, encoding="utf-8") as file:
                found = json.load(file)
        else:
            with tempfile.TemporaryDirectory(prefix="bench-", dir=servers.BUILD) as options.folder:
                found = measure(options)
    except KeyboardInterrupt:
        sys.exit(130)
    except (Failure, OSError, ValueError) as problem:
        sys.exit(f"tests/bench/run: {problem}")
    print(report.render(found, options.markdown))


if __name__ == "__main__":
    main()
