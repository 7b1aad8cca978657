"""Renews an instance by asyncio. `pip install tencentcloud-sdk-python-cvm httpx`"""

import asyncio
import os

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.cvm.v20170312 import cvm_client_async, models

keys = Credential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")


async def main():
    renew = models.RenewInstancesRequest()
    renew.from_json_string('{"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}}')
    look = models.DescribeInstancesRequest()
    look.InstanceIds = ["ins-r8hr2upy"]
    # snippet: asyncio
    http = HttpProfile(protocol="http", endpoint=os.environ.get("CVM_EMULATOR_ENDPOINT", "127.0.0.1:8213"))
    async with cvm_client_async.CvmClient(keys, "ap-guangzhou", ClientProfile(httpProfile=http)) as client:
        await client.RenewInstances(renew)
        print((await client.DescribeInstances(look)).InstanceSet[0].ExpiredTime)
    # snippet: end


asyncio.run(main())
