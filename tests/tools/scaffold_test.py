#!/usr/bin/env python3
"""Tests of scaffold.py against made-up metadata and a made-up repository: python3 tests/tools/scaffold_test.py"""

import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import types
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import scaffold  # noqa: E402


def member(name, kind, inner, required=False):
    return {"name": name, "type": kind, "member": inner, "required": required, "disabled": False,
            "document": "VENDOR TEXT", "example": "VENDOR TEXT"}


def post(params):
    return "POST / HTTP/1.1\nHost: cvm.example\n\n" + json.dumps(params)


API = {
    "metadata": {"apiVersion": "2017-03-12", "api_brief": "VENDOR TEXT"},
    "actions": {
        "PaintInstances": {"input": "PaintInstancesRequest", "output": "PaintInstancesResponse", "status": "online",
                           "document": "VENDOR TEXT"},
        "DescribePaints": {"input": "DescribePaintsRequest", "output": "DescribePaintsResponse", "status": "online",
                           "document": "See [PaintInstances](https://cloud.tencent.com/document/api/213/4711)"},
        "ListColours": {"input": "ListColoursRequest", "output": "ListColoursResponse", "status": "deprecated",
                        "document": "VENDOR TEXT"},
    },
    "objects": {
        "PaintInstancesRequest": {"members": [
            member("InstanceIds", "list", "string", True),
            member("Coat", "object", "Coat", True),
            member("Force", "bool", "bool"),
            member("Thickness", "float", "float"),
        ]},
        "Coat": {"members": [
            member("Colour", "string", "string", True),
            member("Layers", "int", "uint64"),
            member("Tags", "list", "Tag"),
            member("Undercoat", "object", "Coat"),
        ]},
        "Tag": {"members": [member("Key", "string", "string", True), member("Value", "string", "string", True)]},
        "PaintInstancesResponse": {"members": [member("RequestId", "string", "string")]},
        "DescribePaintsRequest": {"members": [
            member("PaintIds", "list", "string"),
            member("Offset", "int", "int64"),
            member("Wet", "bool", "bool"),
            member("Coats", "list", "Coat"),
        ]},
        "DescribePaintsResponse": {"members": [
            member("TotalCount", "int", "uint64"), member("RequestId", "string", "string")]},
        "ListColoursRequest": {"members": []},
        "ListColoursResponse": {"members": [member("RequestId", "string", "string")]},
    },
}

EXAMPLES = {"actions": {
    "PaintInstances": [{
        "title": "VENDOR TEXT", "document": "VENDOR TEXT",
        "input": post({"InstanceIds": ["ins-aaaaaaaa", "ins-bbbbbbbb", "ins-aaaaaaaa"],
                       "Coat": {"Colour": "\u7ea2\u8272", "Unknown": 1}, "Force": True}),
    }],
    "DescribePaints": [{
        "title": "VENDOR TEXT", "document": "VENDOR TEXT",
        "input": "https://cvm.example/?Action=DescribePaints\n&PaintIds.0=disk-aaaaaaaa\n&PaintIds.1=x\n&Offset=5"
                 "\n&Wet=true\n&Coats.0.Colour=red\n&<common parameters>",
    }],
}}

HELPERS = """#pragma once
namespace cvm::api {
inline constexpr Field required_instance_ids{
    .name = "InstanceIds", .type = Type::strings, .required = true, .max_items = 100};
inline constexpr Field offset_field{.name = "Offset", .type = Type::unsigned_integer};
inline constexpr std::array tag_members{
    Field{.name = "Key", .type = Type::string, .required = true, .max = (std::int64_t{1} << 53) - 1},
    Field{.name = "Value", .type = Type::string, .required = true},
};
} // namespace cvm::api
"""

ERRORS = {"format_version": 1, "about": "\u4e2d\u6587", "codes": [
    {"code": "InvalidInstanceId.NotFound", "en": "The instance `{0}` does not exist.", "text": "assumed",
     "legacy": {"number": 4000}},
    {"code": "InvalidParameterValue.Range", "en": "Out of range.", "text": "assumed", "legacy": {"number": 4001}},
    *({"code": f"UnsupportedOperation.Instance{what}", "en": what, "text": "assumed",
       "legacy": {"number": 4300, "code": "InvalidInstance.NotSupported"}} for what in ("ChargeType", "Paint", "Type")),
]}

