package clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cvmemulator.CvmEmulator;
import cvmemulator.CvmEmulator.Account;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JVMs of their own: proxies and trust of a JVM are read once. */
class UnmodifiedProgramTest {
    @RegisterExtension
    static final CvmEmulator EMULATOR = new CvmEmulator("--fixtures", "../account.json");

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void renewsThroughTheEmulator(String scheme, Account account) throws Exception {
        URI emulator = URI.create(account.url);
        Ran ran = run(
                Map.of("TENCENTCLOUD_SECRET_ID", account.secretId, "TENCENTCLOUD_SECRET_KEY", account.secretKey,
                        "JAVA_TOOL_OPTIONS", "-D" + scheme + ".proxyHost=" + emulator.getHost()
                                + " -D" + scheme + ".proxyPort=" + emulator.getPort()
                                + " -Djavax.net.ssl.trustStore=" + account.trustStore()
                                + " -Djavax.net.ssl.trustStorePassword=changeit"),
                scheme + "://");
        assertEquals(0, ran.code, ran.output);
        account.verify("{\"match\": {\"action\": \"RenewInstances\", \"code\": \"OK\"}, \"exactly\": 1}");
    }

    @Test
    void trustsNobodyElse(Account account) throws Exception {
        URI emulator = URI.create(account.url);
        Ran ran = run(
                Map.of("TENCENTCLOUD_SECRET_ID", account.secretId, "TENCENTCLOUD_SECRET_KEY", account.secretKey,
                        "JAVA_TOOL_OPTIONS", "-Dhttps.proxyHost=" + emulator.getHost() + " -Dhttps.proxyPort=" + emulator.getPort()),
                "https://");
        assertEquals(1, ran.code, ran.output);
        assertTrue(ran.output.contains("unable to find valid certification path"), ran.output);
        account.verify("{\"exactly\": 0}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", value = {
        // variables                    | options                                                | cvm    | 127.0.0.1
        "HTTPS_PROXY=http://10.0.0.1:1  | -                                                      | DIRECT | DIRECT",
        "-                              | -Dhttps.proxyHost=10.0.0.1                             | PROXY  | DIRECT",
        "NO_PROXY=*                     | -Dhttps.proxyHost=10.0.0.1                             | PROXY  | DIRECT",
        "-                              | -Dhttps.proxyHost=10.0.0.1 -Dhttp.nonProxyHosts=*.tencentcloudapi.com | DIRECT | DIRECT",
    })
    void onlyPropertiesNameAProxy(String variable, String options, String cvm, String here) throws Exception {
        Map<String, String> environment = variable == null
                ? Map.of() : Map.of(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        List<String> arguments = new ArrayList<>(options == null ? List.of() : List.of(options.split(" ")));
        arguments.add(UnmodifiedProgram.class.getName());
        arguments.addAll(List.of("proxies", "https://cvm.tencentcloudapi.com", "https://127.0.0.1:8443"));
        String kinds = java(environment, arguments).output.replaceAll("(?m)^(PROXY|HTTP|DIRECT).*$", "$1").replace("HTTP", "PROXY");
        assertEquals(cvm + "\n" + here + "\n", kinds);
    }

    private record Ran(int code, String output) {}

    private static Ran run(Map<String, String> environment, String protocol) throws IOException, InterruptedException {
        return java(environment, List.of(UnmodifiedProgram.class.getName(), protocol));
    }

    private static Ran java(Map<String, String> environment, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path")));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }
}
