"""The servers that are measured, each a process of its own on a core of its own: the emulator, the bare Beast server
and nginx. Their CPU time and their memory.
"""

import contextlib
import ctypes
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

from client import Client, Failure, first_answer

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "release"
READY = re.compile(r"Ready\. http://127\.0\.0\.1:(\d+)$")
STOP_PATIENCE = 60  # seconds


class Cores:
    """One core for the server, one for the load; the same for both, and nothing pinned, where there is one only."""

    def __init__(self):
        mine = sorted(os.sched_getaffinity(0))
        self.server, self.load = {mine[0]}, {mine[-1]}
        os.sched_setaffinity(0, self.load)

    @contextlib.contextmanager
    def for_server(self):
        # A child begins on the cores of its parent. taskset would add its own start to that of the server.
        os.sched_setaffinity(0, self.server)
        try:
            yield
        finally:
            os.sched_setaffinity(0, self.load)


CORES = Cores()


def clean_environment():
    """Without the settings of whoever runs it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CVM_EMULATOR_")}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start(command, **more):
    with CORES.for_server():
        return subprocess.Popen([str(part) for part in command], env=clean_environment(), **more)


class Server:
    """A running server. `folder` is where it keeps its files."""

    def __init__(self, command, folder, port=None):
        self.log = pathlib.Path(folder) / "log"
        self.name = pathlib.Path(command[0]).name
        with open(self.log, "wb") as log:
            self.process = start(command, stdout=subprocess.PIPE, stderr=log, cwd=folder)
        try:
            self.port = port or self.read_port()
            self.clock = cpu_clock(self.process.pid)
            if port:
                first_answer(port, self.process)
        except BaseException:
            self.stop()
            raise

    def read_port(self):
        ready = READY.match(self.process.stdout.readline().decode().rstrip())
        if not ready:
            self.process.wait()
            end = self.log.read_text(errors="replace")[-500:].strip()
            raise Failure(f"{self.name} did not get ready (exit code {self.process.returncode}): {end}")
        return int(ready[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def client(self):
        return Client(self.port)

    def cpu_seconds(self):
        return time.clock_gettime(self.clock)

    def idle_cpu_seconds(self):
        """cpu_seconds() once nothing is left to do: a load that ends leaves requests behind."""
        before = self.cpu_seconds()
        while True:
            time.sleep(0.02)
            now = self.cpu_seconds()
            if now - before < 0.001:
                return now
            before = now

    def memory(self, what="VmRSS"):
        """Bytes; of what is in memory now, or was at most (VmHWM)."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{what}:\s+(\d+) kB$", status, re.MULTILINE)[1]) * 1024


def cpu_clock(process):
    """The clock of all CPU time, user's and system's, of a process. /proc/PID/stat has the same in steps of 10 ms."""
    clock = ctypes.c_int()
    problem = ctypes.CDLL(None).clock_getcpuclockid(process, ctypes.byref(clock))
    if problem:
        raise Failure(f"no CPU clock for process {process}: {os.strerror(problem)}")
    return clock.value


def emulator_command(port, *flags):
    return [BUILD / "cvm-renewal-emulator", "--port", port, *flags]


def bare_beast_command(file, port):
    return [BUILD / "tests" / "bare_beast", file, port]


def emulator(folder, *flags):
    return Server(emulator_command(0, *flags), folder)


def bare_beast(folder, answer):
    file = pathlib.Path(folder) / "answer.json"
    file.write_bytes(answer)
    return Server(bare_beast_command(file, 0), folder)


NGINX = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        default_type application/json;
        location / {{ return 200 "{text}"; }}
    }}
}}
"""


def nginx(folder, answer):
    port = free_port()
    config = pathlib.Path(folder) / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, text="x" * len(answer)))
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    return Server([binary, "-p", folder, "-e", "stderr", "-c", config], folder, port)
