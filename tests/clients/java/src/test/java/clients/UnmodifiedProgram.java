package clients;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.common.provider.EnvironmentVariableCredentialsProvider;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import java.net.ProxySelector;
import java.net.URI;

/** A program that knows nothing of an emulator: its endpoint is the SDK's own, its proxy and trust are those of the JVM. */
final class UnmodifiedProgram {
    private UnmodifiedProgram() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("proxies")) {
            tellProxies(arguments);
            return;
        }
        HttpProfile http = new HttpProfile();
        http.setProtocol(arguments[0]);
        Credential keys = new EnvironmentVariableCredentialsProvider().getCredentials();
        new CvmClient(keys, Sdk.REGION, new ClientProfile(ClientProfile.SIGN_TC3_256, http)).RenewInstances(Renewals.of(1));
    }

    /** Prints by which proxy OkHttp would go to each of the URLs, without going there. */
    private static void tellProxies(String[] arguments) {
        for (int index = 1; index < arguments.length; index++) {
            System.out.println(ProxySelector.getDefault().select(URI.create(arguments[index])).get(0));
        }
    }
}
