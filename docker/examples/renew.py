"""Renews an instance by a month at CVM_ENDPOINT, with the official SDK: pip install tencentcloud-sdk-python-cvm"""

import os

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.cvm.v20170312 import cvm_client, models

INSTANCE = "ins-r8hr2upy"

http = HttpProfile(endpoint=os.environ.get("CVM_ENDPOINT", "http://127.0.0.1:8213"))
client = cvm_client.CvmClient(
    Credential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"),
    "ap-guangzhou", ClientProfile(httpProfile=http))


def expiry():
    request = models.DescribeInstancesRequest()
    request.InstanceIds = [INSTANCE]
    return client.DescribeInstances(request).InstanceSet[0].ExpiredTime


before = expiry()
renewal = models.RenewInstancesRequest()
renewal.from_json_string('{"InstanceIds": ["%s"], "InstanceChargePrepaid": {"Period": 1}}' % INSTANCE)
client.RenewInstances(renewal)
after = expiry()
print(f"{INSTANCE}: {before} -> {after}")
assert after > before, "the renewal did not move the expiry"
