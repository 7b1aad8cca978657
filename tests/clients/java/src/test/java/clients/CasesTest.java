package clients;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.Language;
import cvmemulator.CvmEmulator;
import cvmemulator.CvmEmulator.Account;
import cvmemulator.CvmEmulator.Accounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the SDK, unmodified, to tests/clients/cases.json. */
class CasesTest {
    @RegisterExtension
    static final CvmEmulator EMULATOR = new CvmEmulator("--fixtures", "../account.json");

    private static final Suite SUITE = read();

    // Gson of the SDK's day fills classes, not records.
    static final class Suite {
        Map<String, String> versions;
        String region;
        List<Case> cases;
    }

    static final class Case {
        String name;
        boolean everywhere;
        List<Step> steps;
    }

    /** A call with its expected outcome, or a request to the control API. */
    static final class Step {
        String service;
        String action;
        String language;
        @SerializedName("secret_key") String secretKey;
        JsonObject params;
        JsonObject answer;
        String code;
        String message;
        Control control;
    }

    static final class Control {
        String method;
        String path;
        JsonObject body;
    }

    /** The SDK's two ways to call, and the dialects that they offer. */
    enum Client {
        CVM("tencentcloud-sdk-java-cvm 3.1.1342", Sdk.DIALECTS, Sdk::byMethods),
        // Its other dialects are excepted: CommonClientTest.
        COMMON("tencentcloud-sdk-java-common 3.1.1342", List.of(Sdk.USUAL), Sdk::byName);

        final String label;
        final List<Sdk.Dialect> dialects;
        final Sdk.CallerMaker maker;

        Client(String label, List<Sdk.Dialect> dialects, Sdk.CallerMaker maker) {
            this.label = label;
            this.dialects = dialects;
            this.maker = maker;
        }
    }

    /** A case with the way to call. */
    record Play(Client client, Sdk.Dialect dialect, String transport, Case testCase) {
        @Override
        public String toString() {
            return client.label + ", " + dialect + ", " + transport + ": " + testCase.name;
        }
    }

    private static Suite read() {
        try {
            Suite suite = new Gson().fromJson(Files.readString(Path.of("../cases.json")), Suite.class);
            assertEquals(Sdk.REGION, suite.region);
            return suite;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    static Stream<Play> plays() {
        List<Play> plays = new ArrayList<>();
        for (Client client : Client.values()) {
            for (Case testCase : SUITE.cases) {
                if (!testCase.everywhere) {
                    plays.add(new Play(client, Sdk.USUAL, "http", testCase));
                    continue;
                }
                for (Sdk.Dialect dialect : client.dialects) {
                    for (String transport : Sdk.TRANSPORTS) plays.add(new Play(client, dialect, transport, testCase));
                }
            }
        }
        return plays.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plays")
    void plays(Play play, Account account) throws Exception {
        run(play, account);
    }

    @ParameterizedTest
    @EnumSource
    void temporaryKeys(Client client, Accounts accounts) throws Exception {
        Account account = accounts.make("{\"expires_in\": \"PT1H\"}");
        run(new Play(client, Sdk.USUAL, "http", SUITE.cases.get(0)), account);

        Sdk.Caller withoutToken = client.maker.make(new Credential(account.secretId, account.secretKey), Sdk.USUAL,
                dialect -> Sdk.profile(account, dialect, "http"));
        TencentCloudSDKException error = assertThrows(TencentCloudSDKException.class,
                () -> withoutToken.call("cvm", SUITE.versions.get("cvm"), "DescribeInstances", new JsonObject()));
        assertEquals("AuthFailure.TokenFailure", error.getErrorCode());
    }

    private static void run(Play play, Account account) throws Exception {
        Sdk.Caller usual = caller(play, account, null, null);
        int number = 0;
        for (Step step : play.testCase.steps) {
            String where = play + ": step " + ++number + ", " + step.action;
            if (step.control != null) {
                account.control(step.control.method, step.control.path, step.control.body.toString());
                continue;
            }
            Sdk.Caller caller = step.language == null && step.secretKey == null
                    ? usual : caller(play, account, step.language, step.secretKey);
            if (step.code == null) {
                JsonElement answer = assertDoesNotThrow(() -> call(caller, step), where);
                String difference = Json.difference(step.answer, answer);
                if (!difference.isEmpty()) fail(where + ": " + difference);
                continue;
            }
            TencentCloudSDKException error = assertThrows(TencentCloudSDKException.class, () -> call(caller, step), where);
            assertEquals(step.code, error.getErrorCode(), () -> where + ": " + error);
            if (step.message != null) assertEquals(step.message, error.getMessage(), where);
        }
        tellMatrix(play);
    }

    private static JsonElement call(Sdk.Caller caller, Step step) throws Exception {
        return caller.call(step.service, SUITE.versions.get(step.service), step.action, step.params);
    }

    private static Sdk.Caller caller(Play play, Account account, String language, String secretKey) {
        Credential keys = secretKey == null ? Sdk.keys(account) : new Credential(account.secretId, secretKey);
        return play.client.maker.make(keys, play.dialect, dialect -> {
            ClientProfile profile = Sdk.profile(account, dialect, play.transport);
            if (language != null) profile.setLanguage(language.equals("zh-CN") ? Language.ZH_CN : Language.EN_US);
            return profile;
        });
    }

    /** Appends the calls of the case to the file of which docs/clients.md's matrix is made. */
    private static synchronized void tellMatrix(Play play) throws IOException {
        String name = System.getenv("CVM_MATRIX");
        if (name == null || name.isEmpty()) return;
        StringBuilder lines = new StringBuilder();
        for (Step step : play.testCase.steps) {
            if (step.control != null) continue;
            boolean cvm = step.service.equals("cvm");
            Client client = cvm ? play.client : Client.COMMON;
            Sdk.Dialect dialect = cvm ? play.dialect : Sdk.USUAL;
            lines.append(new Gson().toJson(Map.of("client", client.label, "call", step.action,
                    "dialect", dialect.toString(), "transport", play.transport))).append('\n');
        }
        Files.writeString(Path.of(name), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
