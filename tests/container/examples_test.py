#!/usr/bin/env python3
"""Tests of the examples below docker/, and of their checker: python3 tests/container/examples_test.py"""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).resolve().parents[1] / "tools")]
import examples  # noqa: E402
import plain_result  # noqa: E402

DOCKERFILE = """
# syntax=docker/dockerfile:1
ARG BASE=debian:bookworm-slim
FROM ${BASE} AS build
RUN cmake --build . \\
 && mkdir -p /image/data /image/etc/cvm-renewal-emulator/fixtures.d
EXPOSE 1
FROM scratch AS empty
USER 65532:0
FROM --platform=linux/amd64 empty
COPY --from=build --chown=65532:0 /image/ /
COPY --from=build /src/cvm-renewal-emulator /
COPY LICENSE /usr/share/doc/cvm-renewal-emulator/
ENV CVM_EMULATOR_HOST=0.0.0.0 \\
    CVM_EMULATOR_PORT=8213
EXPOSE 8213/tcp
HEALTHCHECK --interval=5s --timeout=3s CMD ["/cvm-renewal-emulator", "healthcheck"]
ENTRYPOINT ["/cvm-renewal-emulator"]
"""
IMAGE = examples.read_image(DOCKERFILE, examples.ROOT)
FILES = examples.read_files(examples.ROOT)
COMPOSE = "docker/compose.yaml"
GITHUB = "docker/examples/github-actions.yml"
GITLAB = "docker/examples/gitlab-ci.yml"
SHELL = "docker/examples/docker-run.sh"
WORKERS = "docker/examples/two-workers/test_renewals.py"
DEVCONTAINER = "docker/examples/devcontainer/devcontainer.json"
NODE = "docker/examples/testcontainers/node/renewal.test.js"
PYTHON = "docker/examples/testcontainers/python/test_renewal.py"
GO = "docker/examples/testcontainers/go/renewal_test.go"
JAVA = "docker/examples/testcontainers/java/src/test/java/example/RenewalTest.java"
MODULE = "docker/examples/testcontainers/go/go.mod"
NEXT_VERSION = "cvm-renewal-emulator:0.2.0 is not the version 0.1.0"

