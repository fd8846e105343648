package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import penstock.config.relay.ConfigView;
import penstock.identity.key.ClientKey;
import penstock.reload.ConfigReload;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;
import penstock.server.admin.ReloadReport;
import penstock.telemetry.Counter;
import penstock.testkit.FrameSocket;
import penstock.testkit.Patience;
import penstock.testkit.RecordedLog;
import penstock.testkit.TestAuthority;

/** A configuration that is read again while sessions are open. */
@Timeout(Patience.TEST_SECONDS)
class ReloadTest {
    private static final String KEY = ClientKey.random();
    private static final String OTHER_KEY = ClientKey.random();

    @TempDir
    private Path folder;
    private final FeedServer venue = FeedServer.start(0, new FeedScript() { });
    private final String feed = "feed { venue = json, url = \"" + venue.url("/") + "\" }\n";

    @AfterEach
    void closeVenue() {
        venue.close();
    }

    @Test
    void shouldGiveOpenSessionsTheProductsOfANewConfiguration() throws Exception {
        ReloadedRelay.put(folder, "keys.conf", line("desk-7", KEY, "fx, metals"));
        final String auth = feed + "auth { mode = keys, keys-file = keys.conf }\n";
        try (ReloadedRelay running = new ReloadedRelay(folder, auth
                + "products { fx.symbols = [\"EUR*\"], metals.symbols = [XAUUSD] }\n");
                ReloadedRelay.Client client = running.open("?symbols=*&interval=0", bearer(KEY))) {
            client.readUntil("\"ack\"");
            tick(running, "EURUSD", 1);
            client.readUntil("EURUSD");
            tick(running, "GBPUSD", 1);
            tick(running, "XAUUSD", 1);
            assertThat(client.readUntil("XAUUSD")).doesNotContain("GBPUSD");

            running.follow(auth + "products { fx.symbols = [\"GBP*\"], metals.symbols = [XAUUSD] }\n");
            assertThat(client.readUntil("\"s\":\"GBPUSD\"")).as("what it may see now comes at once")
                .contains("\"bid\":1");
            tick(running, "EURUSD", 2);
            tick(running, "XAUUSD", 2);
            assertThat(client.readUntil("XAUUSD")).doesNotContain("EURUSD");
            assertThat(client.readAll()).doesNotContain("EURUSD");
            assertThat(running.relay.sessionCount()).isEqualTo(1);
        }
    }

    @Test
    void shouldEndTheSessionsOfKeysThatAnotherFileDoesNotHave() throws Exception {
        ReloadedRelay.put(folder, "keys.conf", line("desk-7", KEY, "fx"));
        ReloadedRelay.put(folder, "other.conf", line("desk-8", OTHER_KEY, "fx"));
        final String rest = feed + "products.fx.symbols = [\"*\"]\nauth.mode = keys\nauth.keys-file = ";
        try (ReloadedRelay running = new ReloadedRelay(folder, rest + "keys.conf\n");
                ReloadedRelay.Client gone = running.open("?symbols=*", bearer(KEY))) {
            gone.readUntil("\"ack\"");
            running.follow(rest + "other.conf\n");
            assertThat(gone.readUntil("close")).startsWith("close 4401");
            try (ReloadedRelay.Client other = running.open("?symbols=*", bearer(OTHER_KEY))) {
                assertThat(other.readUntil("\"ack\"")).contains("\"ack\"");
                // the relay looks after the file that it has been given last
                running.put("other.conf", "keys = []");
                assertThat(other.readUntil("close")).startsWith("close 4401");
            }
        }
    }

    @Test
    void shouldChangeNothingIfAnotherRelayRecordsInANewDirectory() throws Exception {
        final Path record = folder.resolve("record");
        final String changed = feed + "fanout.interval.default = 250ms\nfeed.record = \"" + record + "\"\n";
        try (ReloadedRelay other = new ReloadedRelay(Files.createDirectory(folder.resolve("other")),
                feed + "feed.record = \"" + record + "\"\n");
             ReloadedRelay running = new ReloadedRelay(folder, feed)) {
            final ConfigView before = running.relay.reload().running();
            assertThat(running.reload(changed).problem()).startsWith("feed.record: " + record
                + ": another relay records here (process " + ProcessHandle.current().pid());
            assertThat(running.relay.reload().running()).isSameAs(before);
            other.relay.close();
            running.follow(changed);
        }
    }

