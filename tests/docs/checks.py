"""What must hold of the pages. A check takes the site and yields (page, sentence) for each thing that is wrong."""

import json
import pathlib
import re
import sys

from pages import chinese_of, english_of, is_chinese

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/clients"))
import snippets  # noqa: E402

LONGEST = {"README.md": 150, "README.zh-CN.md": 150, "llms.txt": 60}
LONGEST_PAGE = 299

# In both languages, besides README.md.
BOTH = re.compile(r"docs/(README|tutorial|clients|clients/[\w-]+|how-to/[\w-]+)\.md")

# Languages whose blocks a reader can run.
RUNNABLE = {"sh", "bash", "shell", "console", "python", "py", "js", "javascript", "ts", "go", "java", "rust", "cpp", "php", "ruby", "hcl", "fish", "zsh"}


def links(site):
    """Every link has a target, and every anchor a heading."""
    for page in site.pages.values():
        for target in page.links:
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            found = (site.root / page.name).parent / path if path else site.root / page.name
            if not found.exists():
                yield page.name, f"the link {target} leads nowhere"
                continue
            name = found.resolve().relative_to(site.root.resolve()).as_posix()
            if anchor and name in site.pages and anchor not in site.pages[name].anchors:
                yield page.name, f"the link {target} names no heading"


def lengths(site):
    """No page is too long."""
    for page in site.pages.values():
        if page.name == "CHANGELOG.md" or page.name.startswith("tests/"):
            continue
        most, lines = LONGEST.get(page.name, LONGEST_PAGE), page.text.count("\n")
        if lines > most:
            yield page.name, f"has {lines} lines, more than {most}"
    for name in LONGEST.keys() - site.pages.keys():
        yield name, "is not there"


def both_languages(site):
    """What is in both languages has the same pages."""
    for name in list(site.pages):
        if is_chinese(name) and english_of(name) not in site.pages:
            yield name, f"there is no {english_of(name)}"
        if (BOTH.fullmatch(name) or name == "README.md") and chinese_of(name) not in site.pages:
            yield name, f"there is no {chinese_of(name)}"


def headings(site):
    """Both languages have the same headings, in number and order."""
    for page, other in site.pairs():
        levels, others = [level for level, _ in page.headings], [level for level, _ in other.headings]
        if levels != others:
            at = next((n for n, (one, two) in enumerate(zip(levels, others)) if one != two), min(len(levels), len(others)))
            missing = page.headings[at][1] if at < len(levels) else other.headings[at][1]
            yield other.name, f"has not the headings of {page.name}: {len(others)} and {len(levels)}; they part at “{missing}”"


def without_comments(code):
    """A block, whose comments may be in another language."""
    lines = [re.sub(r"(^|\s)(#|//)\s.*$", "", line).rstrip() for line in code.splitlines()]
    return [line for line in lines if line]


def blocks(site):
    """Both languages have the same blocks of code, with the same marks."""
    for page, other in site.pairs():
        if len(page.blocks) != len(other.blocks):
            yield other.name, f"has {len(other.blocks)} blocks of code, {page.name} has {len(page.blocks)}"
            continue
        for number, (one, two) in enumerate(zip(page.blocks, other.blocks), 1):
            mark, other_mark = (each.mark if each.mark.startswith(("example: ", "snippet ")) else "" for each in (one, two))
            if one.language != two.language or without_comments(one.code) != without_comments(two.code):
                yield other.name, f"block {number} is not that of {page.name}: {two.code.strip().splitlines()[:1]}"
            elif mark != other_mark:
                yield other.name, f"block {number} is marked “{two.mark}”, in {page.name} “{one.mark}”"


NAMES = re.compile(r"--[a-z][a-z-]+|\bCVM_[A-Z_]+|\bX-Emulator-[\w-]+|/_emulator/[\w/]+|\b(?:ins|disk|lhins)-\w{8}\b|\b[A-Z][a-z]+(?:[A-Z][a-z]*)+\b")


def names_of(page):
    return {name for text in page.inline for name in NAMES.findall(text)}


def names(site):
    """Both languages name the same flags, variables, actions, headers and resources."""
    for page, other in site.pairs():
        for missing in sorted(names_of(page) - names_of(other)):
            yield other.name, f"does not name `{missing}`, as {page.name} does"
        for more in sorted(names_of(other) - names_of(page)):
            yield other.name, f"names `{more}`, which {page.name} does not"


def runnable(site):
    """A block that one can run is a snippet or an example, which tests run, or says why nothing runs it."""
    for page in site.pages.values():
        for block in page.blocks:
            claims = block.language in RUNNABLE
            told = re.match(r"(snippet \S+ [\w-]+$|example: [\w-]+$|not run: \S)", block.mark)
            if claims and not told:
                yield page.name, f"nothing runs this block of {block.language}: {block.code.strip().splitlines()[:1]}"


def examples(site):
    """An example has a name of its own, and a test that runs it."""
    elsewhere = "\n".join(path.read_text(encoding="utf-8") for path in sorted((site.root / "tests/clients").glob("*/*.js")))
    seen = {}
    for page in site.english():
        for block in page.blocks:
            if not block.example:
                continue
            if block.example in seen:
                yield page.name, f"the example {block.example} is in {seen[block.example]}, too"
            seen[block.example] = page.name
            if block.language != "sh" and f'example("{block.example}")' not in elsewhere:
                yield page.name, f"no test runs the example {block.example}"


def copied(site):
    """A snippet is as in its source."""
    for page in site.pages.values():
        for match in snippets.BLOCK.finditer(page.text):
            try:
                same = snippets.snippet(match["file"], match["name"]) == match["code"]
            except (LookupError, OSError):
                same = False
            if not same:
                yield page.name, f"the snippet {match['name']} is not as in {match['file']}"


