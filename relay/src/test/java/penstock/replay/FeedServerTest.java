package penstock.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.testkit.Patience;
import penstock.testkit.RecordedLog;
import penstock.websocket.Opcode;

@Timeout(Patience.TEST_SECONDS)
class FeedServerTest {
    private static final int USUAL_BUFFER = 64 * 1024;
    private final Echo echo = new Echo();
    private final FeedServer server = FeedServer.start(0, echo);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldGreetAndAnswerAJdkClientOnAnyPath() throws Exception {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        final WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder().subprotocols("tr_json2")
            .buildAsync(URI.create(server.url("/stream?streams=a@trade/b@trade")), new WebSocket.Listener() {
                @Override
                public CompletionStage<?> onText(final WebSocket from, final CharSequence data, final boolean isLast) {
                    received.add(data.toString());
                    from.request(1);
                    return null;
                }

                @Override
                public CompletionStage<?> onClose(final WebSocket from, final int code, final String reason) {
                    received.add("closed " + code);
                    return null;
                }
            }).get();
        assertThat(socket.getSubprotocol()).isEqualTo("tr_json2");
        assertThat(received.poll(Patience.SECONDS, TimeUnit.SECONDS))
            .isEqualTo("hello /stream?streams=a@trade/b@trade");
        socket.sendText("grüezi", true).get();
        assertThat(received.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("you said grüezi");
        server.stop();
        assertThat(received.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("closed 1001");
    }

    @Test
    void shouldAnswerPingsAndTheCloseHandshake() throws Exception {
        try (RawClient client = connect()) {
            client.write(Opcode.PING, "are you there");
            assertThat(client.read()).isEqualTo("10:are you there");
            client.write(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xe8});
            assertThat(client.read()).isEqualTo("8:1000 ");
            assertThat(client.read()).isNull();
        }
        await().until(() -> server.clientCount() == 0);
        assertThat(echo.closedCount).isEqualTo(1);
    }

    @Test
    void shouldCloseOnAProtocolViolation() throws Exception {
        try (RawClient client = connect()) {
            client.write(new byte[] {(byte) 0x81, 1, 'x'}); // a client must mask
            assertThat(client.read()).startsWith("8:1002");
            assertThat(client.read()).isNull();
        }
    }

    @Test
    void shouldExplainItselfToPlainHttpClients() throws Exception {
        final HttpResponse<String> answer = HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1")).build(),
            HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(426);
        assertThat(answer.body()).contains(server.url("/v1"));
    }

    @Test
    void shouldSendTextRawBytesAndCloseToAllClients() throws Exception {
        try (RawClient one = connect(); RawClient two = connect()) {
            await().until(() -> server.clientCount() == 2);
            server.sendText("to all");
            server.sendRaw(new byte[] {(byte) 0x81, 3, 'r', 'a', 'w'});
            server.closeConnections(4001, "go away");
            for (final RawClient client : List.of(one, two)) {
                assertThat(client.read()).isEqualTo("1:to all");
                assertThat(client.read()).isEqualTo("1:raw");
                assertThat(client.read()).isEqualTo("8:4001 go away");
            }
        }
    }

    @Test
    void shouldDropConnectionsAndKeepListening() throws Exception {
        try (RawClient client = connect()) {
            server.dropConnections();
            assertThat(client.read()).isNull();
        }
        assertThat(server.clientCount()).isZero();
        connect().close();
    }

    /** A turn that takes long ends while the thread is told to end, and asks for the next one. */
    @Test
    void shouldEndInTheMiddleOfATurnWithoutAWordInTheLog() throws Exception {
        try (RecordedLog log = new RecordedLog("org.xnio")) {
            for (int i = 0; i < 20; i++) {
                final CountDownLatch turned = new CountDownLatch(1);
                try (FeedServer busy = FeedServer.start(0, new FeedScript() {
                    @Override
                    public long onTurn(final long nowNs, final Outlet outlet) {
                        turned.countDown();
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                        return nowNs + 1;
                    }
                })) {
                    final RawClient client = new RawClient(busy.port(), "/", USUAL_BUFFER);
                    turned.await();
                    client.close();
                }
            }
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void shouldRestartOnTheSamePortManyTimes() throws Exception {
        final int port = server.port();
        for (int i = 0; i < 20; i++) {
            if (i % 2 == 0) {
                try (RawClient client = connect()) {
                    server.kill();
                    assertThat(client.read()).isNull();
                }
            } else {
                endWithAClient(server::stop);
            }
            server.restart();
            assertThat(server.port()).isEqualTo(port);
        }
        connect().close();
    }

    @Test
    void shouldLeaveNoThreadBehind() throws Exception {
        endWithAClient(server::close);
        await().until(() -> venueThreads() == 0);
    }

    /** Runs {@code end} on a thread of its own: it waits until the client has closed too. */
    private void endWithAClient(final Runnable end) throws Exception {
        final Thread ending = new Thread(end);
        try (RawClient client = connect()) {
            assertThat(venueThreads()).isPositive();
            ending.start();
            assertThat(client.read()).startsWith("8:1001");
        }
        ending.join();
    }

    @Test
    void shouldBeSilentAndContinue() throws Exception {
        try (RawClient client = connect()) {
            server.silent(true);
            client.write(Opcode.PING, "lost");
            await().until(() -> server.isSilent());
            server.sendText("lost too");
            server.silent(false);
            server.sendText("back");
            assertThat(client.read()).isIn("1:back", "10:lost"); // the ping may arrive late
        }
    }

    @Test
    void shouldWaitForASlowReaderWithoutLosingOrReordering() throws Exception {
        final int count = 100_000;
        final Counting script = new Counting(count);
        try (FeedServer counting = FeedServer.start(0, script);
             RawClient slow = new RawClient(counting.port(), "/", 4_096);
             RawClient fast = new RawClient(counting.port(), "/", USUAL_BUFFER)) {
            await().until(() -> counting.clientCount() == 2);
            final List<Thread> readers = new ArrayList<>();
            final List<String> problems = java.util.Collections.synchronizedList(new ArrayList<>());
            final int[] previous = {0};
            await().until(() -> previous[0] > 0 & previous[0] == (previous[0] = script.sent));
            assertThat(script.sent).as("pauses while the client does not read").isLessThan(count);
            for (final RawClient client : List.of(slow, fast)) {
                final Thread reader = new Thread(() -> problems.addAll(readAll(client, count)));
                reader.start();
                readers.add(reader);
            }
            for (final Thread reader : readers) {
                reader.join();
            }
            assertThat(problems).isEmpty();
            assertThat(script.mostPendingBytes).isLessThan(FeedPlayer.PENDING_MARK_BYTES + 1_024);
        }
    }

    private static long venueThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("venue"))
            .count();
    }

    private static List<String> readAll(final RawClient client, final int count) {
        final List<String> problems = new ArrayList<>();
        try {
            for (int i = 0; i < count && problems.isEmpty(); i++) {
                final String frame = client.read();
                if (frame == null || !frame.startsWith("1:" + i + " ")) {
                    problems.add("expected " + i + ", got " + frame);
                }
            }
        } catch (final IOException e) {
            problems.add(e.toString());
        }
        return problems;
    }

    private RawClient connect() throws IOException {
        final RawClient client = new RawClient(server.port(), "/", USUAL_BUFFER);
        assertThat(client.read()).isEqualTo("1:hello /");
        return client;
    }

    private static final class Echo implements FeedScript {
        volatile int closedCount;

        @Override
        public void onOpen(final FeedClient client, final long nowNs) {
            client.send("hello " + client.path());
        }

        @Override
        public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
            client.send("you said " + new String(buffer, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void onClosed(final FeedClient client, final long nowNs) {
            closedCount = closedCount + 1;
        }

        @Override
        public long onTurn(final long nowNs, final Outlet outlet) {
            return NEVER;
        }
    }

    /** Sends numbered messages to two clients as fast as they read, once both are connected. */
    private static final class Counting implements FeedScript {
        private final List<FeedClient> clients = new ArrayList<>();
        private final int count;
        private volatile int sent;
        private volatile int mostPendingBytes;

        Counting(final int count) {
            this.count = count;
        }

        @Override
        public void onOpen(final FeedClient client, final long nowNs) {
            clients.add(client);
        }

        @Override
        public void onClosed(final FeedClient client, final long nowNs) {
            clients.remove(client);
        }

        @Override
        public long onTurn(final long nowNs, final Outlet outlet) {
            if (clients.size() < 2) {
                return NEVER;
            }
            while (sent < count && outlet.hasRoom()) {
                final String text = sent + " " + "x".repeat(200);
                sent = sent + 1;
                for (final FeedClient client : clients) {
                    client.send(text);
                    mostPendingBytes = Math.max(mostPendingBytes, ((FeedServerConnection) client).pendingBytes());
                }
            }
            return sent < count ? nowNs : NEVER;
        }
    }
}
