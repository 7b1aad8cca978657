#!/usr/bin/env python3
"""Writes the files of a new action from what the vendor's metadata says of it.

tests/run scaffold PRODUCT ACTION [--codes FILE.json]

The metadata are the api.json and examples.json of the PyPI package tccli. Names, types and values are taken from it;
its texts are the vendor's and are not.
"""

import argparse
import bisect
import collections
import difflib
import json
import os
import pathlib
import re
import sys
import urllib.parse

DEFAULT_PRODUCT = "cvm"
DEFAULT_VERSION = "2017-03-12"
METADATA = "build/tools/tccli/tccli"
READS = re.compile(r"(Describe|Inquir[ye]|Get|List|Query)[A-Z]")
COLUMNS = 120


class Refusal(Exception):
    """One line for the terminal: what, where, what to do."""


def near(name, names):
    """"; did you mean ...", or nothing."""
    folded = {known.lower(): known for known in names}
    found = [folded[match] for match in difflib.get_close_matches(name.lower(), folded, n=3, cutoff=0.7)]
    return f"; did you mean {' or '.join(found)}?" if found else ""


def read_text(path):
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}; is --root the top of the repository?") from error


def read_json(path):
    try:
        return json.loads(read_text(path))
    except ValueError as error:
        raise Refusal(f"{path}: not JSON ({error}); repair it") from error


def json_text(value, indent):
    return json.dumps(value, indent=indent, ensure_ascii=False) + "\n"


def snake_case(name):
    # As CMakeLists.txt does it.
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


# --- metadata ----------------------------------------------------------------


class Field:
    """A parameter: `kind` is a word of server/api/fields.hpp, or None where that has none."""

    def __init__(self, name, kind, required, struct=None, members=()):
        self.name, self.kind, self.required = name, kind, required
        self.struct = struct  # name of the structure
        self.members = list(members)

    def shape(self):
        """What two fields must have in common for one to stand for the other; a helper may differ in the sign."""
        kind = "integer" if self.kind == "unsigned_integer" else self.kind
        return (self.name, kind, self.required, shape_of(self.members))


def shape_of(fields):
    return frozenset(field.shape() for field in fields)


class Metadata:
    def __init__(self, folder, product, action):
        self.product, self.action = product, action
        services = folder / "services"
        if not services.is_dir() and (folder / "tccli/services").is_dir():
            services = folder / "tccli/services"
        if not services.is_dir():
            raise Refusal(f"no metadata: {services} is missing; name the folder of the package tccli with --metadata")
        products = sorted(entry.name for entry in services.iterdir() if entry.is_dir())
        if product not in products:
            raise Refusal(f"no product {product} in {services}{near(product, products) or '; look there'}")
        versions = sorted(services.joinpath(product).glob("v*/api.json"), reverse=True)
        known = set()
        for path in versions:
            content = read_json(path)
            known |= content["actions"].keys()
            if action in content["actions"]:
                break
        else:
            hint = near(action, known) or "; look in its api.json"
            raise Refusal(f"{product} has no action {action} in {services / product}{hint}")
        self.content = content
        self.page = content["actions"][action]
        self.objects = content["objects"]
        folder_version = re.sub(r"v(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", path.parent.name)
        self.version = content.get("metadata", {}).get("apiVersion") or folder_version
        examples = path.with_name("examples.json")
        self.examples = read_json(examples)["actions"].get(action, []) if examples.exists() else []
        self.fields = self.fields_of(self.page["input"], ())

    def members_of(self, struct):
        return self.objects.get(struct, {}).get("members") or []

    def fields_of(self, struct, above):
        return [self.field_of(member, above + (struct,)) for member in self.members_of(struct)]

    def field_of(self, member, above):
        kinds = {"string": "string", "bool": "boolean", "int": "integer", "object": "object"}
        of_lists = {"string": "strings", "int64": "integers", "uint64": "integers"}
        kind, inner = member["type"], member["member"]
        is_struct = inner in self.objects
        if kind == "list":
            kind = "objects" if is_struct else of_lists.get(inner)
        elif kind == "int" and inner == "uint64":
            kind = "unsigned_integer"
        else:
            kind = kinds.get(kind)
        if kind not in ("object", "objects"):
            return Field(member["name"], kind, member["required"])
        if inner in above:  # a table cannot hold itself
            return Field(member["name"], None, member["required"])
        return Field(member["name"], kind, member["required"], inner, self.fields_of(inner, above))

    def answered(self):
        """The members of the answer, without RequestId."""
        names = [member["name"] for member in self.members_of(self.page["output"]) if not member.get("disabled")]
        return [name for name in names if name != "RequestId"]

    def source(self):
        """The address of the action's page, if another page links to it by its name; else None."""
        link = re.compile(
            rf"\[\s*`?{self.action}`?\s*\]\(\s*(https://cloud\.tencent\.com/document/(?:api|product)/\d+/\d+)\s*\)"
        )
        found = link.search(json.dumps(self.content, ensure_ascii=False))
        return found.group(1) if found else None


