#!/usr/bin/env python3
"""What passed, as a table: which calls of which client, signed how, over which transport.

    tests/clients/matrix.py LINES...            prints it
    tests/clients/matrix.py --check LINES...    and fails if docs/clients.md says otherwise
    tests/clients/matrix.py --update LINES...   and writes it into docs/clients.md

LINES are files with one JSON object a line: client, call, dialect, transport. The drivers write them (README.md).
"""

import argparse
import collections
import json
import pathlib
import re
import string
import sys

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "clients.md"
BEGIN = "<!-- tests/clients/matrix.py: begin -->\n"
END = "<!-- tests/clients/matrix.py: end -->"
TRANSPORTS = ("http", "https", "http proxy", "https proxy")


def read(files):
    """The calls that passed, by client and then by (dialect, transport)."""
    passed = collections.defaultdict(lambda: collections.defaultdict(set))
    for file in files:
        for line in pathlib.Path(file).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["transport"] not in TRANSPORTS:
                raise ValueError(f"{file}: no such transport: {row['transport']}")
            passed[row["client"]][row["dialect"], row["transport"]].add(row["call"])
    return passed


def rows_of(ways):
    """Of one client: (dialects, transports, calls), each way to call once, ways with the same calls in one row."""
    transports = collections.defaultdict(list)  # of a dialect and its calls
    for dialect, transport in sorted(ways, key=lambda way: (way[0], TRANSPORTS.index(way[1]))):
        transports[dialect, frozenset(ways[dialect, transport])].append(transport)
    dialects = collections.defaultdict(list)
    for (dialect, calls), over in transports.items():
        dialects[tuple(over), calls].append(dialect)
    return [(names, over, sorted(calls)) for (over, calls), names in dialects.items()]


def table(passed):
    """The rows, with a letter for each set of calls, and what the letters stand for, largest set first."""
    rows = [(client if index == 0 else "", *row) for client in sorted(passed, key=str.lower)
            for index, row in enumerate(rows_of(passed[client]))]
    sets = sorted({tuple(calls) for *_, calls in rows}, key=lambda calls: (-len(calls), calls))
    if len(sets) > len(string.ascii_uppercase):
        raise ValueError(f"{len(sets)} sets of calls, and there are letters for {len(string.ascii_uppercase)}")
    letters = dict(zip(sets, string.ascii_uppercase))
    lines = ["| client | signed and sent | over | calls |", "| --- | --- | --- | --- |"]
    lines += [f"| {client} | {'<br>'.join(dialects)} | {', '.join(over)} | {letters[tuple(calls)]} |"
              for client, dialects, over, calls in rows]
    lines += ["", "| | calls |", "| --- | --- |"]
    lines += [f"| {letter} | {', '.join(calls)} |" for calls, letter in letters.items()]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true")
    what.add_argument("--update", action="store_true")
    parser.add_argument("lines", nargs="+")
    given = parser.parse_args()
    text = table(read(given.lines))
    print(text, end="")
    if not (given.check or given.update):
        return 0
    page = PAGE.read_text(encoding="utf-8")
    before, old, after = re.split(f"{re.escape(BEGIN)}|{re.escape(END)}", page)
    if given.update:
        PAGE.write_text(before + BEGIN + text + END + after, encoding="utf-8")
    elif old != text:
        print(f"{PAGE.name} has another matrix: tests/clients/run --update writes this one", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
