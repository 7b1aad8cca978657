package cvmemulator;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each JUnit 5 test its own account in the CVM renewal emulator. Copy this file into your project, as
 * src/test/java/cvmemulator/CvmEmulator.java. It needs Java 11, JUnit 5 and nothing else.
 *
 * <pre>
 * &#64;ExtendWith(CvmEmulator.class)
 * class RenewalTest {
 *     &#64;Test
 *     void renewsWhatExpiresSoon(CvmEmulator.Account account) {
 *         renewAllThatExpireSoon(account.endpoint, account.secretId, account.secretKey);
 *         account.verify("{\"match\": {\"action\": \"RenewInstances\", \"code\": \"OK\"}, \"exactly\": 1}");
 *     }
 * }
 * </pre>
 *
 * It starts the binary that CVM_EMULATOR_BINARY names, else cvm-renewal-emulator from PATH, on a free port, and stops it
 * after the last test. With CVM_EMULATOR_URL it starts nothing and uses the emulator at that address. Flags of the
 * binary: {@code @RegisterExtension static CvmEmulator emulator = new CvmEmulator("--fixtures", "account.json")}.
 *
 * <p>Accounts share no state, so tests may run in parallel. An account is deleted when its test ends; a test that needs
 * several asks for {@link Accounts}. Durations are in ISO 8601 (P1M, PT90S). JSON is passed as text, so that no library
 * is required; GET /_emulator/openapi.json describes it.
 */
public final class CvmEmulator implements ParameterResolver {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(CvmEmulator.class);

    private final List<String> flags;

    public CvmEmulator() {
        this(new String[0]);
    }

    public CvmEmulator(String... flags) {
        this.flags = List.of(flags);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return type == Account.class || type == Accounts.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        Server server = test.getRoot().getStore(HERE).getOrComputeIfAbsent(flags, Server::start, Server.class);
        Accounts accounts = test.getStore(HERE)
                .getOrComputeIfAbsent(List.of(flags, test.getUniqueId()), key -> new Accounts(server), Accounts.class);
        return parameter.getParameter().getType() == Accounts.class ? accounts : accounts.make("{}");
    }

    /** Creates accounts that are deleted when the test ends. */
    @SuppressWarnings("deprecation") // of CloseableResource: AutoCloseable is enough since JUnit 5.13
    public static final class Accounts implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        private final Server server;
        private final List<Account> made = new ArrayList<>();

        private Accounts(Server server) {
            this.server = server;
        }

        /**
         * An account with these settings: <code>{}</code> for a copy of the default one, <code>{"from": "empty"}</code>,
         * <code>{"expires_in": "PT1H"}</code> for temporary keys.
         */
        public synchronized Account make(String settings) {
            Account account = new Account(server.url, request(server.url, "POST", "accounts", settings));
            made.add(account);
            return account;
        }