def codes_in(listed, where):
    """The codes of a list of texts or of objects with "code", sorted, each once."""
    codes = set()
    for entry in listed if isinstance(listed, list) else [None]:
        code = entry.get("code") if isinstance(entry, dict) else entry
        if not isinstance(code, str) or not re.fullmatch(r"[A-Za-z]\w*(\.\w+)*", code):
            raise Refusal(f"{where}: {json.dumps(code)} is no error code; list texts, or objects with \"code\"")
        codes.add(code)
    return sorted(codes)


def codes_of(metadata, codes_file):
    """The documented codes; None if nothing says which they are."""
    if codes_file is None:
        listed = metadata.page.get("errors")
        return None if listed is None else codes_in(listed, "api.json")
    content = read_json(codes_file)
    if isinstance(content, dict) and isinstance(content.get("actions"), dict):
        content = content["actions"]
    if not isinstance(content, dict):
        raise Refusal(f"{codes_file}: not an object of actions; write {{\"{metadata.action}\": [\"Code\", ...]}}")
    for name in (f"{metadata.product} {metadata.version} {metadata.action}", metadata.action):
        if name in content:
            return codes_in(content[name], codes_file)
    raise Refusal(f"{codes_file}: no entry {metadata.action}{near(metadata.action, content) or '; add one'}")


# --- C++ ---------------------------------------------------------------------


class Helpers:
    """The fields and lists of members that headers in server/api/ share, by their shapes."""

    def __init__(self, root):
        self.header = {}  # name -> header
        self.arrays = {}  # name -> fields
        self.fields = {}  # name -> field
        for path in sorted(root.joinpath("server/api").glob("*.hpp")):
            text = path.read_text(encoding="utf-8")
            for match in re.finditer(r"inline constexpr (Field|std::array) (\w+)\{", text):
                name, body = match.group(2), inside_braces(text, match.end())
                self.header[name] = f"server/api/{path.name}"
                if match.group(1) == "Field":
                    self.fields[name] = body
                else:
                    self.arrays[name] = body
        for name in list(self.arrays):
            self.arrays[name] = self.read_array(name)
        for name in list(self.fields):
            self.fields[name] = self.read_field(self.fields[name])
        self.arrays = {name: fields for name, fields in self.arrays.items() if fields}

    def read_array(self, name):
        """The fields of an array; empty if it holds something else too."""
        body = self.arrays[name]
        if not isinstance(body, str):
            return body
        fields = []
        at = 0
        item = re.compile(r"\s*(?:(Field)\{|(\w+)\s*)")
        while body[at:].strip(" \n,"):
            match = item.match(body, at)
            if not match:
                return []
            if match.group(1):
                content = inside_braces(body, match.end())
                fields.append(self.read_field(content))
                at = match.end() + len(content) + 1
            elif isinstance(self.fields.get(match.group(2)), str):
                fields.append(self.read_field(self.fields[match.group(2)]))
                at = match.end()
            else:
                return []
            at += len(body[at:]) - len(body[at:].lstrip(" \n,"))
        return fields

    def read_field(self, body):
        word = lambda pattern: (re.search(pattern, body) or [None, None])[1]
        members = word(r"\.members = (\w+)")
        return Field(
            word(r'\.name = "(\w+)"'),
            word(r"\.type = Type::(\w+)"),
            ".required = true" in body,
            members,
            self.read_array(members) if members in self.arrays else [],
        )

    def array_for(self, struct, fields):
        """The list of members with this shape, preferably the one with the name of the structure; None if none."""
        names = [name for name, known in self.arrays.items() if shape_of(known) == shape_of(fields)]
        names.sort(key=lambda name: (not name.startswith(snake_case(struct)), name))
        return names[0] if names and fields else None

    def field_for(self, field):
        return next((name for name, known in self.fields.items() if known.shape() == field.shape()), None)


