"""A renewal that may be tried again after any failure, because it looks before it does."""

# snippet: renew-once
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.cvm.v20170312 import models


def expiry(client, instance_id):
    request = models.DescribeInstancesRequest()
    request.InstanceIds = [instance_id]
    return client.DescribeInstances(request).InstanceSet[0].ExpiredTime


def renew_once(client, instance_id, months=1, attempts=3):
    before = expiry(client, instance_id)
    request = models.RenewInstancesRequest()
    request.InstanceIds = [instance_id]
    request.InstanceChargePrepaid = models.InstanceChargePrepaid()
    request.InstanceChargePrepaid.Period = months
    for attempt in range(attempts):
        try:
            client.RenewInstances(request)
            return
        except TencentCloudSDKException:
            if expiry(client, instance_id) != before:
                return  # the answer was lost, not the renewal
            if attempt + 1 == attempts:
                raise
# snippet: end
