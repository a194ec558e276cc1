import java.io.File;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;

/** One round of a client in Java, with the settings and the keystore of a meshclient.cfg: token without a scheme, API v1. */
class MeshRound {
  private static Document config;
  private static SSLContext context;
  private static int count = 0;

  private static String setting(String name, int index) {
    return config.getElementsByTagName(name).item(index).getTextContent();
  }

  private static String token(int client) throws Exception {
    String mailbox = setting("ClientIdentity", client);
    String time = ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMddHHmm"));
    String nonce = "kQ3c9yVbq1Xw7JmE5tR2aLp0Zs";
    String number = String.format("%03d", ++count);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(setting("AuthenticationKey", 0).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String text = String.join(":", mailbox, nonce, number, setting("ClientAuthentication", client), time);
    String hash = HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    return String.join(":", mailbox, nonce, number, time, hash);
  }

  private static HttpsURLConnection ask(int client, String method, String path, Map<String, String> headers, byte[] body)
      throws Exception {
    String base = setting("PrimaryURL", 0) + "/messageexchange/" + setting("ClientIdentity", client);
    HttpsURLConnection connection = (HttpsURLConnection) new URL(base + path).openConnection();
    connection.setSSLSocketFactory(context.getSocketFactory());
    connection.setRequestMethod(method);
    connection.setRequestProperty("Authorization", token(client));
    headers.forEach(connection::setRequestProperty);
    if (body != null) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(body);
    }
    return connection;
  }

  private static String text(HttpsURLConnection connection) throws Exception {
    InputStream in = connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream();
    return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void print(String what, HttpsURLConnection connection, String... rest) throws Exception {
    System.out.println(what + " " + connection.getResponseCode() + " " + String.join(" ", rest));
  }

  public static void main(String[] arguments) throws Exception {
    config = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File(arguments[0]));
    char[] password = setting("KeyStorePassword", 0).toCharArray();
    KeyStore store = KeyStore.getInstance(new File(setting("KeyStorePath", 0)), password);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    context = SSLContext.getInstance("TLSv1.2");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);

    Map<String, String> system =
        Map.of(
            "Mex-ClientVersion", "6.3.6",
            "Mex-JavaVersion", System.getProperty("java.version"),
            "Mex-OSArchitecture", System.getProperty("os.arch"),
            "Mex-OSName", System.getProperty("os.name"),
            "Mex-OSVersion", System.getProperty("os.version"));
    HttpsURLConnection shaken = ask(0, "POST", "", system, new byte[0]);
    print("handshake", shaken, text(shaken));
    HttpsURLConnection update = ask(0, "POST", "/update", system, new byte[0]);
    print("update", update, "[" + update.getHeaderField("Mex-Client-Update-Available") + "]");

    Map<String, String> control =
        Map.of(
            "Mex-From", setting("ClientIdentity", 0),
            "Mex-To", setting("ClientIdentity", 1),
            "Mex-WorkflowID", "JAVA",
            "Mex-Version", "1.0",
            "Mex-MessageType", "Data",
            "Mex-FileName", "a.dat",
            "Mex-Chunk-Range", "1:2",
            "Content-Type", "application/octet-stream");
    HttpsURLConnection sent = ask(0, "POST", "/outbox", control, "one ".getBytes());
    String id = text(sent).replaceAll("^\\{\"messageID\":\"([^\"]+)\"\\}$", "$1");
    print("send", sent);
    HttpsURLConnection more =
        ask(0, "POST", "/outbox/" + id + "/2", Map.of("Mex-Chunk-Range", "2:2"), "two".getBytes());
    print("chunk", more, text(more).replace(id, "ID"));
    HttpsURLConnection inbox = ask(1, "GET", "/inbox", Map.of(), null);
    print("inbox", inbox, text(inbox).replace(id, "ID"));
    HttpsURLConnection first = ask(1, "GET", "/inbox/" + id, Map.of(), null);
    HttpsURLConnection second = ask(1, "GET", "/inbox/" + id + "/2", Map.of(), null);
    String data = text(first) + text(second);
    print("download", first, data, first.getHeaderField("Mex-FileName"), first.getHeaderField("Mex-StatusSuccess"));
    HttpsURLConnection done = ask(1, "PUT", "/inbox/" + id + "/status/acknowledged", Map.of(), new byte[0]);
    print("acknowledge", done, text(done).replace(id, "ID"));
    HttpsURLConnection gone = ask(1, "GET", "/inbox/" + id, Map.of(), null);
    print("again", gone);
  }
}
