package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.system.RelayProcess;
import penstock.testkit.CountingVenue;
import penstock.testkit.EtcdGateway;
import penstock.testkit.NatsServers;
import penstock.testkit.Patience;

/** An edge on the bus of two ingests that share a lease: one is frozen and wakes, then the other one is killed. */
@Timeout(2 * Patience.TEST_SECONDS)
@Tag("slow")
@Tag("gate")
class BusTakeoverTest {
    private static final String TIMES = "duration = 2s, fence = 1500ms, renew = 250ms";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private CountingVenue venue;
    private EtcdGateway etcd;
    private NatsServers nats;

    @BeforeEach
    void serve() throws Exception {
        venue = new CountingVenue();
        etcd = new EtcdGateway();
        nats = NatsServers.one(folder);
    }

    @AfterEach
    void end() {
        nats.close();
        etcd.close();
        venue.close();
    }

    /**
     * A client that comes back, and checks each message: the ledger, the order of epochs, and that no older value is
     * live again. A thread of its own; its figures may be read from any.
     */
    private static final class Watcher implements AutoCloseable {
        private static final Pattern EPOCH = Pattern.compile("\"type\":\"(?:welcome|snapshot)\".*?\"epoch\":(\\d+)");
        private static final Pattern ENTRY = Pattern.compile("\\{\"s\":\"T0\",\"q\":(\\d+)(?:,\"t\":-?\\d+)?"
            + "(?:,\"c\":(\\d+))?(,\"st\":\"stale\")?,\"v\":\\{[^}]*\"n\":(\\d+)\\}");

        private final ReloadedRelay edge;
        private final List<String> breaches = new CopyOnWriteArrayList<>();
        private volatile long epoch;
        private volatile long number;
        private volatile long sessions;
        private volatile boolean isClosed;
        private long q;

        Watcher(final ReloadedRelay edge) {
            this.edge = edge;
            final Thread thread = new Thread(this::run, "watcher");
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            while (!isClosed) {
                try (ReloadedRelay.Client client = edge.open("?symbols=*&interval=0")) {
                    sessions++;
                    while (!isClosed) {
                        onMessage(client.readUntil("{"));
                    }
                } catch (final IOException | AssertionError e) {
                    // it comes back
                    LockSupport.parkNanos(10_000_000);
                }
            }
        }

        private void onMessage(final String text) throws IOException {
            if (text.startsWith("close")) {
                throw new IOException(text);
            }
            final boolean isUpdate = text.startsWith("{\"type\":\"update\"");
            final Matcher begun = EPOCH.matcher(text);
            if (begun.find()) {
                final long next = Long.parseLong(begun.group(1));
                check(next >= epoch, "epoch " + next + " after " + epoch);
                epoch = next;
            }
            for (final Matcher entry = ENTRY.matcher(text); entry.find();) {
                final long next = Long.parseLong(entry.group(1));
                final long conflated = entry.group(2) == null ? 0 : Long.parseLong(entry.group(2));
                check(!isUpdate || next - q == conflated + 1, text + " after q " + q);
                q = next;
                final long value = Long.parseLong(entry.group(4));
                check(entry.group(3) != null || value >= number, text + " after n " + number);
                number = Math.max(number, value);
            }
        }

        private void check(final boolean isTrue, final String what) {
            if (!isTrue) {
                breaches.add(what);
            }
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    @Test
    void shouldFollowTheHigherEpochAndNeverTheOneThatWakes() throws Exception {
        try (RelayProcess one = ingest("one"); RelayProcess two = ingest("two");
                ReloadedRelay edge = new ReloadedRelay(Files.createTempDirectory(folder, "edge"),
                "feed { venue = penstock, url = \"" + nats.url(0) + "\", bus.subject = x.counting }\n");
                Watcher watcher = new Watcher(edge)) {
            await().atMost(Patience.LIMIT).until(() -> ready(edge.relay.port()) == 200);
                        awaitMore(watcher);
            final RelayProcess frozen = ready(one.port) == 200 ? one : two;
            final RelayProcess other = frozen == one ? two : one;
            final long first = watcher.epoch;
            frozen.signal("STOP");
            await().atMost(Patience.LIMIT).until(() -> watcher.epoch > first);
            awaitMore(watcher);
            final long second = watcher.epoch;
            frozen.signal("CONT");
            awaitMore(watcher);
            await("it is a standby").atMost(Patience.LIMIT).until(() -> frozen.get(frozen.port, "/readyz").body()
                .contains("standby"));
            awaitMore(watcher);
            assertThat(watcher.epoch).isEqualTo(second);
            other.signal("KILL");
            other.process.waitFor();
            await().atMost(Patience.LIMIT).until(() -> watcher.epoch > second);
            awaitMore(watcher);
            assertThat(watcher.breaches).isEmpty();
            await().atMost(Patience.LIMIT).until(() -> ready(edge.relay.port()) == 200);
            assertThat(watcher.sessions).as("each epoch ends them").isGreaterThanOrEqualTo(3);
        }
    }

    private static void awaitMore(final Watcher watcher) {
        final long before = watcher.number;
        await().atMost(Patience.LIMIT).until(() -> watcher.number > before + 20);
    }

    private RelayProcess ingest(final String name) throws Exception {
        final Path own = Files.createTempDirectory(folder, name);
        Files.writeString(own.resolve("counting.conf"), CountingVenue.FILE);
        final Path file = Files.writeString(own.resolve("relay.conf"), "server.port = 0\nadmin.port = 0\n"
            + "feed { venue = counting.conf, url = \"" + venue.url() + "\", symbols = [T0] }\n"
            + "lease { etcd = [\"" + etcd.url() + "\"], name = " + name + ", " + TIMES + " }\n"
            + "bus.nats { url = \"" + nats.url(0) + "\", subject = \"x.{feed}\" }\n");
        return RelayProcess.start("run", "-c", file.toString());
    }

    private int ready(final int port) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz")).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
