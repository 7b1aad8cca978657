"""The emulator of the tests."""

import os

import pytest

import cases

pytest_plugins = ["cvm_emulator"]

# The clients send even loopback traffic through a proxy that the environment names.
for _name in list(os.environ):
    if _name.lower().endswith("_proxy") or _name.startswith("TENCENTCLOUD_"):
        del os.environ[_name]


@pytest.fixture(scope="session")
def cvm_emulator_flags():
    return ["--fixtures", cases.FOLDER / "account.json"]


@pytest.fixture
def temporary_account(cvm_emulator):
    """An account whose keys come with a Token."""
    account = cvm_emulator.make_account(expires_in="PT1H")
    yield account
    account.drop()
