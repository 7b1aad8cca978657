"""c7n-tencentcloud, a policy engine: what it finds among the instances, and what it does with them.

It speaks https to cvm.<region>.tencentcloudapi.com, which its code fixes, and trusts certifi's bundle alone: the emulator is its proxy.
"""

import json
import os
import subprocess
import sys

import cases
import command_line
import pytest
import sdk

WAY = cases.Way("TC3-HMAC-SHA256", "POST", "https proxy")
# What expires within ten days and is not renewed by itself.
EXPIRING = {
    "name": "expiring",
    "resource": "tencentcloud.cvm",
    "filters": [
        {"RenewFlag": "NOTIFY_AND_MANUAL_RENEW"},
        {"InstanceChargeType": "PREPAID"},
        {"type": "value", "key": "ExpiredTime", "op": "lt", "value": "2030-01-21T00:00:00Z"},
    ],
}


@pytest.fixture(scope="session")
def c7n_packages():
    return command_line.packages("CVM_C7N_PACKAGES")


@pytest.fixture(scope="session")
def c7n_trust(c7n_packages, cvm_emulator, tmp_path_factory):
    return command_line.trusting(c7n_packages, tmp_path_factory.mktemp("c7n-trust"), cvm_emulator.ca())


@pytest.fixture
def custodian(c7n_packages, c7n_trust, cvm_account, tmp_path):
    """Runs a policy: the process, and the resources that it found."""
    def run(policy):
        (tmp_path / "policy.json").write_text(json.dumps({"policies": [policy]}))
        environment = {
            **os.environ,
            "HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join([str(c7n_trust), str(c7n_packages)]),
            "HTTPS_PROXY": cvm_account.url,
            "TENCENTCLOUD_SECRET_ID": cvm_account.secret_id,
            "TENCENTCLOUD_SECRET_KEY": cvm_account.secret_key,
        }
        ran = subprocess.run([sys.executable, "-B", c7n_packages / "bin" / "custodian", "run", "--region", command_line.REGION,
                              "--cache-period", "0", "--output-dir", tmp_path / "out", tmp_path / "policy.json"],
                             env=environment, capture_output=True, text=True, timeout=command_line.PATIENCE)
        found = tmp_path / "out" / policy["name"] / "resources.json"
        return ran, json.loads(found.read_text()) if found.exists() else None
    return run


def ids(resources):
    return sorted(resource["InstanceId"] for resource in resources)


def test_a_policy_finds_what_expires(custodian, cvm_account, c7n_packages):
    ran, found = custodian(EXPIRING)
    assert ran.returncode == 0, ran.stderr
    assert ids(found) == ["ins-5d8a23rs", "ins-isolated"]
    assert found[0]["c7n:MatchedFilters"] == ["RenewFlag", "InstanceChargeType", "ExpiredTime"]
    cvm_account.verify_order("GetCallerIdentity", {"action": "DescribeInstances", "code": "OK"})
    cases.passed(f"c7n-tencentcloud {command_line.version(c7n_packages, 'c7n_tencentcloud')}",
                 [call["action"] for call in cvm_account.calls()], WAY)


def test_a_policy_sees_the_renew_flag_change(custodian, cvm_account):
    renewed_by_itself = {"InstanceIds": ["ins-5d8a23rs"], "RenewFlag": "NOTIFY_AND_AUTO_RENEW"}
    sdk.Client(cvm_account).call("cvm", "ModifyInstancesRenewFlag", renewed_by_itself)
    assert ids(custodian(EXPIRING)[1]) == ["ins-isolated"]


def test_a_policy_stops_what_it_finds(custodian, cvm_account):
    ran, found = custodian({**EXPIRING, "filters": [{"InstanceId": "ins-5d8a23rs"}], "actions": ["stop"]})
    assert ran.returncode == 0, ran.stderr
    cvm_account.verify("StopInstances", exactly=1, instance="ins-5d8a23rs")


def test_a_refusal_ends_the_policy(custodian, cvm_account):
    """Its retry looks for RequestLimitExceeded in the answer; its SDK has raised it."""
    cvm_account.add_fault("DescribeInstances", when={"nth": 1}, error="RequestLimitExceeded")
    ran, found = custodian(EXPIRING)
    assert ran.returncode != 0 and found is None
    cvm_account.verify("DescribeInstances", exactly=1)
