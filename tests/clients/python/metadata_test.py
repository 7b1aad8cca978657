"""The vendor's own description of the API, which comes with tccli: the parameters of every action are those that the
emulator knows, and every documented example request is accepted in its form."""

import functools
import json
import pathlib
import sys

import command_line
import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/tools"))
import scaffold

PAGES = [page for page in (json.loads(path.read_text()) for path in sorted((ROOT / "fixtures/catalog/actions").glob("*.json")))
         if page["version"]]
NAMES = [f"{page['product']} {page['action']}" for page in PAGES]

# In the words of GET /_emulator/coverage.
TYPES = {"string": "string", "boolean": "boolean", "integer": "integer", "unsigned_integer": "unsigned integer",
         "object": "object", "strings": "array of string", "integers": "array of integer", "objects": "array of object"}
# What the description does not have: parameters that it calls disabled, or that older ones had. SDKs still send them.
ONLY_HERE = {
    ("billing DescribeBillDetail", "PeriodType"),
    ("billing DescribeBillDetail", "ProductCode"),
    ("billing DescribeBillResourceSummary", "PeriodType"),
    ("cvm EnterRescueMode", "ForceStop"),
    ("cvm RebootInstances", "ForceReboot"),
    ("cvm StopInstances", "ForceStop"),
}
NO_VALUE = {"MissingParameter", "UnknownParameter"}


@functools.cache
def described(page_index):
    page = PAGES[page_index]
    return scaffold.Metadata(command_line.packages("CVM_TCCLI_PACKAGES"), page["product"], page["action"])


def flat(fields, name_of, above=""):
    """Type and need of every parameter by its path."""
    found = {}
    for field in fields:
        name, kind, required, members = name_of(field)
        found[above + name] = (kind, required)
        found |= flat(members, name_of, f"{above}{name}.")
    return found


@pytest.fixture(scope="session")
def coverage(cvm_emulator):
    return {f"{action['product']} {action['action']}": action
            for action in cvm_emulator.control("GET", "coverage")["actions"] if action["version"]}


@pytest.mark.parametrize("index", range(len(PAGES)), ids=NAMES)
def test_parameters(index, coverage):
    ours = flat(coverage[NAMES[index]]["parameters"],
                lambda of: (of["name"], of["type"], of["required"], of.get("members", [])))
    theirs = flat(described(index).fields, lambda of: (of.name, TYPES.get(of.kind), of.required, of.members))
    ours = {path: of for path, of in ours.items() if (NAMES[index], path) not in ONLY_HERE or path in theirs}
    # What the emulator takes as it is, it has no type for.
    assert ours == {path: of for path, of in theirs.items() if of[0] is not None}


def example_requests(metadata):
    """The parameters of the examples, with the types that the description gives them."""
    unchanged = scaffold.Resources(ROOT)
    unchanged.replace = lambda text: text
    for example in metadata.examples:
        params = scaffold.params_of_example(example["input"])
        assert params is not None, example["input"]
        yield scaffold.conform_members(params, metadata.fields, unchanged)


@pytest.mark.parametrize("index", range(len(PAGES)), ids=NAMES)
def test_documented_examples(index, cvm_account):
    page = PAGES[index]
    http = HttpProfile(protocol="http", endpoint=cvm_account.endpoint)
    client = CommonClient(page["product"], page["version"], Credential(cvm_account.secret_id, cvm_account.secret_key),
                          command_line.REGION, ClientProfile(httpProfile=http, language="en-US"))
    for params in example_requests(described(index)):
        try:
            client.call_json(page["action"], params)
        except TencentCloudSDKException as refused:
            assert refused.code not in NO_VALUE, f"{params}: {refused}"
            assert "is of a wrong type" not in refused.message, f"{params}: {refused}"
