"""seeds.py ROOT FOLDER: writes what libFuzzer begins with besides the corpora. FOLDER/<target>/: the calls of the golden
cases, for `call` and `fields`, and the requests of openapi.json, for `control`. FOLDER/<target>.dict: the words of their
inputs and, for `document`, those of the JSON Schema."""

import hashlib
import json
import pathlib
import sys


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def objects_in(value):
    """Every object in a tree, itself included."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from objects_in(item)


def golden_calls(folder):
    for case in sorted(folder.rglob("*.json")):
        for of in objects_in(read(case)):
            if isinstance(of.get("request"), dict) and "action" in of["request"]:
                yield of["request"]


def call_input(request):
    """What read_call() of call.cpp reads."""
    line = [request["action"], request.get("method", "POST"), request.get("dialect", "tc3")]
    if "version" in request:
        line.append(request["version"])
    return " ".join(line) + "\n" + json.dumps(request.get("params", {}), ensure_ascii=False)


def fields_input(request):
    return request["action"] + "\n" + json.dumps(request.get("params", {}), ensure_ascii=False)


def control_inputs(openapi):
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            for content in operation.get("requestBody", {}).get("content", {"": {}}).values():
                body = content.get("example", "")
                yield f"{method.upper()} {path}\n" + (body if isinstance(body, str) else json.dumps(body))


def words_of_schemas(tree):
    """The names of properties and the words that are listed, quoted as in a document."""
    for schema in objects_in(tree):
        names = schema.get("properties", {})
        listed = schema.get("enum", [])
        yield from (json.dumps(word) for word in (*names, *listed, schema.get("const")) if isinstance(word, str))


def words_of_queries(openapi):
    return (of["name"] + "=" for of in objects_in(openapi) if of.get("in") == "query")


def words_of_params(requests):
    for request in requests:
        for of in objects_in(request.get("params", {})):
            yield from map(json.dumps, of)


def write_inputs(folder, texts):
    folder.mkdir(parents=True, exist_ok=True)
    for content in {text.encode() for text in texts}:
        (folder / hashlib.sha1(content).hexdigest()[:12]).write_bytes(content)


def write_words(path, words):
    """The syntax of libFuzzer's dictionaries: a word a line, in quotes."""
    spelled = {"".join(chr(b) if 0x20 <= b < 0x7F and b not in b'"\\' else f"\\x{b:02x}" for b in word.encode())
               for word in words}
    path.write_text("".join(f'"{word}"\n' for word in sorted(spelled)), encoding="ascii")


root, folder = map(pathlib.Path, sys.argv[1:])
calls = list(golden_calls(root / "fixtures/cases"))
openapi = read(root / "server/control/openapi.json")
schema = read(root / "fixtures/state.schema.json")
next_part = "\n---\n"
write_inputs(folder / "call", map(call_input, calls))
write_inputs(folder / "fields", map(fields_input, calls))
write_inputs(folder / "control", control_inputs(openapi))
write_words(folder / "call.dict", {next_part, *words_of_params(calls)})
write_words(folder / "fields.dict", words_of_params(calls))
write_words(folder / "control.dict",
            {next_part, *openapi["paths"], *words_of_queries(openapi), *words_of_schemas(openapi)})
write_words(folder / "document.dict", words_of_schemas(schema))
