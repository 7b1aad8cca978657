#!/usr/bin/env python3
"""Checks the examples below docker/ against the image that docker/Dockerfile makes.

python3 tests/container/examples.py

Nothing is written down twice: ports, paths, user and health check are those of the Dockerfile, the version is CMake's, the
variables are those of the flags (of the binary that CVM_EMULATOR_BINARY names, else of server/options.cpp), the routes are
those of openapi.json. Needs python3-yaml, bash and node.
"""

import ast
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCS = "docs/how-to/containers.md"

# Every example that must be there, with what it must say; {image} is name and version.
REQUIRED = {
    "docker/compose.yaml": ["{image}", "CVM_EMULATOR_DB", "/data", "service_healthy", "healthcheck:", "read_only: true"],
    "docker/examples/renew.py": ["RenewInstances"],
    "docker/examples/github-actions.yml": ["{image}", "services:", "ports:", "docker load"],
    "docker/examples/gitlab-ci.yml": ["{image}", "services:", "alias: emulator", "CVM_EMULATOR_TLS_NAME: emulator"],
    "docker/examples/docker-run.sh": ["{image}", "--publish", "/data", "ca.pem", "--proxy"],
    "docker/examples/devcontainer/devcontainer.json": ["compose.yaml", "forwardPorts"],
    "docker/examples/devcontainer/compose.yaml": ["{image}", "CVM_EMULATOR_ALLOW_HOST: emulator", "service_healthy"],
    "docker/examples/testcontainers/go/go.mod": ["testcontainers-go v"],
    "docker/examples/testcontainers/go/renewal_test.go": ["{image}", "WithExposedPorts(", "/health", "RenewInstances"],
    "docker/examples/testcontainers/java/pom.xml": ["tencentcloud-sdk-java-cvm", "testcontainers"],
    "docker/examples/testcontainers/java/src/test/java/example/RenewalTest.java":
        ["{image}", "withExposedPorts(", "/health", "RenewInstances"],
    "docker/examples/testcontainers/node/package.json": ["tencentcloud-sdk-nodejs-cvm", "testcontainers"],
    "docker/examples/testcontainers/node/renewal.test.js":
        ["{image}", "withExposedPorts(", "/health", "RenewInstances"],
    "docker/examples/testcontainers/python/requirements.txt": ["tencentcloud-sdk-python-cvm==", "testcontainers=="],
    "docker/examples/testcontainers/python/test_renewal.py":
        ["{image}", "with_exposed_ports(", "/health", "RenewInstances"],
    "docker/examples/two-workers/requirements.txt": ["pytest-xdist=="],
    "docker/examples/two-workers/test_renewals.py": ["{image}", "/_emulator/accounts", "RenewInstances"],
}

OWN_VARIABLES = {"CVM_ENDPOINT"}  # of the examples; any other CVM_* must be one of the emulator's
SYSTEM_FOLDERS = {"", "/etc", "/home", "/opt", "/run", "/srv", "/tmp", "/usr", "/var"}
ELSEWHERE = ("/usr/bin/env", "/workspaces/")  # paths that are not in the image
USER = r"""(?:--user[ =]|\buser: )["']?\d+:(\d+)"""

Image = collections.namedtuple("Image", "product version ports entrypoint health user environment paths variables routes")
Example = collections.namedtuple("Example", "name text document")


# --- the image ---------------------------------------------------------------


def instructions(dockerfile):
    """(KEYWORD, the rest) of each instruction, continued lines joined."""
    text = "\n".join(line for line in dockerfile.splitlines() if not line.lstrip().startswith("#"))
    for line in text.replace("\\\n", " ").splitlines():
        keyword, _, rest = line.strip().partition(" ")
        if keyword:
            yield keyword.upper(), rest.strip()


def stages_of(dockerfile):
    """Stages by name or number, each with the instructions of the stage that it is made from. The last is the image."""
    stages = {}
    stage = []
    for keyword, rest in instructions(dockerfile):
        if keyword != "FROM":
            stage.append((keyword, rest))
            continue
        words = [word for word in rest.split() if not word.startswith("--")]
        stage = list(stages.get(words[0], []))
        stages[words[2] if len(words) > 2 else str(len(stages))] = stage
    return stages


def list_of(rest):
    """["exec", "form"]; nothing of a shell form."""
    try:
        return json.loads(rest)
    except ValueError:
        return []


def copied(rest, stages):
    """The paths that a COPY makes: its target, and there what the stage that it copies from has made below its source."""
    origin = re.search(r"--from=(\S+)", rest)
    *sources, target = list_of(rest) or [word for word in rest.split() if not word.startswith("--")]
    made = " ".join(run for keyword, run in stages.get(origin[1], []) if keyword == "RUN") if origin else ""
    for source in sources:
        below = re.findall(re.escape(source.rstrip("/")) + r"(/[\w./-]+)", made)
        yield from (target.rstrip("/") + path for path in below)
        into = target.endswith("/") and not source.endswith("/")
        yield target + source.rsplit("/", 1)[-1] if into else target


