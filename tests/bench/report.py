"""Prints what was measured: as text for a terminal, or in Markdown for docs/explanation/performance.md."""

MIB = 1 << 20


def count(number):
    return f"{number:,.0f}"


def short(number):
    """Three digits that matter, and no more."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def mib(size):
    return f"{size / MIB:,.1f}"


def percent(part):
    return f"{part * 100:.3g} %"


def text_table(head, lines):
    rows = [head, *lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]

    def written(row):
        return "  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                         for column, (cell, width) in enumerate(zip(row, widths))).rstrip()

    return "\n".join([written(head), "-" * len(written(head)), *map(written, lines)])


def markdown_table(head, lines):
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] + ["--:"] * (len(head) - 1), *lines])


def calls_table(rows):
    head = ["call", "state", "connections", "requests/s", "of bare", "p50 ms", "p99 ms", "CPU µs", "of bare by CPU",
            "core", "RSS MiB"]
    return head, [[row["name"], row["store"], str(row["connections"]), count(row["per_second"]),
                   percent(row["rate_ratio"]), short(row["p50_ms"]), short(row["p99_ms"]), short(row["cpu_us"]),
                   percent(row["cpu_ratio"]), percent(row["busy"]), mib(row["rss"])] for row in rows]


def short_calls_table(rows):
    """A line for each call: its rates by all numbers of connections, everything else by 32."""
    connections = sorted({row["connections"] for row in rows})
    usual = 32 if 32 in connections else connections[0]
    rates = {(row["name"], row["store"], row["connections"]): count(row["per_second"]) for row in rows}
    head = ["call", "state", *(f"requests/s, {number} conn." for number in connections), "of bare", "of bare by CPU",
            "p50 ms", "p99 ms", "CPU µs", "core", "RSS MiB"]
    return head, [[row["name"], row["store"], *(rates[row["name"], row["store"], number] for number in connections),
                   percent(row["rate_ratio"]), percent(row["cpu_ratio"]), short(row["p50_ms"]), short(row["p99_ms"]),
                   short(row["cpu_us"]), percent(row["busy"]), mib(row["rss"])]
                  for row in rows if row["connections"] == usual]


def growth_tables(sizes):
    first = sizes[0]["cpu_us"]
    head = ["CPU µs of one call"] + [count(size["instances"]) for size in sizes] + ["last / first"]
    lines = []
    for name in first:
        costs = [size["cpu_us"].get(name) for size in sizes]
        growth = short(costs[-1] / costs[0]) if costs[-1] and costs[0] else ""
        lines.append([name, *(short(cost) if cost else "over 2 minutes" for cost in costs), growth])
    yield head, lines
    head = ["account with"] + [f"{size['instances']:,} instances" for size in sizes]
    yield head, [["load, CPU s", *(short(size["load_s"]) for size in sizes)],
                 ["RSS MiB", *(mib(size["rss"]) for size in sizes)],
                 ["RSS at most, MiB", *(mib(size["rss_at_most"]) for size in sizes)],
                 ["RSS, bytes per instance", *(count(size["bytes_per_instance"]) for size in sizes)],
                 ["database file, MiB", *(mib(size["file"]) for size in sizes)],
                 ["database file, bytes per instance", *(count(size["file"] / size["instances"]) for size in sizes)]]


def others_table(found):
    lines = []

    def add(what, value):
        lines.append([what, *(value[key] and short(value[key]) or "" for key in ("median_ms", "worst_ms")),
                      short(value["cpu_ms"]) if "cpu_ms" in value else "", value.get("note", "")])

    for name, value in found.get("start", {}).items():
        add(f"start to first answer, {name}", value)
    for store, value in found.get("clock", {}).items():
        add(f"12,000 events by the clock, {store}", {**value, "note": f"{count(value['events_per_second'])} events/s"})
    for change, value in found.get("reset", {}).items():
        add(f"reset of 1,000 instances, {change}", value)
    if "account" in found:
        add("new account, as the default one", found["account"])
    return ["one request", "median ms", "worst ms", "CPU ms", ""], lines


def memory_table(found):
    lines = []
    if "idle" in found:
        lines.append(["idle, default fixtures", mib(found["idle"]["rss"])])
    if "million" in found:
        million = found["million"]
        lines += [["100 instances, before the first request", mib(million["before"])],
                  [f"the same after {million['requests']:,} requests, journal full", mib(million["rss"])]]
    return ["memory of the server", "RSS MiB"], lines


def tables(found, markdown):
    if found.get("rows"):
        yield short_calls_table(found["rows"]) if markdown else calls_table(found["rows"])
    if found.get("growth"):
        yield from growth_tables(found["growth"])
    for table in (others_table(found), memory_table(found)):
        if table[1]:
            yield table


def heading(found):
    about = found["about"]
    return (f"Version {about['version']}, commit {about['commit']}. {about['cpu']}, {about['cores']} cores, "
            f"Linux {about['kernel']}. {about['instances']:,} instances in the account, "
            f"{about['seconds']} s for each row.")


def render(found, markdown):
    write = markdown_table if markdown else text_table
    return "\n\n".join([heading(found), *(write(*table) for table in tables(found, markdown))])