# A change to an example, and the line that must tell of it.
MISTAKES = [
    (COMPOSE, "127.0.0.1:8213:8213", "127.0.0.1:8213:8080", "8080 is no port of the image"),
    (COMPOSE, "CVM_ENDPOINT: http://emulator:8213", "CVM_ENDPOINT: http://emulator:80", "80 is no port of the image"),
    (COMPOSE, "state:/data", "state:/var/lib/emulator", "/var/lib/emulator is no path of the image"),
    (COMPOSE, "/data/emulator.db", "/database/emulator.db", "/database/emulator.db is no path of the image"),
    (COMPOSE, "CVM_EMULATOR_ALLOW_HOST", "CVM_EMULATOR_ALLOWED_HOST",
     "CVM_EMULATOR_ALLOWED_HOST is no variable of the emulator"),
    (COMPOSE, '"/cvm-renewal-emulator", "healthcheck"', '"curl", "http://127.0.0.1:8213/health"',
     'the health check ["CMD", "curl", "http://127.0.0.1:8213/health"] is not that of the image, '
     '["CMD", "/cvm-renewal-emulator", "healthcheck"]'),
    (COMPOSE, '["CMD", "/cvm-renewal-emulator", "healthcheck"]', "/cvm-renewal-emulator healthcheck",
     'the health check "/cvm-renewal-emulator healthcheck" is not that of the image, '
     '["CMD", "/cvm-renewal-emulator", "healthcheck"]'),
    (COMPOSE, "    read_only: true\n", "", "says nothing of `read_only: true`"),
    (COMPOSE, "    read_only: true", '    user: "1234:1234"\n    read_only: true',
     "the group 1234 is not that of the image's files"),
    (GITHUB, "8213:8213\n        #", "8213:8213\n        options: --health-cmd true\n        #",
     "--health-cmd needs a shell, which the image has not"),
    (GITHUB, "/_emulator/invariants", "/_emulator/invariant", "/_emulator/invariant is no route of the emulator"),
    (GITLAB, "cvm-renewal-emulator:0.1.0", "cvm-renewal-emulatr:0.1.0", "says nothing of `cvm-renewal-emulator:0.1.0`"),
    (SHELL, "/etc/cvm-renewal-emulator/fixtures.d", "/etc/cvm-renewal-emulator/fixtures",
     "/etc/cvm-renewal-emulator/fixtures is no path of the image"),
    (SHELL, "8213:8213", "8213:1", "1 is no port of the image"),
    (SHELL, "$url/health", "$url/healthz", "/healthz is no route of the emulator"),
    (DEVCONTAINER, '"emulator:8213": {', '"emulator:8231": {', "8231 is no port of the image"),
    (WORKERS, '"CVM_ENDPOINT"', '"CVM_EMULATR_URL"', "CVM_EMULATR_URL is no variable of the emulator"),
    (NODE, 'forHttp("/health", 8213)', 'forHttp("/health", 3000)', "3000 is no port of the image"),
    (PYTHON, "with_exposed_ports(8213)", "with_exposed_ports(18213)", "18213 is no port of the image"),
    (GO, '.WithPort("8213/tcp")', '.WithPort("8214/tcp")', "8214 is no port of the image"),
    (JAVA, "getMappedPort(8213)", "getMappedPort(8212)", "8212 is no port of the image"),
]
BROKEN = [
    (COMPOSE, "services:", "services"),
    (DEVCONTAINER, '"service":', "service:"),
    (SHELL, "esac", ""),
    (PYTHON, "def client(endpoint):", "def client(endpoint)"),
    (NODE, "let emulator,", "let emulator;;,"),
    (GO, "package renewal", ""),
    (GO, "t.Fatal(err)", "t.Fatal(err"),
    (JAVA, "class RenewalTest {", "class RenewalTest"),
    (MODULE, "module ", "modules "),
    ("docker/examples/testcontainers/java/pom.xml", "</build>", ""),
    ("docker/examples/two-workers/requirements.txt", "pytest==", "pytest "),
]


def problems_of(name, text):
    return [f"{name}: {what}" for what in examples.example_problems(name, text, IMAGE)]


class Dockerfile(unittest.TestCase):
    def test_says_what_the_image_is(self):
        self.assertEqual(
            ("cvm-renewal-emulator", ["8213"], "65532:0"), (IMAGE.product, IMAGE.ports, IMAGE.user))
        self.assertEqual(["/cvm-renewal-emulator"], IMAGE.entrypoint)
        self.assertEqual(["/cvm-renewal-emulator", "healthcheck"], IMAGE.health)
        self.assertEqual({"CVM_EMULATOR_HOST": "0.0.0.0", "CVM_EMULATOR_PORT": "8213"}, IMAGE.environment)
        self.assertEqual({"/data", "/etc/cvm-renewal-emulator/fixtures.d", "/cvm-renewal-emulator",
                          "/usr/share/doc/cvm-renewal-emulator/LICENSE"}, IMAGE.paths)

    def test_other_ways_to_make_a_folder(self):
        for line in ['VOLUME ["/data"]', "VOLUME /data", "WORKDIR /data", "COPY --chown=65532:0 empty /data",
                     "COPY --from=build /image/data /data", 'COPY ["empty", "/data/"]']:
            with self.subTest(line):
                stages = examples.stages_of("FROM scratch AS build\nRUN mkdir /image/data\nFROM scratch AS image\n" + line)
                self.assertTrue({"/data", "/data/empty"} & examples.paths_of(stages["image"], stages))

    def test_a_mistake_in_it_is_told(self):
        self.assertEqual([], list(examples.image_problems(IMAGE)))
        for old, new, line in [
                ("8213/tcp", "8213 8443", "exposes 2 ports; GitLab waits for the only one"),
                ("EXPOSE 8213/tcp", "", "exposes 0 ports; GitLab waits for the only one"),
                ("EXPOSE 8213/tcp", "EXPOSE 80", "CVM_EMULATOR_PORT is not the port that it exposes"),
                ('ENTRYPOINT ["/cvm-renewal-emulator"]', "ENTRYPOINT /cvm-renewal-emulator",
                 'ENTRYPOINT is not ["/cvm-renewal-emulator"]'),
                ('CMD ["/cvm-renewal-emulator", "healthcheck"]', "CMD /cvm-renewal-emulator healthcheck",
                 "HEALTHCHECK is no command of /cvm-renewal-emulator in exec form"),
                ("65532:0\n", "root\n", "USER is `root`, not a number that is not 0, with the group 0"),
                ("CVM_EMULATOR_HOST=", "CVM_EMULATOR_ADDRESS=",
                 "ENV sets CVM_EMULATOR_ADDRESS, which is no variable of the emulator")]:
            with self.subTest(line):
                image = examples.read_image(DOCKERFILE.replace(old, new), examples.ROOT)
                self.assertIn(line, list(examples.image_problems(image)))