def paths_of(stage, stages):
    """The paths that the image is known to have. That there is an /etc says nothing of what lies in it."""
    paths = set()
    for keyword, rest in stage:
        if keyword == "COPY":
            paths.update(copied(rest, stages))
        if keyword in ("VOLUME", "WORKDIR"):
            paths.update(list_of(rest) or rest.split())
    return {path.rstrip("/") for path in paths} - SYSTEM_FOLDERS


def variables_of(root):
    source = (root / "server/options.cpp").read_text()
    tables = {name: re.findall(r'"([A-Z_]+)"', words)
              for name, words in re.findall(r"string_view, \d+> (\w+)\{([^}]*)\}", source)}
    flags = {"CVM_EMULATOR_" + name for name in tables["flags"]}
    binary = os.environ.get("CVM_EMULATOR_BINARY")
    if binary:
        usage = subprocess.run([binary, "--help"], capture_output=True, text=True, check=True).stdout
        flags = set(re.findall(r"Env:(CVM_EMULATOR_\w+)", usage))
    return flags | {"CVM_EMULATOR_" + name for name in tables["client_variables"]}


def routes_of(root):
    paths = json.loads((root / "server/control/openapi.json").read_text())["paths"]
    return [re.sub(r"\{\w+\}", "[^/]+", path) for path in ["/_emulator", *paths]]


def read_image(dockerfile, root):
    product, version = re.search(r"project\((\S+) VERSION (\S+)", (root / "CMakeLists.txt").read_text()).groups()
    stages = stages_of(dockerfile)
    stage = list(stages.values())[-1]
    last = dict(stage)
    check = re.sub(r"--\S+\s+", "", last.get("HEALTHCHECK", ""))
    environment = dict(re.findall(r"(\w+)=(\S+)", " ".join(rest for keyword, rest in stage if keyword == "ENV")))
    ports = [port.split("/")[0] for keyword, rest in stage if keyword == "EXPOSE" for port in rest.split()]
    return Image(product, version, ports, list_of(last.get("ENTRYPOINT", "")), list_of(check.partition("CMD")[2]),
                 last.get("USER", ""), environment, paths_of(stage, stages), variables_of(root), routes_of(root))


def image_problems(image):
    if len(image.ports) != 1:
        yield f"exposes {len(image.ports)} ports; GitLab waits for the only one"
    if image.entrypoint != ["/" + image.product]:
        yield f'ENTRYPOINT is not ["/{image.product}"]'
    if image.health[:1] != image.entrypoint or len(image.health) < 2:
        yield f"HEALTHCHECK is no command of /{image.product} in exec form"
    if not re.fullmatch(r"[1-9]\d*:0", image.user):
        yield f"USER is `{image.user}`, not a number that is not 0, with the group 0"
    for name in sorted(image.environment):
        if name.startswith("CVM_") and name not in image.variables:
            yield f"ENV sets {name}, which is no variable of the emulator"
    if image.environment.get("CVM_EMULATOR_PORT", image.ports[0] if image.ports else "") not in image.ports:
        yield "CVM_EMULATOR_PORT is not the port that it exposes"


# --- how each kind of file is read -------------------------------------------


def run(*command):
    def parse(text):
        done = subprocess.run(command, input=text, capture_output=True, text=True)
        if done.returncode:
            raise ValueError(" ".join(done.stderr.split())[:200])
    return parse


