"""Runs the examples of the pages as a reader does: those of a page one after the other, in one shell."""

import os
import re
import signal
import subprocess
import tempfile
import pathlib

import emulator

# Pages that begin at a checkout, and put the program into the PATH themselves.
FROM_A_CHECKOUT = {"README.md", "docs/tutorial.md"}
BETWEEN = "== example "
TIMEOUT = 120

# What differs from run to run.
VARYING = [
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b", "ID"),
    (r"\b\d{4}-\d\d-\d\dT[\d:]{8}(?:Z|\+08:00)", "TIME"),
    (r"\b\d{8}7\d{14}\b", "ORDER"),
    (r"\b1\d{11}\b", "UIN"),
    (r"\b\d{6,7}\.\d\d\b", "BALANCE"),
    (r"[ \t]+", " "),
]


def alike(line):
    for pattern, word in VARYING:
        line = re.sub(pattern, word, line)
    return line.rstrip()


def as_shown(shown, printed):
    """Whether the lines are those that are shown: `…` alone stands for any lines, in a line for any text."""
    pattern = ""
    for line in shown.rstrip("\n").split("\n"):
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(alike(part)) if n == 0 else re.escape(alike("x" + part)[1:]) for n, part in enumerate(line.split("…"))) + r"\n"
    text = "".join(alike(line) + "\n" for line in printed.rstrip("\n").split("\n"))
    return re.fullmatch(pattern, text) is not None


def script_of(page, server):
    """All examples of a page, with a line before each that tells where it begins."""
    parts = [f"echo '{BETWEEN}{block.example}'\n{block.code}" for block in examples_of(page)]
    return "".join(parts).replace("127.0.0.1:8213", f"127.0.0.1:{server.port}").replace("localhost:8213", f"localhost:{server.port}")


def examples_of(page):
    return [block for block in page.blocks if block.example and block.language == "sh"]


def run_page(page, server):
    """What each example printed, by name, and what the shell said about the first that failed, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = pathlib.Path(folder)
        (checkout / "build/release").mkdir(parents=True)
        (checkout / "build/release/cvm-renewal-emulator").symlink_to(emulator.BINARY)
        path = os.environ["PATH"] if page.name in FROM_A_CHECKOUT else f"{checkout}/build/release:{os.environ['PATH']}"
        environment = emulator.environment(PATH=path, CVM_EMULATOR_URL=server.url)
        shell = subprocess.Popen(
            ["bash", "-euc", script_of(page, server)],
            cwd=checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            out, err = shell.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(shell.pid, signal.SIGKILL)
            out, err = shell.communicate()
            err += f"not done after {TIMEOUT} s"
        else:
            end_group(shell.pid)
    printed = {}
    for part in ("\n" + out).split("\n" + BETWEEN)[1:]:
        name, _, text = part.partition("\n")
        printed[name] = text
    return printed, "" if shell.returncode == 0 else err.strip() or f"ended with {shell.returncode}"


def end_group(group):
    """What an example has started and left running."""
    try:
        os.killpg(group, signal.SIGTERM)
    except ProcessLookupError:
        pass


def failures(page):
    """A sentence for each example that fails or prints something else than is shown."""
    blocks = examples_of(page)
    if not blocks:
        return
    with emulator.running() as server:
        printed, error = run_page(page, server)
    if error:
        yield f"the example {list(printed)[-1] if printed else blocks[0].example} fails: {error}"
    for block in blocks:
        text = printed.get(block.example)
        if text is not None and block.shown and not (error and block.example == list(printed)[-1]) and not as_shown(block.shown.code, text):
            yield f"the example {block.example} prints something else than is shown:\n{text.rstrip()}"
