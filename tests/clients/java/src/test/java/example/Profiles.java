package example;

import com.tencentcloudapi.common.profile.HttpProfile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Settings as the docs show them. */
final class Profiles {
    /** Lets a profile trust the authority in a file such as GET /_emulator/ca.pem. */
    static void trust(HttpProfile http, Path caFile) throws IOException, GeneralSecurityException {
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        try (InputStream pem = Files.newInputStream(caFile)) {
            authorities.setCertificateEntry("emulator", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        http.setX509TrustManager((X509TrustManager) trust.getTrustManagers()[0]);
        http.setSslSocketFactory(context.getSocketFactory());
    }

    int port = 8213;

    HttpProfile throughTheEmulator() {
        HttpProfile http = new HttpProfile();
        // snippet: proxy
        http.setProtocol(HttpProfile.REQ_HTTP);
        http.setProxyHost("127.0.0.1");
        http.setProxyPort(port); // 8213
        // snippet: end
        return http;
    }
}
