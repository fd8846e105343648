package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.venue.Venue;

/**
 * A whole relay on free ports, and a fleet connected to it. Closing it fails the test on any entry in the error log.
 */
final class RelayRig implements AutoCloseable {
    /** Relays that run at the same time get numbered ones. */
    private static final Path DIRECTORY =
        Path.of(System.getProperty("java.io.tmpdir"), "penstock-test-" + ProcessHandle.current().pid());

    final Relay relay;
    final SubscriberFleet fleet;

    RelayRig(final String venue, final String url, final String... settings) throws IOException {
        this(null, venue, List.of(url), null, settings);
    }

    RelayRig(final Venue rules, final String venue, final String url, final String... settings) throws IOException {
        this(rules, venue, List.of(url), null, settings);
    }

    RelayRig(final String venue, final List<String> urls, final SSLContext tls, final String... settings)
            throws IOException {
        this(null, venue, urls, tls, settings);
    }

    /**
     * {@code rules}: null = those of the venue's file; {@code tls}: what to trust, null = the trust store of the JVM.
     */
    private RelayRig(final Venue rules, final String venue, final List<String> urls, final SSLContext tls,
            final String[] settings)
            throws IOException {
        final String text = "feed { venue = \"" + venue + "\", urls = [\"" + String.join("\", \"", urls)
            + "\"], symbols = [BTCUSDT, ETHUSDT], spelling = venue }\nserver { port = 0, io-threads = 2 }\nadmin.enabled = false\n"
            + "telemetry.dir = \"" + DIRECTORY + "\"\n";
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("test.conf", text, List.of(settings));
        relay = new Relay(config, rules == null ? Venue.load(venue, config.feed().settings(), name -> "secret") : rules,
            tls);
        fleet = new SubscriberFleet(relay.port());
    }

    /** A port without a listener. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        fleet.close();
        relay.close();
        assertThat(relay.telemetry().errors().entries()).as("error log").isEmpty();
        assertThat(fleet.breaches()).as("what subscribers found wrong").isEmpty();
    }
}
