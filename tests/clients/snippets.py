#!/usr/bin/env python3
"""Holds the code in the documentation against the tests that run it.

    tests/clients/snippets.py            fails if a block differs from its source
    tests/clients/snippets.py --update   copies the sources into the documentation

A block is cut from a source where the line before it says so: `<!-- snippet tests/clients/go/first_test.go renew -->`. In the
source the lines stand between two comments, `snippet: renew` and `snippet: end`.
"""

import difflib
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(?P<head><!-- snippet (?P<file>\S+) (?P<name>[\w-]+) -->\n```(?P<language>\w+)\n)(?P<code>.*?)(?P<tail>^```$)", re.S | re.M)
# Examples, which other tests run, and blocks that say why nothing runs them.
ELSEWHERE = re.compile(r"<!-- (?:example|not run): [^\n]* -->\n```\w+\n.*?^```$", re.S | re.M)
# Languages whose code is run by the suites; a block of these must be a snippet, or in ELSEWHERE.
RUN = {"cpp", "go", "java", "javascript", "js", "php", "python", "ruby", "rust"}


def snippet(file, name):
    """The lines between the comments, without their common indentation, and empty lines at the ends."""
    lines, inside = [], False
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines(keepends=True):
        mark = re.search(r"^\s*(?://|#)\s*snippet: ([\w-]+)\s*$", line)
        if inside and mark:
            return textwrap.dedent("".join(lines)).strip("\n") + "\n"
        if inside:
            lines.append(line)
        elif mark and mark[1] == name:
            inside = True
    raise LookupError(f"{file}: no snippet {name} that ends")


def pages():
    return [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def loose_blocks(text):
    """Blocks of code that nothing runs."""
    rest = ELSEWHERE.sub("", BLOCK.sub("", text))
    return [block[1] for block in re.finditer(r"^```(\w+)\n", rest, re.M) if block[1] in RUN]


def main():
    update = sys.argv[1:] == ["--update"]
    passed = failed = 0
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            code = snippet(block["file"], block["name"])
            if code == block["code"]:
                passed += 1
            elif update:
                text = text.replace(block[0], block["head"] + code + block["tail"])
            else:
                failed += 1
                print(f"{page.relative_to(ROOT)}: not as in {block['file']}, {block['name']}")
                print("".join(difflib.unified_diff(block["code"].splitlines(True), code.splitlines(True), "page", "source", n=1)))
        for language in loose_blocks(text):
            failed += 1
            print(f"{page.relative_to(ROOT)}: a block of {language} is not cut from a test")
        if update:
            page.write_text(text, encoding="utf-8")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
