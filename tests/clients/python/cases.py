"""Plays the cases that every client is held to (../README.md): their steps, and what must come."""

import collections
import json
import os
import pathlib

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent.parent

# How a call is signed, sent and carried.
Way = collections.namedtuple("Way", "signature method transport")
SIGNATURES = ("TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256")
METHODS = ("POST", "GET")
TRANSPORTS = ("http", "https", "http proxy", "https proxy")


class Refused(Exception):
    """The API's error, whatever the client makes of it."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


def load(file):
    return json.loads((FOLDER / file).read_text(encoding="utf-8"))


def everything(book, ways):
    """Each case in each way if it is marked `everywhere`, else in the first one, as parameters of a test."""
    return [pytest.param(case, way, id=" | ".join([case["name"], *filter(None, way)]))
            for case in book["cases"] for way in (ways if case.get("everywhere") else ways[:1])]


def differences(wanted, was, path="answer"):
    """What an answer lacks of the wanted one; more members are welcome, and null is no member."""
    if isinstance(wanted, dict) and isinstance(was, dict):
        return [line for name, part in wanted.items() for line in differences(part, was.get(name), f"{path}.{name}")]
    if isinstance(wanted, list) and isinstance(was, list) and len(wanted) == len(was):
        return [line for index, part in enumerate(wanted) for line in differences(part, was[index], f"{path}[{index}]")]
    return [] if wanted == was else [f"{path}: wanted {_text(wanted)}, was {_text(was)}"]


def _text(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 300 else f"{text[:300]}..."


def play(case, account, client_of):
    """`client_of(**settings)` makes a client, for the settings that a step names (`language`, `secret_key`, ...); `client(step)`
    is the answer to its call. Gives the names of the actions that were called."""
    clients, actions = {}, []
    for number, step in enumerate(case["steps"], 1):
        if "control" in step:
            control = step["control"]
            wanted, was = step.get("answer", {}), account.control(control["method"], control["path"], control.get("body"))
        else:
            settings = {name: step[name] for name in ("language", "region", "secret_id", "secret_key") if name in step}
            key = tuple(settings.items())
            if key not in clients:
                clients[key] = client_of(**settings)
            wanted, was = _call(step, clients[key])
            actions.append(step["action"])
        wrong = differences(wanted, was)
        if wrong:
            pytest.fail("\n".join([f"step {number}, {step.get('action', 'control')}:", *wrong]), pytrace=False)
    return actions


def _call(step, client):
    """What should have come of a call, and what came. `code` and `message` are of an error."""
    error = {name: step[name] for name in ("code", "message") if name in step}
    try:
        was = client(step)
    except Refused as refused:
        return error or step["answer"], {"code": refused.code, "message": refused.message}
    return error or step["answer"], was


def passed(client, actions, way):
    """Tells the matrix of the calls of a case that has passed."""
    if "CVM_MATRIX" not in os.environ:
        return
    lines = [json.dumps({"client": client, "call": action, "dialect": f"{way.signature} {way.method}", "transport": way.transport})
             for action in actions]
    with open(os.environ["CVM_MATRIX"], "a", encoding="utf-8") as matrix:
        matrix.write("".join(f"{line}\n" for line in lines))
