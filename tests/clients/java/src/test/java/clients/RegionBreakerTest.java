package clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import cvmemulator.CvmEmulator;
import cvmemulator.CvmEmulator.Account;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The breaker is to send calls to a backup after five failures. In this version it never does: what it sets is not what
 * the client calls. If that changes, calls get no further than the emulator, which is the proxy too.
 */
class RegionBreakerTest {
    @RegisterExtension
    static final CvmEmulator EMULATOR = new CvmEmulator("--fixtures", "../account.json");

    @ParameterizedTest
    @CsvSource({"http, 127.0.0.1", "http proxy, cvm.tencentcloudapi.com"})
    void neverLeavesItsHost(String transport, String host, Account account) throws Exception {
        URI emulator = URI.create(account.url);
        List<String> hosts = new ArrayList<>();
        ClientProfile profile = Sdk.profile(account, Sdk.USUAL, transport);
        profile.setBackupEndpoint("ap-guangzhou.tencentcloudapi.com");
        profile.getHttpProfile().setHttpClient(new OkHttpClient.Builder()
                .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(emulator.getHost(), emulator.getPort())))
                .retryOnConnectionFailure(false)
                .addInterceptor(chain -> {
                    hosts.add(chain.request().url().host());
                    return chain.proceed(chain.request());
                })
                .build());
        CvmClient client = Sdk.cvm(account, profile);
        account.fault("DescribeInstances", "{\"drop\": true}", "{\"times\": 9}");
        for (int call = 0; call < 9; call++) {
            assertThrows(TencentCloudSDKException.class, () -> client.DescribeInstances(new DescribeInstancesRequest()));
        }
        client.DescribeInstances(new DescribeInstancesRequest());
        assertEquals(Collections.nCopies(10, host), hosts);
    }
}
