package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import penstock.testkit.Patience;

/** Bad input gets a clear reply and harms no other client. */
class BadInputTest {
    private static HostileRig rig;
    private static CompletableFuture<Long> slowHandshake;

    @BeforeAll
    static void stream() throws IOException {
        rig = new HostileRig("server.max-frame=64k");
        slowHandshake = CompletableFuture.supplyAsync(BadInputTest::sendOneBytePerSecond);
    }

    @AfterAll
    static void shouldHaveHarmedNoOtherClient() throws IOException {
        rig.close();
    }

    @AfterEach
    void shouldServeANewClientAtOnce() throws IOException {
        rig.assertServesANewClient();
    }

    @Test
    void shouldExplainWhyARequestIsInvalid() throws IOException {
        final List<String> wrong = new ArrayList<>();
        for (int i = 0; i < BadRequests.ALL.length; i += 30) {
            try (HostileClient client = open()) {
                for (int k = i; k < Math.min(i + 30, BadRequests.ALL.length); k++) {
                    final String[] bad = BadRequests.ALL[k];
                    final String answer = client.ask(bad[0]).replace("\\", "");
                    if (!answer.startsWith("{\"type\":\"error\",") || !answer.contains(BadRequests.head(bad))
                            || !answer.contains(bad[3])) {
                        wrong.add(shown(bad[0]) + " -> " + answer);
                    }
                }
                assertThat(client.ask("{\"op\":\"list\"}")).startsWith("{\"type\":\"ack\",\"op\":\"list\"");
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void shouldCloseASessionThatKeepsSendingInvalidRequests() throws IOException {
        try (HostileClient client = open()) {
            final List<String> all = new ArrayList<>();
            for (int i = 0; i < 51; i++) {
                client.write(HostileClient.text("{\"op\":\"nothing\"}"));
                if (i >= 30) {
                    waitMs(60);
                }
            }
            all.addAll(client.readToEnd());
            assertThat(all.get(0)).contains("\"code\":\"unknown_op\"");
            assertThat(all).last().isEqualTo("close 4400 too many bad requests");
        }
    }

    @Test
    void shouldRejectFramesThatBreakTheProtocol() throws IOException {
        final byte[] ping = HostileClient.ascii("{\"op\":\"ping\"}");
        final byte[] unmasked = HostileClient.ascii("__{\"op\":\"ping\"}");
        unmasked[0] = (byte) 0x81;
        unmasked[1] = (byte) (unmasked.length - 2);
        expectClose("unmasked", unmasked, "close 1002 ");
        expectClose("unmasked ping", new byte[] {(byte) 0x89, 0}, "close 1002 ");
        for (final int rsv : new int[] {0x40, 0x20, 0x10}) {
            expectClose("reserved bit " + rsv, HostileClient.frame(0x81 | rsv, ping), "close 1002 ");
            expectClose("reserved bit of a ping " + rsv, HostileClient.frame(0x89 | rsv, ping), "close 1002 ");
        }
        for (int opcode = 3; opcode < 16; opcode++) {
            if (opcode < 8 || opcode > 10) {
                expectClose("opcode " + opcode, HostileClient.frame(0x80 | opcode, ping), "close 1002 ");
            }
        }
        expectClose("ping in fragments", HostileClient.frame(0x09, ping), "close 1002 ");
        expectClose("close in fragments", HostileClient.frame(0x08, new byte[] {3, (byte) 0xe8}), "close 1002 ");
        expectClose("ping of 126 bytes", HostileClient.frame(0x89, new byte[126]), "close 1002 ");
        expectClose("continuation of nothing", HostileClient.frame(0x80, ping), "close 1002 ");
        expectClose("message in a message", HostileClient.repeated(2, HostileClient.frame(0x01, ping)), "close 1002 ");
        expectClose("close with one byte", HostileClient.frame(0x88, new byte[] {3}), "close 1002 ");
        expectClose("close 1005", HostileClient.frame(0x88, new byte[] {3, (byte) 0xed}), "close 1002 ");
        expectClose("close 999", HostileClient.frame(0x88, new byte[] {3, (byte) 0xe7}), "close 1002 ");
        expectClose("close, reason no text", HostileClient.frame(0x88, new byte[] {3, (byte) 0xe8, (byte) 0xff}),
            "close 1007 ");
        expectClose("binary", HostileClient.frame(0x82, ping), "close 1003 ");
        expectClose("no text", HostileClient.frame(0x81, new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}),
            "close 1007 ");
        expectClose("half a surrogate", HostileClient.frame(0x81, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}),
            "close 1007 ");
        expectClose("half a character", HostileClient.frame(0x81, new byte[] {'a', (byte) 0xe2, (byte) 0x82}),
            "close 1007 ");
        expectClose("begun with half a character", HostileClient.frame(0x01, new byte[] {(byte) 0xf5}), "close 1007 ");
    }

    @Test
    void shouldRejectAnOversizedMessageAtItsHeader() throws IOException {
        final byte[] limit = new byte[65_536];
        Arrays.fill(limit, (byte) ' ');
        try (HostileClient client = open()) {
            client.write(HostileClient.frame(0x81, limit));
            assertThat(client.reply()).contains("\"code\":\"bad_json\"", "empty");
        }
        final byte[] tooLarge = new byte[65_537];
        Arrays.fill(tooLarge, (byte) ' ');
        expectClose("64 KiB + 1", HostileClient.frame(0x81, tooLarge), "close 1009 ");
        expectClose("a header of 64 KiB + 1",
            new byte[] {(byte) 0x81, (byte) 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0}, "close 1009 ");
        try (HostileClient client = open()) {
            client.write(HostileClient.frame(0x81, tooLarge));
            assertThat(client.readToEnd()).anySatisfy(text -> assertThat(text).contains("\"status\":413",
                "\"message_too_large\"", "65537 bytes", "about 2730 symbols of 20 characters"));
        }
        expectClose("2^62", new byte[] {(byte) 0x81, (byte) 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'x'},
            "close 1009 ");
        expectClose("2^63", new byte[] {(byte) 0x81, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'x'},
            "close 1002 ");
        final byte[] half = new byte[40_000];
        Arrays.fill(half, (byte) ' ');
        try (HostileClient client = open()) {
            client.write(HostileClient.frame(0x01, half));
            client.writeWhatIsAccepted(HostileClient.frame(0x80, half));
            assertThat(client.readClose()).startsWith("close 1009 ");
        }
        try (HostileClient client = open()) {
            client.write(HostileClient.frame(0x01, new byte[0]));
            client.writeWhatIsAccepted(HostileClient.repeated(20_000, HostileClient.frame(0x00, new byte[0])));
            assertThat(client.readClose()).startsWith("close 1009 ").contains("fragments");
        }
    }

    @Test
    void shouldRejectTenThousandSymbols() throws Exception {
        final String request = tenThousandSymbols();
        expectClose("10,000 symbols", HostileClient.text(request), "close 1009 ");
        try (RelayRig wide = new RelayRig("demo", rig.feed.url(), "server.max-frame=1m");
             HostileClient client = HostileClient.upgraded(wide.relay.port(), "/v1/ws")) {
            assertThat(client.ask(request))
                .startsWith("{\"type\":\"error\",\"id\":7,\"status\":413,\"code\":\"too_many_symbols\","
                    + "\"path\":\"/symbols\"")
                .contains("at most 5000", "got 10000");
            assertThat(client.ask("{\"op\":\"list\"}")).contains("\"subscriptions\":[]");
        }
    }

    @Test
    void shouldRateLimitRequestsAndCloseAFlood() throws IOException {
        try (HostileClient client = open()) {
            client.writeWhatIsAccepted(HostileClient.repeated(5_000, HostileClient.text("{\"op\":\"ping\",\"id\":7}")));
            final List<String> all = client.readToEnd();
            assertThat(all).last().isEqualTo("close 4429 flooding");
            assertThat(all.stream().filter(text -> text.startsWith("{\"type\":\"pong\",\"id\":7")).count())
                .isBetween(30L, 60L);
            assertThat(all.get(all.size() - 2))
                .contains("\"status\":429,\"code\":\"rate_limited\"", "\"id\":7", "\"retryAfter\":");
        }
        try (HostileClient client = open()) {
            client.writeWhatIsAccepted(HostileClient.repeated(5_000, HostileClient.frame(0x89, new byte[] {1})));
            assertThat(client.readClose()).isEqualTo("close 4429 flooding");
        }
        try (HostileClient client = HostileClient.upgraded(rig.port(), "/v1/raw?symbols=EURUSD")) {
            client.writeWhatIsAccepted(HostileClient.repeated(5_000, HostileClient.frame(0x89, new byte[] {1})));
            assertThat(client.readClose()).isEqualTo("close 4429 flooding");
        }
    }

    @Test
    void shouldRejectWhatIsNoHandshake() throws IOException {
        final byte[] garbage = new byte[4_096];
        new Random(5).nextBytes(garbage);
        final byte[] hello = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        for (final byte[] bytes
                : new byte[][] {garbage, hello, HostileClient.ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")}) {
            try (HostileClient client = new HostileClient(rig.port())) {
                client.writeWhatIsAccepted(bytes);
                assertThat(client.isCut()).isTrue();
            }
        }
        try (HostileClient client = new HostileClient(rig.port())) {
            client.write(new String(HostileClient.handshake("/v1/ws"), StandardCharsets.US_ASCII)
                .replace("Version: 13", "Version: 8").getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readHttp()).startsWith("HTTP/1.1 426 ").containsIgnoringCase("Sec-WebSocket-Version: 13");
        }
    }

    @Test
    void shouldServeOthersWhileFiftyHandshakesAreHalfDone() throws IOException {
        final List<HostileClient> half = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            final HostileClient client = new HostileClient(rig.port());
            client.write(Arrays.copyOf(HostileClient.handshake("/v1/ws"), 20 + i));
            half.add(client);
        }
        shouldServeANewClientAtOnce();
        for (final HostileClient client : half) {
            client.close();
        }
    }

    @Test
    void shouldSurviveThreeHundredResetConnections() throws IOException {
        for (int i = 0; i < 300; i++) {
            final HostileClient client = new HostileClient(rig.port());
            if (i % 3 == 1) {
                client.write(HostileClient.handshake("/v1/ws?symbols=*&interval=0"));
            } else if (i % 3 == 2) {
                client.write(Arrays.copyOf(HostileClient.handshake("/v1/ws"), 40));
            }
            client.reset();
        }
    }

    @Test
    void shouldProtectOtherSessionsFromManyThatNeverRead() throws IOException {
        final List<HostileClient> deaf = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            final HostileClient client = new HostileClient(rig.port(), 4_096);
            client.write(HostileClient.handshake("/v1/ws?symbols=*&interval=0"));
            client.write(HostileClient.repeated(30, HostileClient.text("{\"op\":\"list\"}")));
            deaf.add(client);
        }
        final List<Subscriber> good = rig.relay.fleet.subscribers;
        await("all of them").until(() -> rig.relay.relay.sessionCount() >= good.size() + deaf.size());
        final long[] updates = good.stream().mapToLong(subscriber -> subscriber.updates).toArray();
        await("two seconds of updates").until(() -> IntStream.range(0, updates.length)
            .allMatch(i -> good.get(i).updates > updates[i] + 100));
        for (final HostileClient client : deaf) {
            client.close();
        }
    }

