package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import cvmemulator.CvmEmulator;
import cvmemulator.CvmEmulator.Account;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CvmEmulator.class)
class ProfilesTest {
    @Test
    void builtInKeysAreThoseOfTheDefaultAccount(Account account) throws Exception {
        HttpProfile http = new HttpProfile();
        http.setProtocol(HttpProfile.REQ_HTTP);
        http.setEndpoint(account.endpoint);
        describe(http, new Renewal().keys);
    }

    @Test
    void trust(Account account) throws Exception {
        HttpProfile http = new HttpProfile();
        http.setEndpoint(account.endpoint);
        Profiles.trust(http, account.caFile());
        describe(http, new Credential(account.secretId, account.secretKey));
    }

    @Test
    void throughTheEmulator(Account account) throws Exception {
        Profiles profiles = new Profiles();
        profiles.port = URI.create(account.url).getPort();
        describe(profiles.throughTheEmulator(), new Credential(account.secretId, account.secretKey));
        account.verify("{\"match\": {\"action\": \"DescribeInstances\", \"code\": \"OK\"}, \"exactly\": 1}");
    }

    private static void describe(HttpProfile http, Credential keys) throws TencentCloudSDKException {
        DescribeInstancesRequest look = new DescribeInstancesRequest();
        look.setInstanceIds(new String[] {"ins-r8hr2upy"});
        CvmClient client = new CvmClient(keys, "ap-guangzhou", new ClientProfile(ClientProfile.SIGN_TC3_256, http));
        assertEquals(1L, client.DescribeInstances(look).getTotalCount());
    }
}
