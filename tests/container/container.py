"""An image from its archive, and containers of it, run by runc as an engine would: PID 1 of a namespace of its own, a
read-only root, no capabilities. Needs root. The network is the caller's.
"""

import http.client
import json
import os
import pathlib
import signal
import ssl
import subprocess
import tarfile
import tempfile
import time
import uuid

PORT = 8213
PATIENCE = 20  # seconds; nothing passes or fails for being slower than this only


class Image:
    """What `docker load` would see in an archive, unpacked into `folder`."""

    def __init__(self, archive, folder):
        self.entries = {}
        self.root = pathlib.Path(folder) / "root"
        self.root.mkdir()
        with tarfile.open(archive) as outer:
            manifest = json.load(outer.extractfile("manifest.json"))
            [image] = manifest
            self.tags = image["RepoTags"]
            self.config = json.load(outer.extractfile(image["Config"]))["config"]
            for layer in image["Layers"]:
                with tarfile.open(fileobj=outer.extractfile(layer)) as inner:
                    for entry in inner:
                        self.entries[entry.name.strip("/")] = entry
                    inner.extractall(self.root, numeric_owner=True)

    @property
    def program(self):
        return self.root / self.config["Entrypoint"][0].lstrip("/")

    def environment(self, more):
        return [*self.config.get("Env", []), *(f"{name}={value}" for name, value in more.items())]


class Container:
    """`with Container(image) as it:` starts it; at the end of the block it is killed if it still runs."""

    def __init__(self, image, arguments=None, user=None, environment=None, volumes=None, read_only=True):
        self.image = image
        self.name = f"cvm-test-{uuid.uuid4().hex[:12]}"
        uid, _, gid = (user or image.config.get("User") or "0:0").partition(":")
        command = image.config["Entrypoint"] + (image.config.get("Cmd") or []) if arguments is None else arguments
        self.spec = {
            "ociVersion": "1.0.2",
            "process": {
                "user": {"uid": int(uid), "gid": int(gid or 0)},
                "args": command,
                "env": image.environment(environment or {}),
                "cwd": image.config.get("WorkingDir") or "/",
                "capabilities": {kind: [] for kind in ("bounding", "effective", "inheritable", "permitted", "ambient")},
                "noNewPrivileges": True,
            },
            "root": {"path": str(image.root), "readonly": read_only},
            "mounts": [
                {"destination": "/proc", "type": "proc", "source": "proc"},
                *({"destination": inside, "type": "bind", "source": str(outside), "options": ["rbind", "rw"]}
                  for outside, inside in (volumes or {}).items()),
            ],
            "linux": {"namespaces": [{"type": kind} for kind in ("pid", "mount", "ipc", "uts")]},
        }

    def __enter__(self):
        self.bundle = tempfile.TemporaryDirectory()
        (pathlib.Path(self.bundle.name) / "config.json").write_text(json.dumps(self.spec))
        self.output = open(pathlib.Path(self.bundle.name) / "output", "w+")
        self.process = subprocess.Popen(
            ["runc", "run", "--bundle", self.bundle.name, self.name], stdin=subprocess.DEVNULL, stdout=self.output,
            stderr=subprocess.STDOUT)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            subprocess.run(["runc", "kill", self.name, "KILL"], capture_output=True)
        self.process.wait(PATIENCE)
        subprocess.run(["runc", "delete", "--force", self.name], capture_output=True)
        self.output.close()
        self.bundle.cleanup()

    def said(self):
        self.output.flush()
        return (pathlib.Path(self.bundle.name) / "output").read_text()

    def ended(self):
        """Waits for the end; the exit code."""
        return self.process.wait(PATIENCE)

    def ready(self):
        """Waits until it answers."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            if self.process.poll() is not None:
                raise AssertionError(f"the container has ended with {self.process.returncode}:\n{self.said()}")
            try:
                if ask("GET", "/health")[0] == 200:
                    return self
            except OSError:
                os.sched_yield()
        raise AssertionError(f"the container does not answer:\n{self.said()}")

    def execute(self, *command):
        """What `docker exec` does."""
        return subprocess.run(["runc", "exec", self.name, *command], capture_output=True, text=True, timeout=PATIENCE)

    def status(self):
        """/proc/PID/status of its first process, seen from outside."""
        state = json.loads(subprocess.run(["runc", "state", self.name], capture_output=True, check=True).stdout)
        lines = pathlib.Path(f"/proc/{state['pid']}/status").read_text().splitlines()
        return {name: value.split() for name, value in (line.split(":", 1) for line in lines)}

    def stop(self, number=signal.SIGTERM):
        """Sends a signal and waits for the end; the exit code and the seconds that it took."""
        began = time.monotonic()
        subprocess.run(["runc", "kill", self.name, str(int(number))], check=True)
        code = self.ended()
        return code, time.monotonic() - began


def ask(method, target, body=None, host="127.0.0.1", authority=None):
    """Status and text of an answer; over HTTPS if an authority is given, whose PEM that is."""
    if authority is None:
        connection = http.client.HTTPConnection(host, PORT, timeout=PATIENCE)
    else:
        trust = ssl.create_default_context(cadata=authority)
        connection = http.client.HTTPSConnection(host, PORT, timeout=PATIENCE, context=trust)
    try:
        connection.request(method, target, body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
