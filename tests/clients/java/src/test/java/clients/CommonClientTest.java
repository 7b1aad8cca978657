package clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import cvmemulator.CvmEmulator;
import cvmemulator.CvmEmulator.Account;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Why CommonClient is not played in all dialects: the SDK itself refuses. */
class CommonClientTest {
    @RegisterExtension
    static final CvmEmulator EMULATOR = new CvmEmulator("--fixtures", "../account.json");

    static List<Sdk.Dialect> otherDialects() {
        return Sdk.DIALECTS.subList(1, Sdk.DIALECTS.size());
    }

    @ParameterizedTest
    @MethodSource("otherDialects")
    void refusesOtherDialects(Sdk.Dialect other, Account account) {
        Sdk.Caller caller = Sdk.byName(Sdk.keys(account), other, dialect -> Sdk.profile(account, dialect, "http"));
        JsonObject params = JsonParser.parseString("{\"InstanceIds\": [\"ins-r8hr2upy\"]}").getAsJsonObject();
        TencentCloudSDKException error = assertThrows(
                TencentCloudSDKException.class, () -> caller.call("cvm", "2017-03-12", "DescribeInstances", params));
        String what = other.sign().equals(Sdk.USUAL.sign()) ? "get method" : "HmacSHA1 or HmacSHA256";
        assertEquals("WrongUsage: Cannot use " + what + " with customized parameters.", error.getMessage());
        account.verify("{\"exactly\": 0}");
    }
}
