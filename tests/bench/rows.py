"""The rows of the table: each call, in memory and with a database file, by 1, 32 and 256 connections; and the servers
to compare with, which get the same requests as DescribeInstances and answer with a text of the same size.
"""

import collections
import contextlib
import statistics
import tempfile

import accounts
import calls
import load
import servers
from client import Failure

MEMORY, FILE, NONE = "memory", "--db", "-"
BARE, NGINX = "bare Beast server, canned answer", "nginx, return 200"

Row = collections.namedtuple("Row", "name store connections result rate_ratio cpu_ratio")


def flags_of(store, folder):
    return ["--db", f"{folder}/state.db"] if store == FILE else []


def plan(options):
    """The (call, store) to measure."""
    in_both = [calls.MODIFY] if options.quick else calls.ALL
    return [(call, store) for call in calls.ALL if options.wants(call.name)
            for store in ([MEMORY, FILE] if call in in_both else [MEMORY])]


def emulator_row(call, store, connections, options):
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        document = accounts.write_document(f"{folder}/account.json", options.instances)
        with servers.emulator(folder, "--fixtures", document, *flags_of(store, folder)) as server:
            pool = calls.requests(call, options.instances, server.port)
            return load.measure(server, pool, connections, options.seconds, folder,
                                call.code if call.action else None)


def described(options):
    """The text of an answer of DescribeInstances for two instances."""
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        document = accounts.write_document(f"{folder}/account.json", options.instances)
        with servers.emulator(folder, "--fixtures", document) as server, server.client() as client:
            return client.exchange(calls.requests(calls.DESCRIBE, options.instances, server.port)[0])[1]


class Other:
    """A server to compare with, measured as often as wanted."""

    def __init__(self, start, answer, options):
        self.options = options
        self.stack = contextlib.ExitStack()
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory(dir=options.folder))
        self.server = self.stack.enter_context(start(self.folder, answer))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    def measure(self, connections, seconds):
        pool = calls.requests(calls.DESCRIBE, self.options.instances, self.server.port)
        return load.measure(self.server, pool, connections, seconds, self.folder)


def middle(results):
    """Of several runs the median of each number."""
    return load.Result(*(statistics.median(numbers) for numbers in zip(*results)))


def with_ratios(name, store, connections, result, bare):
    return Row(name, store, connections, result, result.per_second / bare.per_second, bare.cpu_us / result.cpu_us)


def measure(options, progress):
    """The rows, those of one call together.

    A machine is not always equally fast. So the bare server is measured before and after each row, and the row is
    compared with these two runs.
    """
    wanted = plan(options)
    if not wanted and not any(options.wants(name) for name in (BARE, NGINX)):
        return []
    answer = described(options)
    rows = []
    with Other(servers.bare_beast, answer, options) as bare, Other(servers.nginx, answer, options) as nginx:
        for connections in options.connections:
            runs = []

            def compare():
                runs.append(bare.measure(connections, max(1, options.seconds // 3)))

            def add(name, store, take):
                title = f"{name}, {store}, {connections} connections"
                progress(title)
                try:
                    result = take()
                except Failure as problem:
                    raise Failure(f"{title}: {problem}") from problem
                compare()
                rows.append(with_ratios(name, store, connections, result, middle(runs[-2:])))
                progress(f"   {result.per_second:,.0f} requests/s, {result.cpu_us:.4g} µs of CPU")

            compare()
            add(NGINX, NONE, lambda: nginx.measure(connections, options.seconds))
            for call, store in wanted:
                add(call.name, store, lambda: emulator_row(call, store, connections, options))
            rows.append(with_ratios(BARE, NONE, connections, middle(runs), middle(runs)))
    order = [(BARE, NONE), (NGINX, NONE), *((call.name, store) for call, store in wanted)]
    return sorted(rows, key=lambda row: (order.index((row.name, row.store)), row.connections))