ACTIONS_JS = """const { BOTH, INSTANCE, OTHER_INSTANCE, DISK,
} = require("./scenarios");

const ACTIONS = {
  DescribeZones: {
    params: {},
  },
  StopInstances: power("StopInstances"),
};

module.exports = { ACTIONS };
"""

PAINT_CPP = """#include "server/api/action.hpp"
#include "server/api/helpers.hpp"

#include <array>
#include <stdexcept>

namespace cvm::api::paint_instances {

namespace {

// Undercoat is left out: Type has no word for what it is.
constexpr std::array coat_members{
    Field{.name = "Colour", .type = Type::string, .required = true},
    Field{.name = "Layers", .type = Type::unsigned_integer},
    Field{.name = "Tags", .type = Type::objects, .members = tag_members},
};

// Thickness is left out: Type has no word for what it is.
constexpr std::array fields{
    required_instance_ids,
    Field{.name = "Coat", .type = Type::object, .required = true, .members = coat_members},
    Field{.name = "Force", .type = Type::boolean},
};

Result<Answer> handle(const Context& /*context*/, const Params& /*params*/)
{
    throw std::logic_error{"PaintInstances is not written yet"};
}

} // namespace

extern const Action action{
    .name = "PaintInstances",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::paint_instances
"""


class ScaffoldTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for product, version in (("cvm", "2017-03-12"), ("paint", "2020-01-31")):
            package = f"build/tools/tccli/tccli/services/{product}/v{version.replace('-', '')}"
            self.put(f"{package}/api.json", {**API, "metadata": {**API["metadata"], "apiVersion": version}})
            self.put(f"{package}/examples.json", EXAMPLES)
        self.put("CMakeLists.txt", "project(p)\nset(ACTIONS\n    DescribeZones\n    StopInstances\n)\nrest()\n")
        self.put("server/api/helpers.hpp", HELPERS)
        (self.root / "server/api/actions").mkdir()
        self.put("fixtures/catalog/errors.json", ERRORS)
        self.put("fixtures/catalog/images.json", {"images": [{"id": "img-eb30mz89"}]})
        self.put("fixtures/catalog/actions/StopInstances.json", {"product": "cvm", "region": "required"})
        self.put("fixtures/default.json", {"accounts": [{"Instances": [{"InstanceId": "ins-r8hr2upy"}]}]})
        (self.root / "fixtures/cases").mkdir()
        self.put("tests/clients/node/actions.js", ACTIONS_JS)
        self.put("tests/clients/node/clients.js", "const VERSIONS = { cvm: 1 };\n")

    def put(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else scaffold.json_text(content, 1), encoding="utf-8")
        return str(path)

    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8")

    def json(self, name):
        return json.loads(self.text(name))

    def tree(self):
        return {str(path.relative_to(self.root)): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def run_it(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = scaffold.main([*arguments, "--root", str(self.root)])
        return code, out.getvalue(), err.getvalue()

    def good(self, *arguments):
        code, out, err = self.run_it(*arguments)
        self.assertEqual((code, err), (0, ""))
        return out

    def refused(self, *arguments):
        """What is said of a call that is refused and writes nothing."""
        before = self.tree()
        code, out, err = self.run_it(*arguments)
        self.assertEqual((code, out), (2, ""))
        self.assertEqual(err.count("\n"), 1, err)
        self.assertEqual(self.tree(), before)
        return err

    def test_writes_the_source(self):
        out = self.good("cvm", "PaintInstances")
        self.assertEqual(self.text("server/api/actions/paint_instances.cpp"), PAINT_CPP)
        self.assertIn("note: the parameter Thickness is left out", out)
        self.assertIn("note: the parameter Coat.Undercoat is left out", out)

    def test_names_what_differs_from_the_defaults(self):
        out = self.good("paint", "DescribePaints")
        source = self.text("server/api/actions/describe_paints.cpp")
        self.assertIn('    .product = "paint",\n    .version = "2020-01-31",\n    .fields = fields,\n', source)
        self.assertNotIn("offset_field", source, "whose limits are those of other products")
        self.assertIn("note: no other action of paint is here", out)
        self.assertIn("clients.js has no client for paint", out)
        self.assertEqual(self.json("fixtures/cases/DescribePaints/success.json")["request"]["version"], "2020-01-31")

    def test_names_an_action_that_another_product_has_too(self):
        self.good("cvm", "PaintInstances")
        self.good("paint", "PaintInstances")
        source = self.text("server/api/actions/paint_paint_instances.cpp")
        self.assertIn('namespace cvm::api::paint_paint_instances {\n', source)
        self.assertIn('extern const Action action{\n    .name = "PaintInstances",\n', source)
        self.assertEqual(self.json("fixtures/catalog/actions/PaintPaintInstances.json")["action"], "PaintInstances")
        self.assertEqual(sorted(path.name for path in (self.root / "fixtures/cases/PaintInstances").iterdir()),
                         ["paint_success.json", "success.json"])
        self.assertIn("    PaintInstances\n    PaintPaintInstances\n", self.text("CMakeLists.txt"))
        self.assertIn('  PaintPaintInstances: {\n    service: "paint",\n    action: "PaintInstances",\n',
                      self.text("tests/clients/node/actions.js"))
        self.assertIn("PaintPaintInstances is there already", self.refused("paint", "PaintInstances"))

    def test_an_action_without_parameters(self):
        out = self.good("cvm", "ListColours")
        source = self.text("server/api/actions/list_colours.cpp")
        self.assertIn("    .fields = {},\n", source)
        self.assertNotIn("<array>", source)
        self.assertNotIn(".writes", source)
        self.assertIn("note: the vendor calls this action deprecated", out)
        self.assertIn("note: the metadata has no example call", out)

    def test_writes_the_page(self):
        codes = self.put("codes.json", {"PaintInstances": ["UnsupportedOperation.Wet", "InvalidParameterValue.Range"]})
        self.good("cvm", "PaintInstances", "--codes", codes)
        self.assertEqual(self.json("fixtures/catalog/actions/PaintInstances.json"), {
            "action": "PaintInstances",
            "product": "cvm",
            "version": "2017-03-12",
            "region": "required",
            "rate_limit": 20,
            "rate_limit_evidence": "assumed",
            "source": "https://cloud.tencent.com/document/api/213/4711",
            "codes": {"InvalidParameterValue.Range": "header", "UnsupportedOperation.Wet": "header"},
            "assumptions": [],
        })

    def test_says_that_a_source_is_not_known(self):
        out = self.good("cvm", "DescribePaints")
        self.assertEqual(self.json("fixtures/catalog/actions/DescribePaints.json")["source"],
                         "https://cloud.tencent.com/document/api/")
        self.assertIn("note: the address of the vendor's page is not known", out)
        self.assertIn("2. Fill in source and rate_limit in fixtures/catalog/actions/DescribePaints.json", out)

    def test_reads_codes_in_every_form(self):
        code = "InvalidParameterValue.Range"
        for content in ({"PaintInstances": [code]}, {"PaintInstances": [{"code": code, "description": "VENDOR TEXT"}]},
                        {"about": "", "actions": {"cvm 2017-03-12 PaintInstances": [code, code]}}):
            path = pathlib.Path(self.put("codes.json", content))
            metadata = scaffold.Metadata(self.root / scaffold.METADATA, "cvm", "PaintInstances")
            self.assertEqual(scaffold.codes_of(metadata, path), [code])

    def test_adds_the_codes_that_the_vocabulary_lacks(self):
        codes = self.put("codes.json", {"PaintInstances": [
            "UnsupportedOperation.InstanceStateWetPaint", "InvalidParameterValue.ColourNotFound",
            "InvalidPaintId.Malformed", "InvalidParameterValue.Range"]})
        out = self.good("cvm", "PaintInstances", "--codes", codes)
        self.assertIn("note: new in fixtures/catalog/errors.json: 3 codes", out)
        assumed = {"text": {"en": "assumed", "zh": "assumed"}}
        new = [
            {"code": "InvalidPaintId.Malformed", "en": "The paint ID `{0}` is malformed.", "zh": "",
             "places": ["value"], **assumed, "legacy": {"number": 4000}},
            {"code": "InvalidParameterValue.ColourNotFound", "en": "The colour `{0}` does not exist.", "zh": "",
             "places": ["value"], **assumed, "legacy": {"number": 4001}},
            {"code": "UnsupportedOperation.InstanceStateWetPaint",
             "en": "The instance `{0}` is in the state WET_PAINT and does not support this operation.", "zh": "",
             "places": ["InstanceId"], **assumed, "legacy": {"number": 4300, "code": "InvalidInstance.NotSupported"}},
        ]
        expected = {**ERRORS, "codes": sorted(ERRORS["codes"] + new, key=lambda entry: entry["code"])}
        self.assertEqual(self.text("fixtures/catalog/errors.json"), scaffold.json_text(expected, 1))

    def test_leaves_the_vocabulary_alone_if_it_lacks_nothing(self):
        before = self.text("fixtures/catalog/errors.json")
        out = self.good("cvm", "PaintInstances")
        self.assertEqual(self.text("fixtures/catalog/errors.json"), before)
        self.assertIn("note: api.json lists no error codes", out)

    def test_writes_golden_cases_without_answers(self):
        codes = self.put("codes.json", {"PaintInstances": ["InvalidParameterValue.Range"]})
        self.good("cvm", "PaintInstances", "--codes", codes)
        self.assertEqual(self.json("fixtures/cases/PaintInstances/success.json"), {
            "what": "The example of its page.",
            "evidence": "assumed",
            "request": {
                "action": "PaintInstances",
                "params": {"InstanceIds": ["ins-r8hr2upy", "ins-5d8a23rs", "ins-r8hr2upy"],
                           "Coat": {"Colour": "example"}, "Force": True},
            },
            "answer": None,
        })
        self.assertEqual([path.name for path in (self.root / "fixtures/cases/PaintInstances").iterdir()], ["success.json"])

    def test_writes_the_cases_that_the_default_fixtures_bring_about(self):
        metadata = types.SimpleNamespace(action="PaintInstances", version=scaffold.DEFAULT_VERSION)
        codes = ["InvalidInstanceId.NotFound", "MissingParameter", "UnauthorizedOperation.MFAExpired",
                 "InternalServerError", "UnsupportedOperation.Wet"]
        cases = scaffold.instance_cases(metadata, {"Color": "red", "InstanceIds": ["ins-r8hr2upy"]}, codes)
        self.assertEqual(set(cases), {"InvalidInstanceId.NotFound", "MissingParameter", "UnauthorizedOperation.MFAExpired"})
        requests = {code: case["request"] for code, (_, case) in cases.items()}
        self.assertEqual(requests["MissingParameter"]["params"], {"Color": "red"})
        self.assertEqual(requests["InvalidInstanceId.NotFound"]["params"],
                         {"Color": "red", "InstanceIds": ["ins-zzzzzzzz"]})
        self.assertEqual(requests["UnauthorizedOperation.MFAExpired"]["secret_id"], "AKIDmfaexpiredEXAMPLE")
        self.assertEqual(cases["MissingParameter"][0], "missing_ids")
        self.assertEqual(scaffold.instance_cases(metadata, {"DiskIds": ["disk-a"]}, codes), {})

    def test_reads_an_example_that_is_a_query(self):
        self.good("cvm", "DescribePaints")
        self.assertEqual(self.json("fixtures/cases/DescribePaints/success.json")["request"]["params"], {
            "PaintIds": ["disk-looseone", "x"], "Offset": 5, "Wet": True, "Coats": [{"Colour": "red"}]})

    def test_adds_the_line_and_the_row_in_their_places(self):
        out = self.good("cvm", "PaintInstances")
        self.assertEqual(self.text("CMakeLists.txt"),
                         "project(p)\nset(ACTIONS\n    DescribeZones\n    PaintInstances\n    StopInstances\n)\nrest()\n")
        row = """  PaintInstances: {
    service: "cvm",
    does: "answers the example of its page",
    params: { InstanceIds: [INSTANCE, OTHER_INSTANCE, INSTANCE], Coat: { Colour: "example" }, Force: true },
    shows(_, response) {
      assertOnlyRequestId(response);
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
"""
        expected = ACTIONS_JS.replace("  StopInstances:", row + "  StopInstances:")
        self.assertEqual(self.text("tests/clients/node/actions.js"), expected)
        self.good("cvm", "DescribePaints")
        self.assertIn('const members = ["TotalCount"];', self.text("tests/clients/node/actions.js"))
        self.assertIn('params: { Unknown: 1 }, code: "UnknownParameter"', self.text("tests/clients/node/actions.js"))
        self.assertEqual([line.split()[0] for line in out.splitlines() if "note" not in line],
                         ["wrote", "wrote", "wrote", "changed", "changed", "1.", "2.", "3.", "4.", "5.", "6.", "7."])

    def test_copies_no_text_of_the_vendor(self):
        for action in API["actions"]:
            self.good("cvm", action)
        for name, content in self.tree().items():
            if not name.startswith("build/"):
                self.assertNotIn(b"VENDOR", content, name)

    def test_refuses_to_overwrite(self):
        for name, content in {
            "server/api/actions/paint_instances.cpp": "",
            "fixtures/catalog/actions/PaintInstances.json": {"product": "cvm", "region": "required"},
            "fixtures/cases/PaintInstances/one.json": {},
            "CMakeLists.txt": "set(ACTIONS\n    PaintInstances\n)\n",
            "tests/clients/node/actions.js": "const ACTIONS = {\n  PaintInstances: {\n  },\n};\n",
        }.items():
            with self.subTest(name):
                before = self.tree().get(name)
                self.put(name, content)
                said = self.refused("cvm", "PaintInstances")
                self.assertIn("PaintInstances is there already: ", said)
                self.assertIn(name.removesuffix("/one.json"), said)
                if before is None:
                    (self.root / name).unlink()
                else:
                    (self.root / name).write_bytes(before)
            if name.startswith("fixtures/cases"):
                (self.root / "fixtures/cases/PaintInstances").rmdir()

    def test_takes_everything_back_if_a_file_cannot_be_written(self):
        replace = os.replace

        def fail_late(source, target):
            if str(target).endswith("CMakeLists.txt"):
                raise OSError(28, "No space left on device", str(target))
            replace(source, target)

        with mock.patch("os.replace", fail_late):
            said = self.refused("cvm", "PaintInstances")
        self.assertIn("No space left on device; nothing was written", said)
        self.assertFalse((self.root / "fixtures/cases/PaintInstances").exists())

    def test_names_near_matches(self):
        self.assertIn("no action PaintInstance ", self.refused("cvm", "PaintInstance"))
        self.assertIn("did you mean PaintInstances?", self.refused("cvm", "paintinstance"))
        self.assertIn("did you mean paint?", self.refused("paints", "PaintInstances"))
        self.assertNotIn("did you mean", self.refused("cvm", "Zzz"))

    def test_refuses_what_it_cannot_read(self):
        self.assertIn("name the folder of the package tccli with --metadata",
                      self.refused("cvm", "PaintInstances", "--metadata", str(self.root / "nowhere")))
        self.assertIn("usage: tests/run scaffold PRODUCT ACTION", self.refused("cvm"))
        missing = str(self.root / "missing.json")
        self.assertIn(missing, self.refused("cvm", "PaintInstances", "--codes", missing))
        for content in ("{", [], {"PaintInstance": []}, {"PaintInstances": "x"}, {"PaintInstances": [{"Code": "x"}]},
                        {"PaintInstances": ["two words"]}):
            with self.subTest(content):
                self.refused("cvm", "PaintInstances", "--codes", self.put("codes.json", content))


class LayoutTest(unittest.TestCase):
    """What clang-format 14 makes of such lists."""

    def test_few_or_uneven_items_stand_below_each_other(self):
        self.assertEqual(scaffold.column_widths([44] * 4), [])
        self.assertEqual(scaffold.column_widths([44, 44, 66, 44, 44]), [])

    def test_many_short_items_stand_in_columns(self):
        items = [f'Field{{.name = "{name}", .type = Type::string}}' for name in ("A", "Bb", "C", "D", "E")]
        self.assertEqual(scaffold.array_text("fields", items), """constexpr std::array fields{
    Field{.name = "A", .type = Type::string}, Field{.name = "Bb", .type = Type::string},
    Field{.name = "C", .type = Type::string}, Field{.name = "D", .type = Type::string},
    Field{.name = "E", .type = Type::string},
};
""")

    def test_an_item_that_is_too_long_is_broken(self):
        item = 'Field{.name = "%s", .type = Type::objects, .members = %s}'
        self.assertIn("    Field{\n        .name = ", scaffold.array_text("fields", [item % ("N" * 25, "m" * 38)]))
        self.assertIn(",\n          .type = Type::objects,\n          .members = ",
                      scaffold.array_text("fields", [item % ("N" * 40, "m" * 40)]))


if __name__ == "__main__":
    unittest.main()
