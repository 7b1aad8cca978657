package clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import com.tencentcloudapi.cvm.v20170312.models.RenewInstancesRequest;
import cvmemulator.CvmEmulator;
import cvmemulator.CvmEmulator.Account;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the SDK, and OkHttp below it, do by themselves when an answer is lost or a call is refused. Isolated, because all
 * clients of the SDK share one pool of connections: here each test knows which of them it uses.
 */
@Isolated
class LostAnswerTest {
    @RegisterExtension
    static final CvmEmulator EMULATOR = new CvmEmulator("--fixtures", "../account.json");

    private static final String LOST = "{\"commit_then_fail\": true, \"drop\": true}";
    private static final String ONCE = "{\"nth\": 1}";
    private static final String NO_ERROR = "";
    private static final String NETWORK_ERROR = "unexpected end of stream";

    /** What the caller is told, what the server saw, and what was paid. */
    record Outcome(String told, List<String> came, List<Long> paid) {
        static final Outcome PAID_ONCE = new Outcome(NETWORK_ERROR, List.of("lost"), List.of(Renewals.MONTH));
        static final Outcome PAID_TWICE = new Outcome(NO_ERROR, List.of("lost", "OK"), List.of(Renewals.MONTH, Renewals.MONTH));
    }

    private interface Call {
        void run() throws TencentCloudSDKException;
    }

    private static Outcome outcome(Account account, Call call) {
        return new Outcome(told(call), Renewals.came(account), Renewals.paid(account));
    }

    /** The code of an error of the API, what OkHttp says of another, "" of none. */
    private static String told(Call call) {
        try {
            call.run();
            return NO_ERROR;
        } catch (TencentCloudSDKException error) {
            if (error.getErrorCode() != null) return error.getErrorCode();
            String message = error.getCause().getMessage();
            return message.startsWith(NETWORK_ERROR) ? NETWORK_ERROR : message;
        }
    }

    private static ClientProfile profile(Account account, String method) {
        return Sdk.profile(account, new Sdk.Dialect(ClientProfile.SIGN_TC3_256, method), "http");
    }

    private static OkHttpClient withConnectionsOfItsOwn() {
        return new OkHttpClient();
    }

    @ParameterizedTest
    @CsvSource({HttpProfile.REQ_POST, HttpProfile.REQ_GET})
    void okHttpSendsARenewalAgainOnAUsedConnection(String method, Account account) throws Exception {
        CvmClient client = Sdk.cvm(account, profile(account, method));
        Renewals.expiry(client);
        account.fault("RenewInstances", LOST, ONCE);
        assertEquals(Outcome.PAID_TWICE, outcome(account, () -> client.RenewInstances(Renewals.of(1))));
    }

    @ParameterizedTest
    @CsvSource({HttpProfile.REQ_POST, HttpProfile.REQ_GET})
    void okHttpDoesNotOnAFreshConnection(String method, Account account) {
        ClientProfile profile = profile(account, method);
        profile.getHttpProfile().setHttpClient(withConnectionsOfItsOwn());
        CvmClient client = Sdk.cvm(account, profile);
        account.fault("RenewInstances", LOST, ONCE);
        assertEquals(Outcome.PAID_ONCE, outcome(account, () -> client.RenewInstances(Renewals.of(1))));
    }

    @ParameterizedTest
    @CsvSource({HttpProfile.REQ_POST, HttpProfile.REQ_GET})
    void retryOnConnectionFailureSwitchedOffPaysOnce(String method, Account account) throws Exception {
        ClientProfile profile = profile(account, method);
        // snippet: no_repeat
        // Takes the place of the SDK's own: timeouts, proxy and trust of HttpProfile are to be set here.
        OkHttpClient once = new OkHttpClient.Builder()
                .retryOnConnectionFailure(false)
                .readTimeout(100, TimeUnit.SECONDS)
                .build();
        profile.getHttpProfile().setHttpClient(once);
        // snippet: end
        CvmClient client = Sdk.cvm(account, profile);
        Renewals.expiry(client);
        account.fault("RenewInstances", LOST, ONCE);
        assertEquals(Outcome.PAID_ONCE, outcome(account, () -> client.RenewInstances(Renewals.of(1))));
    }

