"""HTTP over one connection that is kept, for requests that are made one after the other."""

import json
import socket
import time

PATIENCE = 120  # seconds for an answer


class Failure(Exception):
    """One line for the terminal: what, where, what to do."""


class Late(Failure):
    """No answer within PATIENCE."""


class Client:
    def __init__(self, port):
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def exchange(self, request):
        """Sends a request; the head and the body of its answer."""
        self.socket.sendall(request)
        received = self.receive()
        while b"\r\n\r\n" not in received:
            received += self.receive()
        head, _, body = received.partition(b"\r\n\r\n")
        if b"\r\ntransfer-encoding: chunked" in head.lower():
            return head + b"\r\n\r\n", self.chunks(body)
        left = content_length(head) - len(body)
        parts = [body]
        while left > 0:
            parts.append(self.receive())
            left -= len(parts[-1])
        return head + b"\r\n\r\n", b"".join(parts)

    def chunks(self, received):
        """A body in chunks, of which something has been received."""
        parts = []
        while not parts or parts[-1]:
            while b"\r\n" not in received:
                received += self.receive()
            size, _, received = received.partition(b"\r\n")
            whole = bytearray(received)
            while len(whole) < int(size, 16) + 2:
                whole += self.receive()
            parts.append(bytes(whole[:int(size, 16)]))
            received = bytes(whole[int(size, 16) + 2:])
        return b"".join(parts)

    def receive(self):
        try:
            received = self.socket.recv(1 << 18)
        except TimeoutError:
            raise Late(f"the server on port {self.port} did not answer within {PATIENCE} s") from None
        if not received:
            raise Failure(f"the server on port {self.port} closed the connection; its log says why")
        return received

    def control(self, method, target, value=None):
        """A request to the control API: the text of its answer."""
        body = b"" if value is None else json.dumps(value).encode()
        head, answer = self.exchange(f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                                     f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        status = int(head.split(b" ", 2)[1])
        if not 200 <= status < 300:
            raise Failure(f"{method} {target} was answered with status {status}: {answer[:300].decode()}")
        return answer


def content_length(head):
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise Failure("an answer has no Content-Length: " + head[:300].decode(errors="replace"))


def first_answer(port, process, deadline=600):
    """Waits until GET /health on the port is answered."""
    request = f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        try:
            with Client(port) as client:
                client.exchange(request)
                return
        except ConnectionRefusedError:
            if process.poll() is not None:
                raise Failure(f"the server on port {port} ended with exit code {process.returncode}") from None
            time.sleep(0.0001)
    raise Failure(f"the server on port {port} did not answer within {deadline} s")
