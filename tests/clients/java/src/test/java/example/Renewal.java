package example;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.cvm.v20170312.models.InstanceChargePrepaid;
import com.tencentcloudapi.cvm.v20170312.models.RenewInstancesRequest;

/** A program as the docs show it. */
final class Renewal {
    // snippet: first
    String endpoint = "127.0.0.1:8213";
    Credential keys = new Credential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE");

    void renewOneMonth(String instance) throws TencentCloudSDKException {
        HttpProfile http = new HttpProfile();
        http.setProtocol(HttpProfile.REQ_HTTP);
        http.setEndpoint(endpoint);
        CvmClient client = new CvmClient(keys, "ap-guangzhou", new ClientProfile(ClientProfile.SIGN_TC3_256, http));
        InstanceChargePrepaid prepaid = new InstanceChargePrepaid();
        prepaid.setPeriod(1L);
        RenewInstancesRequest renew = new RenewInstancesRequest();
        renew.setInstanceIds(new String[] {instance});
        renew.setInstanceChargePrepaid(prepaid);
        client.RenewInstances(renew);
    }
    // snippet: end
}
