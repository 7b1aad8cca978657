"""Renews an instance with the SDK of the legacy API, whose host and protocol are fixed in its code."""

import json
import os

from QcloudApi.qcloudapi import QcloudApi

service = QcloudApi("cvm", {
    "Region": "ap-guangzhou",
    "secretId": os.environ["SECRET_ID"],
    "secretKey": os.environ["SECRET_KEY"],
    "method": "POST",
})


def call(action, **parameters):
    answer = json.loads(service.call(action, {"Version": "2017-03-12", "InstanceIds.0": "ins-r8hr2upy", **parameters}))
    return answer["Response"]


def expiry():
    return call("DescribeInstances")["InstanceSet"][0]["ExpiredTime"]


before = expiry()
renewed = call("RenewInstances", **{"InstanceChargePrepaid.Period": 1})
assert "Error" not in renewed, renewed
print(json.dumps([before, expiry()]))