        @Override
        public synchronized void close() {
            made.forEach(account -> account.control("DELETE", "accounts", null));
            made.clear();
        }
    }

    /** An account with its own keys. Its methods throw an AssertionError if the emulator refuses. */
    public static final class Account {
        /** Such as http://127.0.0.1:8213. */
        public final String url;
        /** Such as 127.0.0.1:8213, for HttpProfile.setEndpoint. */
        public final String endpoint;

        public final String uin;
        public final String secretId;
        public final String secretKey;
        /** For temporary keys, else null. */
        public final String token;

        private Account(String url, String keys) {
            this.url = url;
            endpoint = URI.create(url).getAuthority();
            uin = text(keys, "Uin");
            secretId = text(keys, "SecretId");
            secretKey = text(keys, "SecretKey");
            token = text(keys, "Token");
        }

        /** Moves the account's clock. When it returns, everything due has happened. */
        public void advance(String duration) {
            control("POST", "clock", "{\"advance\": \"" + duration + "\"}");
        }

        /** Moves the account's clock forward to an instant of whole seconds. */
        public void setClock(Instant instant) {
            control("POST", "clock", "{\"set\": \"" + instant + "\"}");
        }

        /** Stops the account's clock, or lets it run again. */
        public void freezeClock(boolean frozen) {
            control("POST", "clock", "{\"frozen\": " + frozen + "}");
        }

        /** Applies a fault to all calls of an action, such as <code>{"error": "RequestLimitExceeded"}</code>. */
        public void fault(String action, String then) {
            fault(action, then, "{}");
        }

        /** The same for the calls that {@code when} selects: <code>{"nth": 1}</code>, <code>{"times": 2}</code>. */
        public void fault(String action, String then, String when) {
            control("POST", "faults", "{\"match\": {\"action\": \"" + action + "\"}, \"then\": " + then + ", \"when\": " + when + "}");
        }

        /** The account's calls, oldest first, as JSON. A query such as <code>action=Renew*</code> selects some. */
        public String calls(String query) {
            return control("GET", "requests?" + query, null);
        }

        /** Fails unless the account's calls are as expected. */
        public void verify(String expectation) {
            String verdict = control("POST", "requests/verify", expectation);
            if (!Pattern.compile("^\\{\\s*\"ok\"\\s*:\\s*true\\b").matcher(verdict).find()) {
                throw new AssertionError("calls are not as expected: " + text(verdict, "why") + "\n    " + verdict);
            }
        }

        /** The emulator's certificate authority in a PEM file. */
        public Path caFile() {
            return temporaryFile("ca.pem", output -> output.write(ca()));
        }

        /** The same as a PKCS12 key store with the password "changeit", for -Djavax.net.ssl.trustStore. */
        public Path trustStore() {
            return temporaryFile("ca.p12", output -> keyStore().store(output, "changeit".toCharArray()));
        }

        /** Trusts the emulator's certificate authority and no other. */
        public X509TrustManager trustManager() {
            try {
                TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(keyStore());
                return (X509TrustManager) factory.getTrustManagers()[0];
            } catch (GeneralSecurityException | IOException error) {
                throw new AssertionError(error);
            }
        }

        private KeyStore keyStore() throws GeneralSecurityException, IOException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "emulator", CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(ca())));
            return store;
        }

        private byte[] ca() {
            return request(url, "GET", "ca.pem", null).getBytes(StandardCharsets.US_ASCII);
        }

        /** Sends a request about this account to the control API, for anything that the methods above do not cover. */
        public String control(String method, String resource, String body) {
            return request(url, method, resource + (resource.contains("?") ? "&" : "?") + "account=" + uin, body);
        }
    }

    /** A process of the emulator, or one that is already running. */
    @SuppressWarnings("deprecation") // of CloseableResource: AutoCloseable is enough since JUnit 5.13
    private static final class Server implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        private final String url;
        private final Process process;

        private Server(String url, Process process) {
            this.url = url;
            this.process = process;
        }

        static Server start(List<String> flags) {
            String running = System.getenv("CVM_EMULATOR_URL");
            if (running != null && !running.isEmpty()) return new Server(running.replaceAll("/$", ""), null);
            String binary = System.getenv().getOrDefault("CVM_EMULATOR_BINARY", "cvm-renewal-emulator");
            List<String> command = new ArrayList<>(List.of(binary, "--port", "0", "--log-level", "warn"));
            command.addAll(flags);
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().keySet().removeIf(name -> name.startsWith("CVM_EMULATOR_"));
            try {
                Process process = builder.start();
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
                BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    if (line.startsWith("Ready. ")) return new Server(line.substring("Ready. ".length()), process);
                }
                throw new AssertionError(binary + " ended without its ready line");
            } catch (IOException error) {
                throw new AssertionError(error);
            }
        }

        @Override
        public void close() {
            if (process == null) return;
            process.destroy();
            try {
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) process.destroyForcibly();
            } catch (InterruptedException error) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    // The control API is on this machine: a proxy of the JVM is for the code under test.
    private static final HttpClient CONTROL = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).connectTimeout(PATIENCE).build();

    private static String request(String url, String method, String resource, String body) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url + "/_emulator/" + resource))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        String token = System.getenv("CVM_EMULATOR_ADMIN_TOKEN"); // of the emulator that CVM_EMULATOR_URL names
        if (token != null) builder.header("Authorization", "Bearer " + token);
        HttpRequest request = builder.build();
        try {
            HttpResponse<String> response = CONTROL.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new AssertionError(method + " /_emulator/" + resource + ": " + response.body());
            }
            return response.body();
        } catch (IOException error) {
            throw new AssertionError(method + " " + request.uri() + ": " + error, error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new AssertionError(error);
        }
    }

    // The first member of that name: sufficient for answers that have only one.
    private static String text(String json, String member) {
        Matcher found = Pattern.compile('"' + member + "\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
        return found.find() ? found.group(1).replaceAll("\\\\([\"\\\\/])", "$1") : null;
    }

    private interface Writer {
        void write(OutputStream output) throws GeneralSecurityException, IOException;
    }

    private static Path temporaryFile(String suffix, Writer content) {
        try {
            Path file = Files.createTempFile("cvm-emulator-", "-" + suffix);
            file.toFile().deleteOnExit();
            try (OutputStream output = Files.newOutputStream(file)) {
                content.write(output);
            }
            return file;
        } catch (GeneralSecurityException | IOException error) {
            throw new AssertionError(error);
        }
    }
}
