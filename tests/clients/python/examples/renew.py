"""Renews an instance by a month. `pip install tencentcloud-sdk-python-cvm`"""

# snippet: renew
import os

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.cvm.v20170312 import cvm_client, models

http = HttpProfile(endpoint=os.environ.get("CVM_EMULATOR_URL", "http://127.0.0.1:8213"))
keys = Credential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
client = cvm_client.CvmClient(keys, "ap-guangzhou", ClientProfile(httpProfile=http))

renew = models.RenewInstancesRequest()
renew.from_json_string('{"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}}')
client.RenewInstances(renew)

look = models.DescribeInstancesRequest()
look.InstanceIds = ["ins-r8hr2upy"]
print(client.DescribeInstances(look).InstanceSet[0].ExpiredTime)
# snippet: end
