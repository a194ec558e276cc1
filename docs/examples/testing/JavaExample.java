import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The JDK's own client: a rule in a space of its own, a retrieval from PDS, a verification. Names lead to the simulator by
 * -Djdk.net.hosts.file=FILE with a line "127.0.0.1 msg.dev.spine2.ncrs.nhs.uk localhost", or by the hosts file of the machine.
 */
public class JavaExample {
    static final String ADMIN = env("ADMIN", "http://127.0.0.1:8900");
    static final String PORT = env("HTTPS_PORT", "8443");
    static final String MESSAGE = env("MESSAGE", "docs/examples/pds-retrieval.xml");
    static final String SPACE = "java-example";

    static String env(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : value;
    }

    static HttpResponse<String> admin(HttpClient client, String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ADMIN + path)).header("X-Spine-Sim-Space", SPACE);
        if (body != null) request.header("Content-Type", "application/json");
        request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() >= 300) throw new AssertionError(method + " " + path + ": " + response.body());
        return response;
    }

    static SSLContext trusting(String pem) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int n = 0;
        for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem.getBytes())))
            store.setCertificateEntry("ca" + n++, ca);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    static HttpResponse<String> retrieve(HttpClient client) throws Exception {
        URI uri = URI.create("https://msg.dev.spine2.ncrs.nhs.uk:" + PORT + "/sync-service");
        HttpRequest request = HttpRequest.newBuilder(uri)
            .header("X-Spine-Sim-Space", SPACE)
            .header("Content-Type", "text/xml")
            .header("SOAPAction", "urn:nhs:names:services:pdsquery/QUPA_IN000008UK02")
            .POST(BodyPublishers.ofByteArray(Files.readAllBytes(Path.of(MESSAGE))))
            .build();
        return client.send(request, BodyHandlers.ofString());
    }

    public static void main(String[] arguments) throws Exception {
        HttpClient plain = HttpClient.newHttpClient();
        String ca = admin(plain, "GET", "/ca.pem", null).body();
        HttpClient spine = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(trusting(ca)).build();
        String rule = "{\"times\": 1, \"when\": {\"service\": \"messaging\"}, \"do\": {\"answer\": {\"status\": 503}}}";
        admin(plain, "PUT", "/api/rules/first-fails", rule);
        check(retrieve(spine).statusCode() == 503, "the first is refused");
        check(retrieve(spine).body().contains("QUPA_IN000009UK03"), "the second is answered");
        String verification = "{\"filter\": {\"interaction\": \"QUPA_IN000008UK02\"}, \"atLeast\": 2, \"atMost\": 2}";
        check(admin(plain, "POST", "/api/verify", verification).body().contains("\"satisfied\":true"), "both are in the journal");
        admin(plain, "DELETE", "/api/spaces/" + SPACE, null);
        System.out.println("java: ok");
    }

    static void check(boolean holds, String what) {
        if (!holds) throw new AssertionError(what);
    }
}