def inside_braces(text, start):
    """What follows an opening brace, up to the one that closes it."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    return text[start:]


def array_text(name, items):
    """A constexpr array of fields as clang-format lays it out: in columns if there are many short ones."""
    columns = column_widths([len(item) + 1 for item in items])
    lines = []
    if len(columns) < 2:
        for item in items:
            one = f"    {item},"
            if len(one) > COLUMNS:
                below = one.replace("Field{", "Field{\n        ")
                fits = len(below.splitlines()[1]) <= COLUMNS
                one = below if fits else re.sub(r", \.", ",\n          .", one)
            lines.append(one)
    else:
        for row in range(0, len(items), len(columns)):
            cells = [item + "," for item in items[row : row + len(columns)]]
            lines.append("    " + " ".join(cell.ljust(width) for cell, width in zip(cells, columns)).rstrip())
    return f"constexpr std::array {name}{{\n" + "\n".join(lines) + "\n};\n"


def column_widths(lengths):
    """How clang-format 14 divides a list with a trailing comma into columns."""
    if len(lengths) < 5:
        return []
    formats = []
    for columns in range(1, COLUMNS // 3 + 1):
        rows = [lengths[at : at + columns] for at in range(0, len(lengths), columns)]
        if len(rows[0]) < columns:
            break
        cells = [[row[column] for row in rows if column < len(row)] for column in range(columns)]
        widths = [max(column) for column in cells]
        uneven = any(max(column) - min(column) > 10 for column in cells[:-1])
        if not uneven and sum(widths) + columns - 1 <= COLUMNS:
            formats.append((len(rows), widths))
    best = None
    for rows, widths in reversed(formats):
        if sum(widths) + len(widths) - 1 <= COLUMNS - 4 or len(widths) == 1:
            if best and rows > best[0]:
                break
            best = (rows, widths)
    return best[1] if best and len(formats) > 1 else []


class CppWriter:
    def __init__(self, metadata, name, region, helpers):
        self.metadata, self.name, self.region, self.helpers = metadata, name, region, helpers
        self.headers = {"server/api/action.hpp"}
        self.tables = []  # text of each array, those first that others name
        self.names = {}  # shape of a structure -> name of its array
        self.left_out = []  # paths of parameters without a Type

    def text(self):
        action = self.metadata.action
        if self.metadata.fields:
            self.add_table("fields", self.metadata.fields, "")
        standard = (["array"] if self.tables else []) + ["stdexcept"]
        begin = "Result<Answer> handle(const Context& /*context*/, const Params& /*params*/)"
        members = [f'.name = "{action}"']
        if self.metadata.product != DEFAULT_PRODUCT:
            members.append(f'.product = "{self.metadata.product}"')
        if self.metadata.version != DEFAULT_VERSION:
            members.append(f'.version = "{self.metadata.version}"')
        if self.region == "unused":
            members.append(".region = Region::unused")
        if not READS.match(action):
            members.append(".writes = true")
        members.append(f".fields = {'fields' if self.tables else '{}'}")
        members.append(".handle = handle")
        namespace = f"cvm::api::{snake_case(self.name)}"
        return "\n".join(
            [f'#include "{header}"' for header in sorted(self.headers)]
            + [""]
            + [f"#include <{header}>" for header in standard]
            + ["", f"namespace {namespace} {{", "", "namespace {", ""]
            + self.tables
            + [begin, "{", f'    throw std::logic_error{{"{action} is not written yet"}};', "}"]
            + ["", "} // namespace", "", "extern const Action action{"]
            + [f"    {member}," for member in members]
            + ["};", "", f"}} // namespace {namespace}", ""]
        )

    def add_table(self, name, fields, path):
        items, comments = [], []
        for field in fields:
            if field.kind is None:
                self.left_out.append(path + field.name)
                comments.append(f"// {field.name} is left out: Type has no word for what it is.\n")
                continue
            items.append(self.item(field, path))
        if items:
            self.tables.append("".join(comments) + array_text(name, items))
        return bool(items)

    def item(self, field, path):
        # The helpers hold the limits of the pages of these two.
        if self.metadata.product in ("cvm", "cbs") and not path:
            helper = self.helpers.field_for(field)
            if helper:
                self.headers.add(self.helpers.header[helper])
                return helper
        parts = [f'.name = "{field.name}"', f".type = Type::{field.kind}"]
        if field.required:
            parts.append(".required = true")
        members = self.members(field, path)
        if members:
            parts.append(f".members = {members}")
        return f"Field{{{', '.join(parts)}}}"

    def members(self, field, path):
        """The name of the array with the members of a structure; None if it has none."""
        helper = self.helpers.array_for(field.struct or "", field.members)
        if helper:
            self.headers.add(self.helpers.header[helper])
            return helper
        if not field.members:
            return None
        shape = (field.struct, shape_of(field.members))
        if shape not in self.names:
            name = f"{snake_case(field.struct)}_members"
            taken = self.helpers.header.keys() | set(self.names.values())
            while name in taken:
                name = f"own_{name}"
            # Reserved before its own members are written, which may be of a structure with a like name.
            self.names[shape] = name
            if not self.add_table(name, field.members, f"{path}{field.name}."):
                self.names[shape] = None
        return self.names[shape]


# --- error codes -------------------------------------------------------------

# The first that matches the part after the dot; {w} are its words.
SENTENCES = [
    (r"(?P<w>.+?)(NotFound|NotExist(s|ed)?)", "The {w} `{{0}}` does not exist."),
    (r"Invalid(?P<w>.+)Format|(?P<v>.+?)(Malformed|FormatError|FormatInvalid)", "The {w} `{{0}}` is malformed."),
    (r"(?P<w>.+)TooLong", "The {w} `{{0}}` is too long."),
    (r"(?P<w>.+)TooShort", "The {w} `{{0}}` is too short."),
    (r"(?P<w>.+)TooLarge", "The {w} `{{0}}` is too large."),
    (r"(?P<w>.+)TooSmall", "The {w} `{{0}}` is too small."),
    (r"Duplicated?(?P<w>[A-Z].*)|(?P<v>.+?)(Duplicated?|Repeated)", "The {w} `{{0}}` is given more than once."),
    (r"(?P<w>.+?)(Already)?Exist(s|ed)?", "The {w} `{{0}}` exists already."),
    (r"(?P<w>.+)(InUse|Busy|Occupied)", "The {w} `{{0}}` is in use."),
    (r"(?P<w>.+)Expired?", "The {w} `{{0}}` has expired."),
    (r"(?P<w>.+)SoldOut", "The {w} `{{0}}` is sold out."),
    (r"(Not|Un)[Ss]upport(ed)?(?P<w>[A-Z].*)|(?P<v>.+?)(Not|Un)[Ss]upport(ed)?",
     "The {w} `{{0}}` is not supported here."),
    (r"Missing(?P<w>.+)|(?P<v>.+)Missing", "The {w} is missing."),
    (r"(?P<w>.+)Empty", "The {w} is empty."),
    (r"(?P<w>.+?)(Num)?(LimitExceeded|ExceedLimit|OverLimit|QuotaExceeded|OverQuota|Exceeded)",
     "The limit on {w} is reached."),
    (r"(Invalid|Illegal)(?P<w>.+)|(?P<v>.+)(Invalid|Illegal)", "The {w} `{{0}}` is not valid."),
]

# What is said of all others, by the part before the dot.
OTHERWISE = {
    "AuthFailure": "The caller may not do this: {w}.",
    "FailedOperation": "The operation failed: {w}.",
    "InternalError": "The service failed: {w}.",
    "InvalidParameter": "The request is not valid: {w}.",
    "InvalidParameterValue": "The value `{{0}}` is refused: {w}.",
    "LimitExceeded": "A limit is reached: {w}.",
    "MissingParameter": "A parameter is missing: {w}.",
    "ResourceInUse": "The {w} `{{0}}` is in use.",
    "ResourceInsufficient": "There is not enough left: {w}.",
    "ResourceNotFound": "The {w} `{{0}}` does not exist.",
    "ResourceUnavailable": "The resource `{{0}}` cannot be used: {w}.",
    "ResourcesSoldOut": "What was asked for is sold out: {w}.",
    "UnauthorizedOperation": "The caller may not do this: {w}.",
}

LEGACY_NUMBERS = {
    "AuthFailure": 4100,
    "InternalError": 5100,
    "InternalServerError": 5100,
    "Invalid": 4000,
    "LimitExceeded": 4400,
    "Missing": 4000,
    "Resource": 5000,
    "Unauthorized": 4102,
}


# Words that stay, or become, capitals.
CAPITALS = """ACL ARM CAM CBS CCN CDC CDH CHC CIDR CLB CPU CVM DB DNS EIP EMR ENI GPU ID IP ISP MFA NAT TAT UIN URL
    VPC""".split()


def words_of(name):
    words = []
    for word in re.findall(r"IPv\d|[A-Z]{2,}s?(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+|[A-Z]", name):
        if word.upper() in CAPITALS:
            word = word.upper()
        elif word.upper().removesuffix("S") in CAPITALS:
            word = word.upper()[:-1] + "s"
        elif not (word.isupper() and len(word) > 1) and not word.startswith("IPv"):
            word = word.lower()
        words.append(word)
    return words


def message_of(code):
    head, _, tail = code.partition(".")
    tail = (tail or head).replace(".", "_")
    if match := re.fullmatch(r"InstanceState(.+)", tail):
        state = snake_case(match.group(1)).upper()
        return f"The instance `{{0}}` is in the state {state} and does not support this operation."
    # What the part before the dot names: a kind of thing, or just some value.
    if match := re.fullmatch(r"Invalid(?!Parameter)(.+)", head):
        tail = match.group(1) + tail if tail != head else tail
    elif head == "InvalidParameterValue" and re.fullmatch(r"Duplicated?|Empty|Malformed|Not[A-Z]\w+|Too[A-Z]\w+", tail):
        tail = "Value" + tail
    for pattern, sentence in SENTENCES:
        if match := re.fullmatch(pattern, tail):
            found = match.groupdict()
            words = words_of(re.sub(r"^(Invalid|Illegal)(?=[A-Z])", "", found["w"] or found.get("v")))
            if not {"not", "no", "invalid"} & set(words):
                return sentence.format(w=" ".join(words))
    words = words_of(re.sub(r"(?<=.)(Failed|Error)$", "", tail) if head == "FailedOperation" else tail)
    return OTHERWISE.get(head, "This cannot be done: {w}.").format(w=" ".join(words))


def legacy_of(code, entries):
    """What the codes that begin alike have, or else the number that is most common among those of the same kind."""
    head, _, tail = code.partition(".")
    first = re.match(r"[A-Z]?[a-z0-9]*", tail).group() if tail else ""
    alike = [entry["legacy"] for entry in entries if first and entry["code"].startswith(f"{head}.{first}")]
    if len(alike) > 2 and all(legacy == alike[0] for legacy in alike):
        return dict(alike[0])
    numbers = [entry["legacy"]["number"] for entry in entries if entry["code"].split(".")[0] == head]
    if numbers:
        return {"number": collections.Counter(numbers).most_common(1)[0][0]}
    return {"number": next((number for start, number in LEGACY_NUMBERS.items() if code.startswith(start)), 4300)}


def with_codes(errors, codes):
    """The vocabulary with the codes that it lacks, in its order, and which those are."""
    entries = list(errors["codes"])
    known = {entry["code"] for entry in entries}
    new = [code for code in codes if code not in known]
    for code in new:
        message = message_of(code)
        entry = {"code": code, "en": message, "zh": ""}
        if "{0}" in message:
            entry["places"] = ["InstanceId" if "instance `" in message else "value"]
        entry |= {"text": {"en": "assumed", "zh": "assumed"}, "legacy": legacy_of(code, errors["codes"])}
        entries.insert(bisect.bisect([known["code"] for known in entries], code), entry)
    return {**errors, "codes": entries}, new


# --- example calls -----------------------------------------------------------


class Resources:
    """Replaces ids and zones by those of the default fixtures: the same one by the same, another by another."""

    PREFERRED = {
        "ins": ["ins-r8hr2upy", "ins-5d8a23rs"],
        "disk": ["disk-looseone", "disk-5d8a23r1"],
        "img": ["img-eb30mz89"],
    }
    ZONE = "ap-guangzhou-3"

    def __init__(self, root):
        account = read_json(root / "fixtures/default.json")["accounts"][0]
        images = read_json(root / "fixtures/catalog/images.json")["images"]
        instances = account.get("Instances", [])
        disks = account.get("Disks", []) + [disk for instance in instances for disk in instance.get("DataDisks", [])]
        found = {
            "ins": [instance["InstanceId"] for instance in instances],
            "disk": [disk["DiskId"] for disk in disks],
            "img": [image["id"] for image in images],
        }
        self.pools = {kind: list(dict.fromkeys(self.PREFERRED[kind] + ids)) for kind, ids in found.items()}
        self.given = {}

    def replace(self, text):
        if not text.isascii():
            return "example"  # a text of the vendor's
        if re.fullmatch(r"[a-z]{2,3}-[a-z]+-\d+", text):
            return self.ZONE
        return re.sub(r"\b(ins|disk|img)-[a-z0-9]+\b", lambda match: self.stand_in(match.group(1), match.group()), text)

    def stand_in(self, kind, text):
        pool = self.pools[kind]
        if text in pool:
            self.given.setdefault(text, text)
        elif text not in self.given:
            free = [known for known in pool if known not in self.given.values()]
            self.given[text] = free[0] if free else pool[0]
        return self.given[text]

    def invent(self, field):
        """A value for a parameter of which the example has none."""
        if field.kind == "object":
            return {member.name: self.invent(member) for member in field.members if member.required and member.kind}
        if field.kind in ("strings", "integers", "objects"):
            one = Field(re.sub(r"s$|Set$|List$", "", field.name), field.kind[:-1], True, field.struct, field.members)
            return [self.invent(one)]
        if field.kind == "boolean":
            return True
        if field.kind != "string":
            return 1
        for ending, kind in {"InstanceId": "ins", "DiskId": "disk", "ImageId": "img"}.items():
            if field.name.endswith(ending):
                return self.pools[kind][0]
        return self.ZONE if field.name.endswith("Zone") else "example"


def params_of_query(text):
    """The parameters of an example that is a query string; dots lead into structures and lists."""
    params = {}
    for pair in re.sub(r"\s*&\s*", "&", text.partition("?")[2]).split("&"):
        name, equals, value = pair.strip().partition("=")
        if not equals or name == "Action":
            continue
        place = params
        *path, last = name.split(".")
        for step in path:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                return {}
        place[last] = urllib.parse.unquote(value).strip('"')
    return params


def params_of_example(text):
    if re.match(r"\s*https?://", text):
        return params_of_query(text)
    body = re.split(r"\r?\n\r?\n", text, maxsplit=1)[-1]
    try:
        params = json.loads(body)
    except ValueError:
        return None
    return params if isinstance(params, dict) else None


class Misfit(Exception):
    pass


def conform(value, field, resources):
    """The value as the declared type has it."""
    if field.kind == "object":
        return conform_members(value, field.members, resources)
    if field.kind in ("strings", "integers", "objects"):
        if isinstance(value, dict) and all(step.isdigit() for step in value):
            value = [value[step] for step in sorted(value, key=int)]
        if not isinstance(value, list):
            raise Misfit
        one = Field(field.name, field.kind[:-1], True, field.struct, field.members)
        return [conform(entry, one, resources) for entry in value]
    if isinstance(value, (dict, list)) or value is None:
        raise Misfit
    if field.kind == "string":
        return resources.replace(value if isinstance(value, str) else json.dumps(value))
    if field.kind == "boolean":
        return str(value).lower() in ("true", "1")
    try:
        return int(value)
    except ValueError as error:
        raise Misfit from error


def conform_members(value, fields, resources):
    """What is declared of an object, and whatever it lacks of what is required."""
    if not isinstance(value, dict):
        raise Misfit
    known = {field.name: field for field in fields if field.kind}
    result = {}
    for name, member in value.items():
        if name in known:
            try:
                result[name] = conform(member, known[name], resources)
            except Misfit:
                pass
    for field in known.values():
        if field.required and field.name not in result:
            result[field.name] = resources.invent(field)
    return result


def params_that_succeed(metadata, resources):
    """The parameters of the first example, and whether there is one."""
    for example in metadata.examples:
        params = params_of_example(example.get("input", ""))
        if params is not None:
            return conform_members(params, metadata.fields, resources), True
    return conform_members({}, metadata.fields, resources), False


# --- golden cases and the clients' row ---------------------------------------


def golden(metadata, what, params, evidence, **more):
    """A case without its answer. `more`: further members of the request."""
    request = {"action": metadata.action, "params": params}
    if metadata.version != DEFAULT_VERSION:
        request["version"] = metadata.version
    return {"what": what, "evidence": evidence, "request": {**request, **more}, "answer": None}


# How the default fixtures bring about what refuses any action on instances: the code, the name of the case and what it
# says, the InstanceIds (None: left out), and the name in the key pair, if it is another one.
INSTANCE_CASES = [
    ("MissingParameter", "missing_ids", "InstanceIds is required.", None, None),
    ("InvalidParameterValue.InstanceIdMalformed", "malformed_id", "An id of the wrong form.", [""], None),
    ("InvalidInstanceId.Malformed", "id_of_the_wrong_length", "An id of the wrong length.",
     ["ins-1122"], None),
    ("InvalidInstanceId.NotFound", "unknown_instance", "A well-formed id that does not exist.",
     ["ins-zzzzzzzz"], None),
    ("InvalidParameterValue.LimitExceeded", "too_many_ids", "One more than 100.", {"ids": 101}, None),
    ("InvalidInstance.NotSupported", "not_supported", "The instance could not be made.",
     ["ins-launchfl"], None),
    ("OperationDenied.InstanceOperationInProgress", "operation_in_progress", "Another operation is running.",
     ["ins-busytask"], None),
    ("UnauthorizedOperation.MFAExpired", "mfa_expired",
     "The multi-factor authentication of the key has expired.", ["ins-mfaexpir"], "mfaexpired"),
    ("UnauthorizedOperation.MFANotFound", "mfa_not_found", "The key has no multi-factor authentication.",
     ["ins-mfamissg"], "mfamissing"),
]


def instance_cases(metadata, params, codes):
    """The golden cases for those of the codes that the default fixtures bring about: code -> (name, case)."""
    if not isinstance(params.get("InstanceIds"), list):
        return {}
    cases = {}
    for code, name, what, ids, key in INSTANCE_CASES:
        if code not in codes:
            continue
        given = {k: v for k, v in params.items() if k != "InstanceIds"}
        if ids is not None:
            given["InstanceIds"] = ids
        keys = {} if key is None else {"secret_id": f"AKID{key}EXAMPLE", "secret_key": f"{key}keyEXAMPLE"}
        cases[code] = (name, golden(metadata, what, given, "documented", **keys))
    return cases


JS_NAMES = {
    "ins-r8hr2upy": "INSTANCE",
    "ins-5d8a23rs": "OTHER_INSTANCE",
    "ins-postpaid": "POSTPAID_INSTANCE",
    "disk-looseone": "DISK",
    "disk-5d8a23r1": "ATTACHED_DISK",
    "img-eb30mz89": "IMAGE",
    "ap-guangzhou-3": "ZONE",
}


def js(value, indent, used, names):
    """A value in JavaScript, on one line if it and what stands around it fit."""
    if isinstance(value, str):
        return names.get(value) or json.dumps(value, ensure_ascii=False)
    if isinstance(value, list) and value == ["ins-r8hr2upy", "ins-5d8a23rs"] and "INSTANCE" in names.values():
        return "BOTH"
    if not isinstance(value, (dict, list)):
        return json.dumps(value)
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    opening, closing = ("{ ", " }") if isinstance(value, dict) else ("[", "]")

    def entries(depth):
        if isinstance(value, list):
            return [js(one, depth, depth + 1, names) for one in value]
        return [f"{name}: {js(one, depth, depth + len(name) + 3, names)}" for name, one in value.items()]

    # Several objects of several members stand below each other even if they are short.
    several = isinstance(value, list) and len(value) > 1
    several = several and all(isinstance(one, dict) and len(one) > 1 for one in value)
    line = opening + ", ".join(entries(0)) + closing
    if not several and "\n" not in line and used + len(line) <= COLUMNS:
        return line
    space = " " * indent
    lines = "".join(f"{space}  {one},\n" for one in entries(indent + 2))
    return f"{opening.strip()}\n{lines}{space}{closing.strip()}"


def client_row(metadata, name, params, from_example, names):
    """A success, and an error that needs no header: the international SDK sends none."""
    answered = metadata.answered()
    required = next((field.name for field in metadata.fields if field.required and field.kind), None)
    lines = [
        f"  {name}: {{",
        f"    service: {json.dumps(metadata.product)},",
        *([f"    action: {json.dumps(metadata.action)},"] if name != metadata.action else []),
        f"    does: {json.dumps('answers the example of its page' if from_example else 'answers a call')},",
        f"    params: {js(params, 4, 13, names)},",
        "    shows(_, response) {",
    ]
    if answered:
        lines.append(f"      const members = {js(answered, 6, 23, names)};")
        lines.append("      for (const name of members) assert.notEqual(response[name], undefined, name);")
    else:
        lines.append("      assertOnlyRequestId(response);")
    lines.append("    },")
    if required:
        refused = f'behaviour: "no {required}", params: {{}}, code: "MissingParameter"'
    else:
        refused = 'behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter"'
    return "\n".join(lines + [f"    refused: {{ {refused} }},", "  },", ""])


def with_row(text, action, row):
    begin = re.search(r"^const ACTIONS = \{\n", text, re.MULTILINE)
    end = begin and re.compile(r"^\};\n", re.MULTILINE).search(text, begin.end())
    if not end:
        raise Refusal("tests/clients/node/actions.js: no `const ACTIONS = {`; has the table moved?")
    after = re.compile(r"^  (\w+): ", re.MULTILINE)
    for match in after.finditer(text, begin.end(), end.start()):
        if match.group(1) > action:
            return text[: match.start()] + row + text[match.start() :]
    return text[: end.start()] + row + text[end.start() :]


def with_line(text, action):
    found = re.search(r"^set\(ACTIONS\n((?:    \w+\n)*)\)", text, re.MULTILINE)
    if not found:
        raise Refusal("CMakeLists.txt: no list `set(ACTIONS`; has it moved?")
    names = found.group(1).split()
    names.insert(bisect.bisect(names, action), action)
    return text[: found.start(1)] + "".join(f"    {name}\n" for name in names) + text[found.end(1) :]


# --- all together ------------------------------------------------------------


def most_common(values):
    return collections.Counter(values).most_common(1)[0][0] if values else None


def name_of(root, metadata):
    """What the files of an action are named after: the action or, if another product has one of this name, its product
    and the action, as RegionDescribeZones."""
    page = root / f"fixtures/catalog/actions/{metadata.action}.json"
    if not page.exists() or read_json(page)["product"] == metadata.product:
        return metadata.action
    return metadata.product.capitalize() + metadata.action


class Scaffold:
    def __init__(self, root, metadata, codes):
        self.root, self.metadata, self.codes = root, metadata, codes
        self.action = metadata.action
        self.name = name_of(root, metadata)
        self.files = {}  # path below the root -> text
        self.notes = []
        self.source_known = False
        self.cpp = f"server/api/actions/{snake_case(self.name)}.cpp"
        self.page = f"fixtures/catalog/actions/{self.name}.json"
        # The cases of actions of one name share a folder.
        self.cases = f"fixtures/cases/{self.action}"
        self.prefix = "" if self.name == self.action else f"{metadata.product}_"
        self.actions_js = read_text(root / "tests/clients/node/actions.js")
        self.cmake = read_text(root / "CMakeLists.txt")

    def refuse_what_exists(self):
        owned = [self.cpp, self.page, f"{self.cases}/{self.prefix}success.json" if self.prefix else self.cases]
        there = [path for path in owned if (self.root / path).exists()]
        if re.search(rf"^    {self.name}$", self.cmake, re.MULTILINE):
            there.append("CMakeLists.txt")
        if re.search(rf"^  {self.name}: ", self.actions_js, re.MULTILINE):
            there.append("tests/clients/node/actions.js")
        if there:
            raise Refusal(f"{self.name} is there already: {', '.join(there)}; nothing was written, take it out first")

    def prepare(self):
        self.refuse_what_exists()
        region, source = self.region_and_source()
        writer = CppWriter(self.metadata, self.name, region, Helpers(self.root))
        self.files[self.cpp] = writer.text()
        for path in writer.left_out:
            self.notes.append(f"the parameter {path} is left out: server/api/fields.hpp has no Type for it")
        self.add_codes()
        params, from_example = params_that_succeed(self.metadata, Resources(self.root))
        standard = instance_cases(self.metadata, params, self.codes or [])
        self.files[self.page] = json_text(self.catalog_page(region, source, standard), 2)
        what = "The example of its page." if from_example else "Only what is required."
        if not from_example:
            self.notes.append("the metadata has no example call; the parameters of the success are made up")
        success = golden(self.metadata, what, params, "assumed")
        self.files[f"{self.cases}/{self.prefix}success.json"] = json_text(success, 1)
        for name, case in standard.values():
            self.files[f"{self.cases}/{self.prefix}{name}.json"] = json_text(case, 1)
        self.files["CMakeLists.txt"] = with_line(self.cmake, self.name)
        names = {value: name for value, name in JS_NAMES.items() if re.search(rf"\b{name},", self.actions_js)}
        row = client_row(self.metadata, self.name, params, from_example, names)
        self.files["tests/clients/node/actions.js"] = with_row(self.actions_js, self.name, row)
        clients = self.root / "tests/clients/node/clients.js"
        if clients.exists() and not re.search(rf"\b{self.metadata.product}:", read_text(clients)):
            self.notes.append(f"tests/clients/node/clients.js has no client for {self.metadata.product}; add one")
        if self.metadata.page.get("status", "online") != "online":
            self.notes.append(f"the vendor calls this action {self.metadata.page['status']}")

    def region_and_source(self):
        pages = [read_json(path) for path in sorted(self.root.glob("fixtures/catalog/actions/*.json"))]
        siblings = [page for page in pages if page["product"] == self.metadata.product]
        region = most_common([page["region"] for page in siblings])
        if region is None:
            region = "required"
            self.notes.append(f"no other action of {self.metadata.product} is here; see whether it wants a Region")
        source = self.metadata.source()
        self.source_known = source is not None
        if not self.source_known:
            source = "https://cloud.tencent.com/document/api/"
            self.notes.append(f"the address of the vendor's page is not known; fill in source in {self.page}")
        return region, source

    def catalog_page(self, region, source, standard):
        if self.codes is None:
            self.notes.append("api.json lists no error codes; name them with --codes FILE.json or by hand")
        elif not self.codes:
            self.notes.append("the list of error codes of this action is empty")
        return {
            "action": self.action,
            "product": self.metadata.product,
            "version": self.metadata.version,
            "region": region,
            "rate_limit": 20,
            "rate_limit_evidence": "assumed",
            "source": source,
            "codes": {code: "natural" if code in standard else "header" for code in self.codes or []},
            "assumptions": [],
        }

    def add_codes(self):
        path = "fixtures/catalog/errors.json"
        errors, new = with_codes(read_json(self.root / path), self.codes or [])
        if new:
            self.files[path] = json_text(errors, 1)
            self.notes.append(f"new in {path}: {len(new)} codes; improve their texts, which are made of their words")

    def write(self):
        """All of the files, or none."""
        before = {path: (self.root / path).read_bytes() for path in self.files if (self.root / path).exists()}
        folder = self.root / self.cases
        made = not folder.exists()
        temporary = {path: self.root / f"{path}.scaffold" for path in self.files}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for path, text in self.files.items():
                temporary[path].write_text(text, encoding="utf-8")
            for path, written in temporary.items():
                os.replace(written, self.root / path)
        except OSError as error:
            for path, written in temporary.items():
                written.unlink(missing_ok=True)
                if path in before:
                    (self.root / path).write_bytes(before[path])
                else:
                    (self.root / path).unlink(missing_ok=True)
            if made and folder.is_dir():
                folder.rmdir()
            raise Refusal(f"{error.filename}: {error.strerror}; nothing was written") from error
        return [("changed" if path in before else "wrote", path) for path in self.files]

    def next_steps(self):
        return [
            f"Write handle in {self.cpp}; it throws until then. Give the fields the words and limits of the page, "
            "which the metadata does not tell. modify_instances_renew_flag.cpp is a short example.",
            f"Fill in {'rate_limit' if self.source_known else 'source and rate_limit'} in {self.page}. A code that "
            "handle gives by itself is natural, not header: give it a golden case.",
            f"Look at the ids in {self.cases}/success.json, run tests/run golden --update {self.action} and read the "
            "answers.",
            "Write the Chinese text (zh) of each new code in fixtures/catalog/errors.json, and see whether its places are "
            "what {0} is.",
            "Run tests/run format and tests/run quick, then tests/run contract.",
            f"In the row {self.name} of tests/clients/node/actions.js, assert what a caller is after.",
            "Name the action in CHANGELOG.md, and write its page of the documentation: tests/docs/generate.py.",
        ]


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refusal(f"{message}; usage: tests/run scaffold PRODUCT ACTION [--codes FILE.json]")


def parse(arguments):
    parser = Parser(prog="tests/run scaffold",
                    description="Writes the files of a new action from the vendor's metadata.")
    parser.add_argument("product", metavar="PRODUCT", help="cvm, cbs, billing, ...")
    parser.add_argument("action", metavar="ACTION", help="RenewInstances, ...")
    parser.add_argument("--codes", metavar="FILE.json", type=pathlib.Path,
                        help="error codes: an object, action -> list of codes or of objects with \"code\"")
    parser.add_argument("--metadata", metavar="DIR", type=pathlib.Path,
                        help=f"the package tccli, with services/ below it; {METADATA} by default")
    parser.add_argument("--root", metavar="DIR", type=pathlib.Path, default=pathlib.Path(__file__).parents[2],
                        help="top of the repository")
    return parser.parse_args(arguments)


def main(arguments):
    try:
        given = parse(arguments)
        metadata = Metadata(given.metadata or given.root / METADATA, given.product, given.action)
        scaffold = Scaffold(given.root, metadata, codes_of(metadata, given.codes))
        scaffold.prepare()
        for done, path in scaffold.write():
            print(done, path)
    except Refusal as refusal:
        print(f"scaffold: {refusal}", file=sys.stderr)
        return 2
    for note in scaffold.notes:
        print(f"note: {note}")
    for number, step in enumerate(scaffold.next_steps(), 1):
        print(f"{number}. {step}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