    @Test
    void shouldChangeNothingIfAnyPartHasAMistake() throws Exception {
        ReloadedRelay.put(folder, "keys.conf", line("desk-7", KEY, "fx"));
        ReloadedRelay.put(folder, "broken.conf", "keys = [{ id = desk-7, products = [fx] }]");
        final String good = feed + "products.fx.symbols = [\"EUR*\"]\nauth { mode = keys, keys-file = keys.conf }\n";
        final String changed = good.replace("EUR*", "*") + "fanout.interval.default = 250ms\n";
        try (ReloadedRelay running = new ReloadedRelay(folder, good);
                RecordedLog log = new RecordedLog(ConfigReload.class.getName());
                ReloadedRelay.Client client = running.open("?symbols=*", bearer(KEY))) {
            final ConfigView before = running.relay.reload().running();
            for (final String bad : new String[] {"fanout.interval.min = soon", "auth.keys-file = nowhere.conf",
                "auth.keys-file = broken.conf", "server.tls { certificate = no.pem, key = no.pem }",
                "products.odd { symbols = [x], channels = [qoute] }", "log.level = loud", "feed.symbls = [x]",
                "products.fx.symbols = [", "feed.channels = [depth]"}) {
                assertThat(running.reload(changed + bad + "\n").problem()).as(bad).isNotNull();
                assertThat(running.relay.reload().running()).as(bad).isSameAs(before);
            }
            client.say("{\"op\":\"subscribe\",\"id\":1,\"sub\":\"later\",\"symbols\":[\"*\"]}");
            assertThat(client.readUntil("\"id\":1")).contains("\"interval\":100");
            tick(running, "GBPUSD", 1);
            tick(running, "EURUSD", 1);
            assertThat(client.readUntil("EURUSD")).doesNotContain("GBPUSD");
            assertThat(client.readAll()).doesNotContain("GBPUSD");
            assertThat(log.lines()).hasSize(9).allMatch(line -> line.startsWith("ERROR ")
                && line.contains("so nothing changes"));
        }
    }

    @Test
    void shouldLetLimitsAndIntervalsCountFromTheNextRequestOn() throws Exception {
        try (ReloadedRelay running = new ReloadedRelay(folder, feed);
                ReloadedRelay.Client client = running.open("?symbols=*")) {
            assertThat(client.readUntil("\"ack\"")).contains("\"interval\":100");
            running.follow(feed + "fanout { interval { default = 250ms, min = 50ms }, heartbeat = 7s, "
                + "limits { subscriptions = 3, symbols = 2 } }\n");
            client.say("{\"op\":\"subscribe\",\"id\":1,\"sub\":\"b\",\"symbols\":[\"A\"]}");
            assertThat(client.readUntil("\"id\":1")).contains("\"interval\":250");
            client.say("{\"op\":\"subscribe\",\"id\":2,\"sub\":\"b\",\"symbols\":[\"B\"],\"interval\":10}");
            assertThat(client.readUntil("\"id\":2")).contains("error", "50");
            client.say("{\"op\":\"subscribe\",\"id\":3,\"sub\":\"c\",\"symbols\":[\"C\"]}");
            assertThat(client.readUntil("\"id\":3")).contains("too_many_symbols", "at most 2");
            client.say("{\"op\":\"list\",\"id\":4}");
            assertThat(client.readUntil("\"id\":4")).as("what is open keeps what it was told")
                .contains("\"interval\":100", "\"interval\":250");
            try (ReloadedRelay.Client later = running.open("")) {
                assertThat(later.readUntil("welcome")).contains("\"heartbeat\":7000", "\"minInterval\":50",
                    "\"subscriptions\":3", "\"symbols\":2");
            }
        }
    }

    @Test
    void shouldLetQuotasAndTheNumberOfSessionsCountFromTheNextHandshakeOn() throws Exception {
        try (ReloadedRelay running = new ReloadedRelay(folder, feed);
                ReloadedRelay.Client client = running.open("?symbols=*")) {
            client.readUntil("\"ack\"");
            running.follow(feed + "server.max-sessions-per-address = 1\n");
            assertThat(refusal(running)).startsWith("HTTP/1.1 429 ");
            running.follow(feed + "server.max-sessions = 1\n");
            assertThat(refusal(running)).startsWith("HTTP/1.1 503 ");
            running.follow(feed + "server.host-names = [relay.example.com]\n");
            try (ReloadedRelay.Client second = running.open("?symbols=*")) {
                assertThat(second.readUntil("\"ack\"")).contains("\"ack\"");
            }
            assertThat(client.readAll()).contains("pong");
        }
    }