# --- the program ---

# Flags of other programs that the pages name, and of our scripts.
OTHER_FLAGS = {
    "docker": "--build-arg --cap-drop --detach --env --health-cmd --init --input --mount --name --network --no-cache --platform --publish --pull --read-only "
    "--restart --rm --sbom --security-opt --tmpfs --user --volume --wait",
    "curl": "--cacert --data --fail --max-time --no-buffer --noproxy --output --proxy --resolve --retry --retry-all-errors --silent",
    "tccli": "--cli-input-json --cli-unfold-argument --endpoint --filter --generate-cli-skeleton --http-proxy --https-proxy --https-verify --language "
    "--output --profile --region --secretId --secretKey --timeout --waiter",
    "node": "--env-file --test --use-env-proxy --use-system-ca",
    "cmake": "--build --install --prefix --preset",
    "git, openssl, pip": "--branch --cert --depth --require-hashes",
    "scripts of the repository": "--check --codes --keep --markdown --minutes --quick --update",
}
# Which examples and tests read, and the program does not.
OTHER_VARIABLES = {"CVM_EMULATOR_BINARY", "CVM_EMULATOR_ENDPOINT"}


def program_flags(manual):
    return set(re.findall(r"--[a-z][a-z-]+", manual)) | {"--help", "--version"}


def program_words(site, manual):
    """Flags, variables and commands that the pages name are those of the program."""
    flags = program_flags(manual) | {flag for each in OTHER_FLAGS.values() for flag in each.split()}
    variables = set(re.findall(r"CVM_EMULATOR_[A-Z_]+", manual)) | OTHER_VARIABLES
    commands = {match[1] for match in re.finditer(r"^## ([a-z]+)$", manual, re.M)}
    for page in site.pages.values():
        if page.generated or page.name == "CHANGELOG.md":
            continue
        for text in page.inline:
            for flag in re.findall(r"(?<![\w-])--[a-z][A-Za-z-]+", text):
                if flag not in flags:
                    yield page.name, f"`{flag}` is no flag"
        for variable in set(re.findall(r"\bCVM_EMULATOR_[A-Z_]+\b", page.text)) - variables:
            yield page.name, f"`{variable}` is no variable"
        for code in [block.code for block in page.blocks] + page.inline:
            for line in re.split(r"[\n|;&]", code):
                call = re.search(r"(?:cvm-renewal-emulator|\$emulator)(?= (?:[a-z-]))(.*)", line)
                if call is None:
                    continue
                words = re.sub(r"'[^']*'|\"[^\"]*\"", "TEXT", call[1]).split()
                if words and re.fullmatch("[a-z]+", words[0]) and words[0] not in commands:
                    yield page.name, f"`{words[0]}` is no command"
                for word in words:
                    flag = re.match(r"--[a-z][a-z-]*", word)
                    if flag and flag[0] not in program_flags(manual) | DOCKER_RUN:
                        yield page.name, f"`{flag[0]}` is no flag of the program"


DOCKER_RUN = {"--publish", "--rm", "--detach", "--name"}


def catalogued(site):
    """Actions that commands name, and paths of the control API, are those of the catalogue and of its description."""
    actions = {json.loads(path.read_text(encoding="utf-8"))["action"] for path in (ROOT / "fixtures/catalog/actions").glob("*.json")}
    described = json.loads((ROOT / "server/control/openapi.json").read_text(encoding="utf-8"))["paths"]
    paths = [re.compile(re.sub(r"\{\w+\}", r"[^/]+", path)) for path in [*described, "/_emulator/", "/_emulator/console/.*"]]
    for page in site.pages.values():
        if page.generated or page.name == "CHANGELOG.md":
            continue
        for code in [block.code for block in page.blocks] + page.inline:
            for action in re.findall(r"(?:\bsign|\bcoverage|--action|--in-order) ([A-Z]\w+)", code):
                if action not in actions | {"ACTION"}:
                    yield page.name, f"`{action}` is no action"
            for path in re.findall(r"/_emulator/[\w/{}.-]*", code):
                path = path.rstrip(".") if path.endswith("...") else path
                if not any(each.fullmatch(path) for each in paths):
                    yield page.name, f"`{path}` is no path of the control API"


# --- words ---


def glossary(site):
    """(English terms, Chinese term, words to avoid) of each row."""
    page = site.pages.get("docs/glossary.md")
    for row in re.findall(r"^\|(.*)\|$", page.text if page else "", re.M)[2:]:
        cells = [cell.strip() for cell in row.split("|")]
        if len(cells) == 4:
            yield cells[0].split(", "), cells[1], [word for word in cells[3].split(", ") if word]


def avoided(site):
    """No page uses a word that the glossary rules out."""
    for _, _, words in glossary(site):
        for word in words:
            pattern = re.compile(rf"\b{re.escape(word)}s?\b", re.I)
            for page in site.pages.values():
                if page.name != "docs/glossary.md" and not page.name.startswith("tests/") and pattern.search(page.prose):
                    yield page.name, f"uses “{word}”, which the glossary rules out"


def terms(site):
    """Where a heading has a term of the glossary, the Chinese one has the Chinese term."""
    rows = [(re.compile(rf"(?<![\w-]){re.escape(term)}s?(?![\w-])", re.I), chinese) for terms_, chinese, _ in glossary(site) for term in terms_]
    for page, other in site.pairs():
        for (_, english), (_, chinese) in zip(page.headings, other.headings):
            for pattern, term in rows:
                if pattern.search(english) and term not in chinese:
                    yield other.name, f"the heading “{chinese}” has not “{term}”, as “{english}” asks for"


CHECKS = [links, lengths, both_languages, headings, blocks, names, runnable, examples, copied, catalogued, avoided, terms]
