package clients;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.common.CommonClient;
import com.tencentcloudapi.common.CommonRequest;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import cvmemulator.CvmEmulator.Account;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;

/** The SDK's clients, pointed at the emulator in every way that there is. */
final class Sdk {
    static final String REGION = "ap-guangzhou";

    private Sdk() {}

    /** A way to sign, and the method of HTTP. */
    record Dialect(String sign, String method) {
        @Override
        public String toString() {
            return sign + " " + method;
        }
    }

    static final Dialect USUAL = new Dialect(ClientProfile.SIGN_TC3_256, HttpProfile.REQ_POST);
    static final List<Dialect> DIALECTS = List.of(
            USUAL, new Dialect(ClientProfile.SIGN_TC3_256, HttpProfile.REQ_GET),
            new Dialect(ClientProfile.SIGN_SHA1, HttpProfile.REQ_POST), new Dialect(ClientProfile.SIGN_SHA1, HttpProfile.REQ_GET),
            new Dialect(ClientProfile.SIGN_SHA256, HttpProfile.REQ_POST), new Dialect(ClientProfile.SIGN_SHA256, HttpProfile.REQ_GET));
    static final List<String> TRANSPORTS = List.of("http", "https", "http proxy", "https proxy");

    static ClientProfile profile(Account account, Dialect dialect, String transport) {
        HttpProfile http = new HttpProfile();
        http.setReqMethod(dialect.method());
        http.setProtocol(transport.startsWith("https") ? HttpProfile.REQ_HTTPS : HttpProfile.REQ_HTTP);
        if (transport.endsWith("proxy")) {
            URI emulator = URI.create(account.url);
            http.setProxyHost(emulator.getHost());
            http.setProxyPort(emulator.getPort());
        } else {
            http.setEndpoint(account.endpoint);
        }
        if (transport.startsWith("https")) trust(http, account.trustManager());
        return new ClientProfile(dialect.sign(), http);
    }

    static void trust(HttpProfile http, X509TrustManager authority) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new X509TrustManager[] {authority}, null);
            http.setSslSocketFactory(context.getSocketFactory());
            http.setX509TrustManager(authority);
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException(error);
        }
    }

    static Credential keys(Account account) {
        return new Credential(account.secretId, account.secretKey, account.token);
    }

    static CvmClient cvm(Account account, ClientProfile profile) {
        return new CvmClient(keys(account), REGION, profile);
    }

    /** Makes a call of the API: what it was told as the Response. */
    interface Caller {
        JsonObject call(String service, String version, String action, JsonObject params) throws Exception;
    }

    /** Makes a caller for a dialect with the profiles of its transport. */
    interface CallerMaker {
        Caller make(Credential keys, Dialect dialect, Function<Dialect, ClientProfile> profiles);
    }

    /** Calls any product by name, as programs do for products whose artifact they do not have. */
    static Caller byName(Credential keys, Dialect dialect, Function<Dialect, ClientProfile> profiles) {
        ClientProfile profile = profiles.apply(dialect);
        return (service, version, action, params) -> {
            CommonClient client = new CommonClient(service, version, keys, REGION, profile);
            String answer = client.commonRequest(new CommonRequest(params.toString()), action);
            return JsonParser.parseString(answer).getAsJsonObject().getAsJsonObject("Response");
        };
    }

    /** Calls CVM by the SDK's methods and models, the other products by name, in the one dialect that allows it. */
    static Caller byMethods(Credential keys, Dialect dialect, Function<Dialect, ClientProfile> profiles) {
        CvmClient client = new CvmClient(keys, REGION, profiles.apply(dialect));
        Caller others = byName(keys, USUAL, profiles);
        return (service, version, action, params) -> {
            if (!service.equals("cvm")) return others.call(service, version, action, params);
            Class<? extends AbstractModel> model =
                    Class.forName("com.tencentcloudapi.cvm.v20170312.models." + action + "Request").asSubclass(AbstractModel.class);
            AbstractModel request = AbstractModel.fromJsonString(params.toString(), model);
            JsonElement kept = JsonParser.parseString(AbstractModel.toJsonString(request));
            if (!kept.equals(params)) throw new AssertionError("the model of " + action + " keeps " + kept + " of " + params);
            try {
                Object answer = client.getClass().getMethod(action, model).invoke(client, request);
                return JsonParser.parseString(AbstractModel.toJsonString((AbstractModel) answer)).getAsJsonObject();
            } catch (InvocationTargetException thrown) {
                if (thrown.getCause() instanceof TencentCloudSDKException error) throw error;
                throw thrown;
            }
        };
    }
}
