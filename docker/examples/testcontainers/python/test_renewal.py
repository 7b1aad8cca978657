"""pip install -r requirements.txt && pytest"""

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.cvm.v20170312 import cvm_client, models
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy


@pytest.fixture(scope="session")
def endpoint():
    # Asks for /health by the published port, so it waits for both.
    ready = HttpWaitStrategy(8213, "/health").for_status_code(200)
    with DockerContainer("cvm-renewal-emulator:0.1.0").with_exposed_ports(8213).waiting_for(ready) as emulator:
        yield f"http://{emulator.get_container_host_ip()}:{emulator.get_exposed_port(8213)}"


@pytest.fixture
def client(endpoint):
    key = Credential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
    return cvm_client.CvmClient(key, "ap-guangzhou", ClientProfile(httpProfile=HttpProfile(endpoint=endpoint)))


def expiry(client):
    request = models.DescribeInstancesRequest()
    request.InstanceIds = ["ins-r8hr2upy"]
    return client.DescribeInstances(request).InstanceSet[0].ExpiredTime


def test_a_renewal_moves_the_expiry(client):
    before = expiry(client)
    request = models.RenewInstancesRequest()
    request.from_json_string('{"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}}')
    client.RenewInstances(request)
    assert expiry(client) > before
