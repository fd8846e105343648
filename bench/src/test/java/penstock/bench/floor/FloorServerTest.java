package penstock.bench.floor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import penstock.bench.load.client.ClientOptions;
import penstock.bench.load.client.ClientSecurity;
import penstock.bench.load.client.ClientSwarm;
import penstock.bench.load.client.SwarmSession;
import penstock.bench.load.client.UpdateStats;
import penstock.bench.load.rig.RigClock;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;
import penstock.testkit.TestAuthority;

/** Both things that the relay is compared with fan out all that comes, by real sockets. */
@Timeout(30)
class FloorServerTest {
    private enum Kind { FLOOR, FLOOR_TLS, NAIVE }

    private static final String HELLO = message("HELLO", 0);

    private final TestAuthority authority = new TestAuthority("floor");
    private final FeedServer feed = FeedServer.start(0, new FeedScript() { });
    private AutoCloseable server;
    private int port;
    private String scheme = "ws";

    @AfterEach
    void stop() throws Exception {
        server.close();
        feed.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendEverythingToAClientThatNamesNoSymbols(final Kind kind) throws Exception {
        start(kind);
        final Client one = new Client();
        final Client other = new Client();
        feed.sendText(message("FX0001", 1));
        feed.sendText(message("FX0002", 2));
        for (final Client client : new Client[] {one, other}) {
            assertThat(client.next()).isEqualTo(message("FX0001", 1));
            assertThat(client.next()).isEqualTo(message("FX0002", 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendOnlyTheSymbolsThatAClientNames(final Kind kind) throws Exception {
        start(kind);
        final Client one = new Client();
        final Client other = new Client();
        one.socket.sendText("[\"FX0002\",\"FX0003\"]", true).join();
        assertThat(one.next()).isEqualTo(FloorRequest.ANSWER);
        for (int i = 1; i <= 4; i++) {
            feed.sendText(message("FX000" + i, i));
        }
        assertThat(one.next()).isEqualTo(message("FX0002", 2));
        assertThat(one.next()).isEqualTo(message("FX0003", 3));
        feed.sendText(message("FX0003", 5));
        assertThat(one.next()).isEqualTo(message("FX0003", 5));
        for (int i = 1; i <= 4; i++) {
            assertThat(other.next()).isEqualTo(message("FX000" + i, i));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendOnWhenAClientIsGone(final Kind kind) throws Exception {
        start(kind);
        final Client gone = new Client();
        final Client staying = new Client();
        gone.socket.abort();
        for (int i = 1; i <= 100; i++) {
            feed.sendText(message("FX0001", i));
            assertThat(staying.next()).isEqualTo(message("FX0001", i));
        }
    }

    /** Not the naive one: it mixes up large messages when they have to wait. */
    @ParameterizedTest
    @EnumSource(names = {"FLOOR", "FLOOR_TLS"})
    void shouldQueueForAFloorClientWhatItHasNotRead(final Kind kind) throws Exception {
        start(kind);
        final Client slow = new Client();
        slow.isReading = false;
        final String padding = "x".repeat(40_000);
        final int messages = 300; // 12 MB: more than the system's buffers
        for (int i = 0; i < messages; i++) {
            feed.sendText(message("FX0001", i) + padding);
        }
        slow.isReading = true;
        slow.socket.request(1);
        for (int i = 0; i < messages; i++) {
            assertThat(slow.next()).startsWith(message("FX0001", i));
        }
    }

    @Test
    void shouldServeASwarmThroughTls() throws Exception {
        start(Kind.FLOOR_TLS);
        final UpdateStats stats = new UpdateStats();
        final ClientSecurity security = new ClientSecurity(authority.context(null), null);
        try (ClientSwarm swarm = new ClientSwarm("swarm")) {
            swarm.openWindows(0, Long.MAX_VALUE, stats);
            final List<SwarmSession> sessions =
                swarm.open(port, 20, i -> ClientOptions.of("/", null, stats).with(security));
            for (int i = 1; i <= 1_000; i++) {
                feed.sendText("{\"symbol\":\"FX0001\",\"e\":\"quote\",\"bid\":1.08411,\"ask\":1.08413,\"mid\":1.08412,"
                    + "\"ns\":" + System.nanoTime() + ",\"n\":" + i + "}");
            }
            RigClock.await("updates", 20, () -> !swarm.failures().isEmpty()
                || swarm.ask(() -> sessions.stream().allMatch(session -> session.newest(1) == 1_000)));
            assertThat(swarm.failures()).isEmpty();
            assertThat(swarm.ask(stats::skipped)).isZero();
            assertThat(swarm.ask(stats::disordered)).isZero();
        }
    }

    private void start(final Kind kind) throws IOException {
        if (kind == Kind.NAIVE) {
            final NaiveRelay relay = new NaiveRelay(0, feed.port());
            server = relay;
            port = relay.port();
            return;
        }
        scheme = kind == Kind.FLOOR_TLS ? "wss" : "ws";
        final FloorServer floor = new FloorServer(0, feed.port(),
            kind == Kind.FLOOR_TLS ? authority.context(authority.issue("floor", "localhost")) : null);
        final Thread thread = new Thread(() -> run(floor), "floor");
        thread.start();
        server = () -> {
            floor.stop();
            thread.join();
            floor.close();
        };
        port = floor.port();
    }

    private static void run(final FloorServer floor) {
        try {
            floor.run();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String message(final String symbol, final int number) {
        return "{\"symbol\":\"" + symbol + "\",\"n\":" + number + "}";
    }

    private final class Client implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final WebSocket socket;
        private volatile boolean isReading = true;

        /** Is one of the crowd when this returns: a handshake that is answered does not say so. */
        private Client() throws InterruptedException {
            socket = HttpClient.newBuilder().sslContext(authority.context(null)).build().newWebSocketBuilder()
                .buildAsync(URI.create(scheme + "://localhost:" + port + "/"), this).join();
            do {
                feed.sendText(HELLO);
            } while (messages.poll(10, TimeUnit.MILLISECONDS) == null);
        }

        private String next() throws InterruptedException {
            String message = messages.poll(20, TimeUnit.SECONDS);
            while (HELLO.equals(message)) {
                message = messages.poll(20, TimeUnit.SECONDS);
            }
            return message;
        }

        @Override
        public CompletionStage<?> onText(final WebSocket from, final CharSequence part, final boolean isLast) {
            text.append(part);
            if (isLast) {
                messages.add(text.toString());
                text.setLength(0);
            }
            if (isReading) {
                from.request(1);
            }
            return null;
        }
    }
}
