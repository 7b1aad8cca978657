"""Renews an instance through the emulator as the proxy. The code names no address, only the vendor's."""

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.cvm.v20170312 import cvm_client, models

keys = Credential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
client = cvm_client.CvmClient(keys, "ap-guangzhou", ClientProfile(httpProfile=HttpProfile(protocol="http")))
renew = models.RenewInstancesRequest()
renew.from_json_string('{"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}}')
client.RenewInstances(renew)
look = models.DescribeInstancesRequest()
look.InstanceIds = ["ins-r8hr2upy"]
print(client.DescribeInstances(look).InstanceSet[0].ExpiredTime)
