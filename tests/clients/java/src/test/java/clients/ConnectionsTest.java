package clients;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import cvmemulator.CvmEmulator;
import cvmemulator.CvmEmulator.Account;
import cvmemulator.CvmEmulator.Accounts;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectionsTest {
    @RegisterExtension
    static final CvmEmulator EMULATOR = new CvmEmulator("--fixtures", "../account.json");

    @Test
    void connectionsAreKeptAlive(Account account) throws Exception {
        AtomicInteger opened = new AtomicInteger();
        ClientProfile profile = Sdk.profile(account, Sdk.USUAL, "http");
        profile.getHttpProfile().setHttpClient(new OkHttpClient.Builder().eventListener(new EventListener() {
            @Override
            public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
                opened.incrementAndGet();
            }
        }).build());
        CvmClient client = Sdk.cvm(account, profile);
        for (int call = 0; call < 200; call++) {
            assertEquals(12L, client.DescribeInstances(new DescribeInstancesRequest()).getTotalCount());
        }
        assertEquals(1, opened.get(), "connections for 200 calls");
        account.verify("{\"match\": {\"action\": \"DescribeInstances\", \"code\": \"OK\"}, \"exactly\": 200}");
    }

    @Test
    void fiftyAtOnce(Accounts accounts) throws Exception {
        List<Account> fifty = IntStream.range(0, 50).mapToObj(index -> accounts.make("{}")).toList();
        ExecutorService threads = Executors.newFixedThreadPool(fifty.size());
        try {
            CountDownLatch start = new CountDownLatch(fifty.size());
            List<Future<String>> expiries = new ArrayList<>();
            for (int index = 0; index < fifty.size(); index++) {
                CvmClient client = Sdk.cvm(fifty.get(index), Sdk.profile(fifty.get(index), Sdk.USUAL, "http"));
                long months = index % 3 + 1;
                expiries.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    client.RenewInstances(Renewals.of(months));
                    return Renewals.expiry(client);
                }));
            }
            // Each account has what it paid for, not what another one did.
            List<String> expected = List.of("2030-02-28T08:00:00Z", "2030-03-31T08:00:00Z", "2030-04-30T08:00:00Z");
            assertAll(IntStream.range(0, fifty.size()).mapToObj(index -> () -> {
                assertEquals(expected.get(index % 3), expiries.get(index).get());
                assertEquals(List.of("OK"), Renewals.came(fifty.get(index)));
            }));
        } finally {
            threads.shutdownNow();
        }
    }
}