class Checker(unittest.TestCase):
    def test_a_mistake_in_an_example_is_told_in_one_line(self):
        for name, old, new, what in MISTAKES:
            with self.subTest(name=name, new=new):
                self.assertIn(old, FILES[name])
                before = problems_of(name, FILES[name])
                after = problems_of(name, FILES[name].replace(old, new, 1))
                self.assertEqual([f"{name}: {what}"], [line for line in after if line not in before])

    def test_another_version_is_told_wherever_an_example_names_the_image(self):
        named = [name for name in FILES if "cvm-renewal-emulator:0.1.0" in FILES[name]]
        self.assertGreaterEqual(len(named), 9)
        for name in named:
            found = problems_of(name, FILES[name].replace(":0.1.0", ":0.2.0"))
            self.assertIn(f"{name}: {NEXT_VERSION}", found)

    def test_a_file_that_does_not_parse_is_told_in_one_line(self):
        for name, old, new in BROKEN:
            with self.subTest(name=name, new=new):
                self.assertIn(old, FILES[name])
                found = problems_of(name, FILES[name].replace(old, new, 1))
                self.assertEqual(1, len(found), found)
                self.assertRegex(found[0], rf"^{name}: does not parse: .+$")

    def test_a_missing_example_is_told_in_one_line(self):
        present = examples.problems(FILES, IMAGE)
        absent = examples.problems({}, IMAGE)
        for name in [*examples.REQUIRED, examples.DOCS]:
            with self.subTest(name):
                self.assertEqual(1, absent.count(f"{name}: missing"))
                self.assertNotIn(f"{name}: missing", present)

    def test_a_file_of_an_unknown_kind_is_told(self):
        self.assertEqual(["docker/examples/Makefile: is of no kind that is known here"],
                         problems_of("docker/examples/Makefile", "all:\n"))

    def test_an_example_that_the_docs_do_not_link_to_is_told(self):
        docs = FILES[examples.DOCS].replace("docker/examples/gitlab-ci.yml", "docker/examples/gitlab.yml")
        self.assertIn(f"{examples.DOCS}: no link leads to {GITLAB}",
                      list(examples.docs_problems({**FILES, examples.DOCS: docs})))

    def test_other_services_of_a_compose_file_have_ports_and_paths_of_their_own(self):
        text = FILES[COMPOSE].replace("  client:", '  proxy:\n    image: haproxy:3\n    ports: ["8404:8404"]\n'
                                      '    volumes: ["./h:/usr/local/etc/haproxy"]\n  client:')
        self.assertEqual(problems_of(COMPOSE, FILES[COMPOSE]), problems_of(COMPOSE, text))

    def test_without_a_dockerfile_there_is_one_line(self):
        self.assertEqual(["docker/Dockerfile: missing"], examples.all_problems(pathlib.Path(__file__).parent))


class Repository(unittest.TestCase):
    def test_the_examples_agree_with_the_image(self):
        self.assertEqual([], examples.all_problems(examples.ROOT))


if __name__ == "__main__":
    sys.exit(plain_result.run())
