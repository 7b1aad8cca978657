package example; // mvn test

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import com.tencentcloudapi.cvm.v20170312.models.InstanceChargePrepaid;
import com.tencentcloudapi.cvm.v20170312.models.RenewInstancesRequest;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

@Testcontainers
class RenewalTest {
    @Container
    static final GenericContainer<?> EMULATOR = new GenericContainer<>("cvm-renewal-emulator:0.1.0")
            .withExposedPorts(8213)
            // Asks for /health by the published port, so it waits for both.
            .waitingFor(Wait.forHttp("/health").forPort(8213));

    static final String[] INSTANCES = {"ins-r8hr2upy"};

    static CvmClient client() {
        HttpProfile http = new HttpProfile();
        http.setProtocol(HttpProfile.REQ_HTTP);
        http.setEndpoint(EMULATOR.getHost() + ":" + EMULATOR.getMappedPort(8213));
        ClientProfile profile = new ClientProfile();
        profile.setHttpProfile(http);
        Credential key = new Credential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE");
        return new CvmClient(key, "ap-guangzhou", profile);
    }

    static String expiry(CvmClient client) throws Exception {
        DescribeInstancesRequest request = new DescribeInstancesRequest();
        request.setInstanceIds(INSTANCES);
        return client.DescribeInstances(request).getInstanceSet()[0].getExpiredTime();
    }

    @Test
    void aRenewalMovesTheExpiry() throws Exception {
        CvmClient client = client();
        String before = expiry(client);
        InstanceChargePrepaid month = new InstanceChargePrepaid();
        month.setPeriod(1L);
        RenewInstancesRequest request = new RenewInstancesRequest();
        request.setInstanceIds(INSTANCES);
        request.setInstanceChargePrepaid(month);
        client.RenewInstances(request);
        assertTrue(expiry(client).compareTo(before) > 0);
    }
}
