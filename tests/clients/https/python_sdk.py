"""Renews an instance with the official Python SDK as its documentation shows it: no endpoint, no protocol."""

import json
import os

from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.cvm.v20170312 import cvm_client, models

key = credential.Credential(os.environ["SECRET_ID"], os.environ["SECRET_KEY"])
# This SDK trusts the bundle that it comes with, or the one that it is told of.
profile = ClientProfile(httpProfile=HttpProfile(certification=os.environ["CA"]))
client = cvm_client.CvmClient(key, "ap-guangzhou", profile)


def call(method, model, **parameters):
    request = model()
    request.from_json_string(json.dumps(parameters))
    return method(request)


def expiry():
    answer = call(client.DescribeInstances, models.DescribeInstancesRequest, InstanceIds=["ins-r8hr2upy"])
    return answer.InstanceSet[0].ExpiredTime


before = expiry()
call(client.RenewInstances, models.RenewInstancesRequest, InstanceIds=["ins-r8hr2upy"], InstanceChargePrepaid={"Period": 1})
print(json.dumps([before, expiry()]))