    @Test
    void shouldCutAHandshakeOfOneBytePerSecond() throws Exception {
        assertThat(TimeUnit.NANOSECONDS.toMillis(slowHandshake.get(Patience.SECONDS, TimeUnit.SECONDS)))
            .as("ms until cut").isBetween(4_000L, 6_500L);
    }

    @Test
    void shouldRejectNewClientsWhileItDrains() throws Exception {
        final RelayRig ending = new RelayRig("demo", rig.feed.url());
        try (HostileClient client = HostileClient.upgraded(ending.relay.port(), "/v1/ws?symbols=EURUSD")) {
            client.reply();
            final CompletableFuture<Void> end = CompletableFuture.runAsync(() -> {
                try {
                    ending.close();
                } catch (final IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(client.readClose()).isEqualTo("close 4503 retryAfter=2000");
            client.writeWhatIsAccepted(HostileClient.text("{\"op\":\"ping\"}"));
            try (HostileClient late = new HostileClient(ending.relay.port())) {
                late.write(HostileClient.handshake("/v1/ws"));
                assertThat(late.readHttp()).startsWith("HTTP/1.1 503 ").contains("\"code\":\"draining\"")
                    .containsIgnoringCase("Retry-After: 2");
            }
            end.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void expectClose(final String what, final byte[] bytes, final String close) throws IOException {
        rig.expectClose(what, bytes, close);
    }

    private static HostileClient open() throws IOException {
        return rig.open();
    }

    private static String tenThousandSymbols() {
        return "{\"op\":\"subscribe\",\"id\":7,\"symbols\":["
            + IntStream.range(0, 10_000).mapToObj(i -> "\"SYMBOL" + i + '"').collect(Collectors.joining(",")) + "]}";
    }

    private static String shown(final String request) {
        return request.length() < 100 ? request : request.substring(0, 100) + "…";
    }

    private static void waitMs(final long ms) {
        final long endNs = System.nanoTime() + ms * 1_000_000;
        while (System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static long sendOneBytePerSecond() {
        try (HostileClient client = new HostileClient(rig.port())) {
            final long beganNs = System.nanoTime();
            final byte[] head = HostileClient.handshake("/v1/ws");
            client.socket.setSoTimeout(1_000);
            for (int i = 0; i < 15; i++) {
                client.write(new byte[] {head[i]});
                try {
                    if (client.socket.getInputStream().read() < 0) {
                        return System.nanoTime() - beganNs;
                    }
                } catch (final SocketTimeoutException e) {
                    continue;
                }
            }
            return Long.MAX_VALUE;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
