"""seeds.py CASES FOLDER: writes the calls of the golden cases as inputs of the targets `call` and `fields`, a file each."""

import hashlib
import json
import pathlib
import sys


def requests_in(value):
    """Every `request` of a case, or of a list of cases."""
    if isinstance(value, list):
        for item in value:
            yield from requests_in(item)
    elif isinstance(value, dict):
        if isinstance(value.get("request"), dict) and "action" in value["request"]:
            yield value["request"]
        for name, member in value.items():
            if name != "request":
                yield from requests_in(member)


def inputs_of(request):
    """The targets and what they take: read_call() of call.cpp, fields() of fields.cpp."""
    action = request["action"]
    params = json.dumps(request.get("params", {}), ensure_ascii=False)
    first_line = [action, request.get("method", "POST"), request.get("dialect", "tc3")]
    if "version" in request:
        first_line.append(request["version"])
    yield "call", " ".join(first_line) + "\n" + params
    yield "fields", action + "\n" + params


cases, folder = map(pathlib.Path, sys.argv[1:])
for case in sorted(cases.rglob("*.json")):
    for request in requests_in(json.loads(case.read_text(encoding="utf-8"))):
        for target, text in inputs_of(request):
            content = text.encode()
            (folder / target).mkdir(parents=True, exist_ok=True)
            (folder / target / hashlib.sha1(content).hexdigest()[:12]).write_bytes(content)
