package penstock.upstream;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import penstock.testkit.Patience;

/** A key and its certificate, made by the running JDK's keytool. */
public final class SelfMadeCertificate {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private final KeyStore store;

    private SelfMadeCertificate(final KeyStore store) {
        this.store = store;
    }

    /**
     * {@code alternativeName}: {@code dns:localhost}; {@code startDate}: {@code -10d} makes an expired one of the 5
     * days it is valid.
     */
    public static SelfMadeCertificate make(final Path folder, final String alternativeName, final String startDate)
            throws Exception {
        final Path file = folder.resolve(alternativeName.replace(':', '-') + startDate + ".p12");
        // a separate authority: a client does not check a directly trusted certificate further
        keytool(folder, file, "-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c", "-startdate", "-20d",
            "-validity", "40");
        keytool(folder, file, "-alias", "key", "-dname", "CN=test", "-signer", "authority", "-ext", "san="
            + alternativeName,
            "-startdate", startDate, "-validity", "5");
        final KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return new SelfMadeCertificate(store);
    }

    private static void keytool(final Path folder, final Path store, final String... more) throws Exception {
        // runs eight times per build for less than a second: optimised compilation does not pay off
        final List<String> command =
            new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-genkeypair", "-keyalg", "EC", "-storetype", "PKCS12",
            "-keystore", store.toString(), "-storepass", new String(PASSWORD)));
        command.addAll(List.of(more));
        final Process keytool = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log")
            .toFile()).start();
        if (!keytool.waitFor(Patience.SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool: " + Files.readString(folder.resolve("keytool.log")));
        }
    }

    public SSLContext server() throws Exception {
        final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        final KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("key", store.getKey("key", PASSWORD), PASSWORD, store.getCertificateChain("key"));
        keys.init(own, PASSWORD);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** A client that trusts the authority of this certificate and no other. */
    public SSLContext client() throws Exception {
        final KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", store.getCertificate("authority"));
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
