package clients;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import com.tencentcloudapi.cvm.v20170312.models.InstanceChargePrepaid;
import com.tencentcloudapi.cvm.v20170312.models.RenewInstancesRequest;
import cvmemulator.CvmEmulator.Account;
import java.util.ArrayList;
import java.util.List;

/** A renewal that the tests make, and what the server knows of it afterwards. */
final class Renewals {
    static final String INSTANCE = "ins-r8hr2upy";
    /** What a month of it costs, in cents. */
    static final long MONTH = 7650;

    private Renewals() {}

    static RenewInstancesRequest of(long months) {
        InstanceChargePrepaid prepaid = new InstanceChargePrepaid();
        prepaid.setPeriod(months);
        RenewInstancesRequest request = new RenewInstancesRequest();
        request.setInstanceIds(new String[] {INSTANCE});
        request.setInstanceChargePrepaid(prepaid);
        return request;
    }

    static String expiry(CvmClient client) throws TencentCloudSDKException {
        DescribeInstancesRequest look = new DescribeInstancesRequest();
        look.setInstanceIds(new String[] {INSTANCE});
        return client.DescribeInstances(look).getInstanceSet()[0].getExpiredTime();
    }

    /** The code of each renewal, as the server answered it; "lost" where it did the work and told no code. */
    static List<String> came(Account account) {
        List<String> codes = new ArrayList<>();
        for (JsonElement element : parse(account.calls("action=RenewInstances")).getAsJsonArray("calls")) {
            JsonObject call = element.getAsJsonObject();
            if (!call.get("code").isJsonNull()) codes.add(call.get("code").getAsString());
            else codes.add(call.get("done").getAsBoolean() ? "lost" : "no answer");
        }
        return codes;
    }

    /** The amounts of the account's orders, by the ledger. */
    static List<Long> paid(Account account) {
        List<Long> amounts = new ArrayList<>();
        for (JsonElement element : parse(account.control("GET", "ledger", null)).getAsJsonArray("lines")) {
            JsonObject line = element.getAsJsonObject();
            if (line.has("OrderId")) amounts.add(line.get("Amount").getAsLong());
        }
        return amounts;
    }

    private static JsonObject parse(String json) {
        return JsonParser.parseString(json).getAsJsonObject();
    }
}