def json_with_comments(text):
    return json.loads(re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*', lambda found: found[1] or "", text))


def braces(text):
    """Enough for Go and Java: brackets that close each other, outside strings and comments."""
    closes = {")": "(", "]": "[", "}": "{"}
    opened = []
    for sign in re.sub(r'"(?:\\.|[^"\\\n])*"|`[^`]*`|//[^\n]*', "", text):
        if sign in closes.values():
            opened.append(sign)
        elif sign in closes and (not opened or opened.pop() != closes[sign]):
            raise ValueError(f"a `{sign}` closes nothing")
    if opened or not re.search(r"^package \w+", text, re.M):
        raise ValueError(f"a `{opened[-1]}` is not closed" if opened else "no package")


def lines(pattern):
    def parse(text):
        for line in text.splitlines():
            if line and not re.fullmatch(pattern, line):
                raise ValueError(f"`{line}` is no line of its kind")
    return parse


PARSERS = {
    ".yml": yaml.safe_load,
    ".yaml": yaml.safe_load,
    ".json": json_with_comments,
    ".sh": run("bash", "-n"),
    ".py": ast.parse,
    ".js": run("node", "--check", "-"),
    ".java": braces,
    ".go": braces,
    ".xml": xml.etree.ElementTree.fromstring,
    ".mod": lines(r"module \S+|go [\d.]+|require \(|\t\S+ v[\d.]+|\)"),
    ".txt": lines(r"[\w-]+==[\w.]+"),
    ".md": str,
}


# --- the checks: each yields what is wrong with an example -------------------


def services_of(example, image):
    """The services of a compose file that run the image; None of another kind of file."""
    services = example.document.get("services") if isinstance(example.document, dict) else None
    if not isinstance(services, dict):
        return None
    return {name: service for name, service in services.items() if image.product in str(service.get("image"))}


def about_the_image(example, image):
    """The text, without services that run other images: their ports and paths are their own, but for `emulator:8213`."""
    services = services_of(example, image)
    if services is None:
        return example.text
    calls = re.findall(rf"\b(?:{'|'.join(map(re.escape, services))}):\d+\S*", example.text) if services else []
    return yaml.safe_dump({**example.document, "services": services}, width=10000) + "\n".join(calls)


def check_tags(example, image):
    for tag in re.findall(rf"{image.product}:([\w.-]+)", example.text):
        if tag != image.version:
            yield f"{image.product}:{tag} is not the version {image.version}"


def check_variables(example, image):
    for name in re.findall(r"\bCVM_[A-Z_]*[A-Z]", example.text):
        if name not in image.variables | OWN_VARIABLES:
            yield f"{name} is no variable of the emulator"


def check_routes(example, image):
    for after_port, other in re.findall(r":\d{2,5}(/[\w./-]+)|(/_emulator[\w./-]*|/health\w*)", example.text):
        route = (after_port or other).rstrip("/.")
        if not any(re.fullmatch(known, route) for known in image.routes):
            yield f"{route} is no route of the emulator"


def check_ports(example, image):
    """Any number of four or five digits is taken for a port, and any behind a colon."""
    found = r"(?<![\w.-])\d{4,5}(?![\w-]|\.\d)|(?<=[\w\]}]:)\d{1,5}(?![\w-]|\.\d)"
    for port in re.findall(found, re.sub(USER, "", about_the_image(example, image))):
        if port not in image.ports:
            yield f"{port} is no port of the image"


def check_paths(example, image):
    """Absolute paths; those of JSON pointers begin with a capital."""
    for path in re.findall(r"(?<![\w./}$<*@-])/[a-z][\w./-]*", about_the_image(example, image)):
        path = path.rstrip("/.")
        known = path in image.paths or any(path.startswith(folder + "/") for folder in image.paths)
        if not known and not path.startswith(ELSEWHERE) and path not in image.routes:
            yield f"{path} is no path of the image"


def check_health(example, image):
    for service in (services_of(example, image) or {}).values():
        test = service.get("healthcheck", {}).get("test", ["CMD", *image.health])
        if test != ["CMD", *image.health]:
            yield f"the health check {json.dumps(test)} is not that of the image, {json.dumps(['CMD', *image.health])}"
    if "--health-cmd" in re.sub(r"(?m)(^|\s)(#|//).*", "", example.text):
        yield "--health-cmd needs a shell, which the image has not"


def check_user(example, image):
    for group in re.findall(USER, example.text):
        if group != image.user.partition(":")[2]:
            yield f"the group {group} is not that of the image's files"


def check_content(example, image):
    for needed in REQUIRED.get(example.name, []):
        needed = needed.replace("{image}", f"{image.product}:{image.version}")
        if needed not in example.text:
            yield f"says nothing of `{needed}`"


CHECKS = [check_tags, check_variables, check_routes, check_ports, check_paths, check_health, check_user, check_content]
CHECKS_OF_DOCS = [check_tags, check_variables, check_routes, check_user]


# --- all of it ---------------------------------------------------------------


def example_problems(name, text, image):
    try:
        example = Example(name, text, PARSERS[pathlib.PurePath(name).suffix](text))
    except KeyError:
        yield "is of no kind that is known here"
        return
    except (ValueError, SyntaxError, yaml.YAMLError) as error:
        yield f"does not parse: {' '.join(str(error).split())}"
        return
    for check in CHECKS_OF_DOCS if name == DOCS else CHECKS:
        yield from dict.fromkeys(check(example, image))


def docs_problems(files):
    """The how-to links to every recipe, which may be one of the files of a folder."""
    links = re.findall(r"\]\(\.\./\.\./(docker/[\w./-]+)\)", files.get(DOCS, ""))
    for name in sorted(REQUIRED):
        if not any(name == link or name.startswith(link.rstrip("/") + "/") for link in links):
            yield f"{DOCS}: no link leads to {name}"


def problems(files, image):
    """Lines `file: what` about {name: text}."""
    found = [f"docker/Dockerfile: {what}" for what in image_problems(image)]
    found += [f"{name}: missing" for name in [*REQUIRED, DOCS] if name not in files]
    for name, text in sorted(files.items()):
        found += [f"{name}: {what}" for what in example_problems(name, text, image)]
    return found + list(docs_problems(files))


def read_files(root):
    paths = [*root.glob("docker/*.yaml"), *root.glob("docker/examples/**/*"), root / DOCS]
    return {str(path.relative_to(root)): path.read_text() for path in paths if path.is_file()}


def all_problems(root):
    dockerfile = root / "docker/Dockerfile"
    if not dockerfile.is_file():
        return ["docker/Dockerfile: missing"]
    return problems(read_files(root), read_image(dockerfile.read_text(), root))


if __name__ == "__main__":
    wrong = all_problems(ROOT)
    print("\n".join(wrong))
    sys.exit(bool(wrong))