    @Test
    void shouldShowNewConnectionsAnotherCertificate() throws Exception {
        final TestAuthority authority = new TestAuthority("test");
        authority.issue("first", "localhost", "127.0.0.1").write(folder.resolve("a.pem"), folder.resolve("a.key"));
        authority.issue("second", "localhost", "127.0.0.1").write(folder.resolve("b.pem"), folder.resolve("b.key"));
        try (ReloadedRelay running =
                new ReloadedRelay(folder, feed + "server.tls { certificate = a.pem, key = a.key }\n");
                SSLSocket before = connect(running, authority)) {
            assertThat(shown(before)).isEqualTo("CN=first");
            running.follow(feed + "server.tls { certificate = b.pem, key = b.key }\n");
            try (SSLSocket after = connect(running, authority)) {
                assertThat(shown(after)).isEqualTo("CN=second");
            }
            before.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            assertThat(before.getInputStream().read()).as("the connection goes on").isEqualTo('H');
            final ReloadReport off = running.reload(feed);
            assertThat(off.applied()).isEmpty();
            assertThat(off.restart()).extracting(ConfigView.Change::key)
                .containsExactly("server.tls.certificate", "server.tls.key");
        }
    }

    @Test
    void shouldSayWhatNeedsARestart() throws Exception {
        ReloadedRelay.put(folder, "keys.conf", line("desk-7", KEY, "fx"));
        try (ReloadedRelay running = new ReloadedRelay(folder, feed);
                RecordedLog log = new RecordedLog(ConfigReload.class.getName())) {
            final ReloadReport report = running.reload(feed + "auth { mode = keys, keys-file = keys.conf }\n"
                + "products.fx.symbols = [\"*\"]\nring.slots = 32768\nfanout.heartbeat = 6s\n");
            assertThat(report.applied()).extracting(ConfigView.Change::key).containsExactly("fanout.heartbeat");
            assertThat(report.restart()).extracting(ConfigView.Change::key).contains("auth.mode", "auth.keys-file",
                "products.fx.symbols", "ring.slots");
            assertThat(log.lines()).contains("INFO the configuration was read again: fanout.heartbeat = 6s, was 5s",
                "WARN the configuration was read again: ring.slots = 32768, was 16384; this needs a restart");
            assertThat(running.reload(feed).restart()).as("as at the start").isEmpty();
        }
    }

    @Test
    void shouldFollowTheLevelsOfTheLog() throws Exception {
        final Logger logger = (Logger) LoggerFactory.getLogger("penstock.reload.ReloadTest");
        final Level usual = logger.getEffectiveLevel();
        try (ReloadedRelay running = new ReloadedRelay(folder, feed)) {
            running.follow(feed + "log.levels { \"penstock.reload\" = debug }\n");
            assertThat(logger.getEffectiveLevel()).isEqualTo(Level.DEBUG);
            running.follow(feed + "log.level = warn\n");
            assertThat(logger.getEffectiveLevel()).isEqualTo(Level.WARN);
            running.follow(feed);
            assertThat(logger.getEffectiveLevel()).isEqualTo(usual);
        }
    }

    private static String line(final String id, final String key, final String products) {
        return "keys = [{ id = " + id + ", hash = \"sha256:" + ClientKey.hash(key) + "\", products = [" + products
            + "] }]\n";
    }

    private static String bearer(final String key) {
        return "Authorization: Bearer " + key;
    }

    /** The venue sends a quote, and it returns when every io thread has it. */
    private void tick(final ReloadedRelay running, final String symbol, final int bid) {
        await().until(() -> venue.clientCount() == 1);
        final long before = running.relay.telemetry().sum(Counter.UPDATES_STORED);
        venue.sendText("{\"symbol\":\"" + symbol + "\",\"bid\":" + bid + "}");
        await().until(() -> running.relay.telemetry().sum(Counter.UPDATES_STORED) == before + 2);
    }

    private static String refusal(final ReloadedRelay running) throws IOException {
        try (FrameSocket refused = new FrameSocket(running.relay.port(), 0)) {
            refused.write(FrameSocket.ascii(
                FrameSocket.handshake("/v1/ws", "dGhlIHNhbXBsZSBub25jZQ==")));
            return refused.readHead();
        }
    }

    private static SSLSocket connect(final ReloadedRelay running, final TestAuthority authority) throws IOException {
        final SSLSocket socket = (SSLSocket) authority.context(null).getSocketFactory()
            .createSocket("127.0.0.1", running.relay.port());
        socket.startHandshake();
        return socket;
    }

    private static String shown(final SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
            .getSubjectX500Principal().getName();
    }
}
