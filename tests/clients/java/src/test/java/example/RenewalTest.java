package example;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import cvmemulator.CvmEmulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

// snippet: helper
@ExtendWith(CvmEmulator.class)
class RenewalTest {
    @Test
    void isRepeatedAfterAnError(CvmEmulator.Account account) throws Exception {
        Renewal renewal = new Renewal();
        renewal.endpoint = account.endpoint;
        renewal.keys = new Credential(account.secretId, account.secretKey);
        account.fault("RenewInstances", "{\"error\": \"InternalServerError\"}", "{\"nth\": 1}");

        assertThrows(TencentCloudSDKException.class, () -> renewal.renewOneMonth("ins-r8hr2upy"));
        account.advance("P1D");
        renewal.renewOneMonth("ins-r8hr2upy");
        account.verify("{\"match\": {\"action\": \"RenewInstances\", \"code\": \"OK\"}, \"exactly\": 1}");
    }
}
// snippet: end