    @Test
    void noRetryByDefaultAfterARefusal(Account account) {
        CvmClient client = Sdk.cvm(account, profile(account, HttpProfile.REQ_POST));
        account.fault("RenewInstances", "{\"error\": \"RequestLimitExceeded\"}", ONCE);
        assertEquals(new Outcome("RequestLimitExceeded", List.of("RequestLimitExceeded"), List.of()),
                outcome(account, () -> client.RenewInstances(Renewals.of(1))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"error\": \"RequestLimitExceeded\"}   | RequestLimitExceeded",
        "{\"error\": \"InternalServerError\"}    | InternalServerError",
        "{\"error\": \"InvalidInstanceId.NotFound\"} | InvalidInstanceId.NotFound",
        "{\"status\": 502}                       | no answer",
    })
    void retryRepeatsAfterAnything(String then, String first, Account account) {
        CvmClient client = Sdk.cvm(account, profile(account, HttpProfile.REQ_POST));
        account.fault("RenewInstances", then, ONCE);
        assertEquals(new Outcome(NO_ERROR, List.of(first, "OK"), List.of(Renewals.MONTH)),
                outcome(account, () -> client.retry(Renewals.of(1), 3)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"commit_then_fail\": true, \"error\": \"InternalServerError\"} | InternalServerError",
        "{\"commit_then_fail\": true, \"status\": 502}              | lost",
        "{\"truncate\": 20}                                         | OK",
    })
    void retryPaysTwiceWhenTheAnswerWasLost(String then, String first, Account account) {
        CvmClient client = Sdk.cvm(account, profile(account, HttpProfile.REQ_POST));
        account.fault("RenewInstances", then, ONCE);
        assertEquals(new Outcome(NO_ERROR, List.of(first, "OK"), List.of(Renewals.MONTH, Renewals.MONTH)),
                outcome(account, () -> client.retry(Renewals.of(1), 3)));
    }

    @Test
    void retryPaysTwiceAfterADelay(Account account) {
        ClientProfile profile = profile(account, HttpProfile.REQ_POST);
        profile.getHttpProfile().setReadTimeout(1); // second
        CvmClient client = Sdk.cvm(account, profile);
        account.fault("RenewInstances", "{\"commit_then_fail\": true, \"delay_ms\": 2000, \"drop\": true}", ONCE);
        assertEquals(Outcome.PAID_TWICE, outcome(account, () -> client.retry(Renewals.of(1), 3)));
    }

    // snippet: renew_once
    /**
     * Renews an instance whose ExpiredTime the caller has seen. RenewInstances has no ClientToken: a second call is a
     * second month. So it looks, before it says of a failed call that nothing was paid.
     */
    static void renewOnce(CvmClient client, RenewInstancesRequest renew, String expiredTime) throws TencentCloudSDKException {
        try {
            client.RenewInstances(renew);
        } catch (TencentCloudSDKException error) {
            DescribeInstancesRequest look = new DescribeInstancesRequest();
            look.setInstanceIds(renew.getInstanceIds());
            if (client.DescribeInstances(look).getInstanceSet()[0].getExpiredTime().equals(expiredTime)) throw error;
        }
    }
    // snippet: end

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"commit_then_fail\": true, \"drop\": true}               | lost",
        "{\"commit_then_fail\": true, \"status\": 502}              | lost",
        "{\"commit_then_fail\": true, \"error\": \"InternalServerError\"} | InternalServerError",
        "{\"truncate\": 20}                                         | OK",
    })
    void renewOncePaysOnce(String then, String came, Account account) throws Exception {
        ClientProfile profile = profile(account, HttpProfile.REQ_POST);
        profile.getHttpProfile().setHttpClient(new OkHttpClient.Builder().retryOnConnectionFailure(false).build());
        CvmClient client = Sdk.cvm(account, profile);
        String expiredTime = Renewals.expiry(client);
        account.fault("RenewInstances", then, ONCE);
        assertEquals(new Outcome(NO_ERROR, List.of(came), List.of(Renewals.MONTH)),
                outcome(account, () -> renewOnce(client, Renewals.of(1), expiredTime)));
    }

    @Test
    void renewOnceTellsOfARefusal(Account account) throws Exception {
        CvmClient client = Sdk.cvm(account, profile(account, HttpProfile.REQ_POST));
        String expiredTime = Renewals.expiry(client);
        account.fault("RenewInstances", "{\"error\": \"InternalServerError\"}", ONCE);
        assertEquals(new Outcome("InternalServerError", List.of("InternalServerError"), List.of()),
                outcome(account, () -> renewOnce(client, Renewals.of(1), expiredTime)));
    }
}
