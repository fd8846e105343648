package penstock.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.client.socket.BackOff;
import penstock.replay.FeedClient;
import penstock.testkit.Patience;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;

/** A tap reconnects after a lost connection. */
@Timeout(Patience.TEST_SECONDS)
class TapReturnTest extends TapRig<TapReturnTest.Script> {
    private static final String WELCOME =
        "{\"type\":\"welcome\",\"epoch\":27,\"feed\":{\"name\":\"demo\",\"channels\":[]}" + TERMS;
    private static final String SUBSCRIBE = "{\"op\":\"subscribe\",\"sub\":\"s1\"";
    private static final String SYMBOLS = ",\"symbols\":[\"*\"],\"id\":";
    private static final String SNAPSHOT =
        "{\"type\":\"snapshot\",\"sub\":\"0\",\"ts\":1,\"epoch\":27,\"p\":9,\"last\":true,\"data\":["
        + "{\"s\":\"A\",\"q\":7,\"v\":1},{\"s\":\"B\",\"q\":2,\"v\":2}]}";
    private static final String RESUMED_SNAPSHOT =
        "{\"type\":\"snapshot\",\"sub\":\"0\",\"ts\":1,\"epoch\":27,\"p\":30,\"last\":true,"
        + "\"resumed\":true,\"data\":[{\"s\":\"A\",\"q\":20,\"v\":3}]}";

    TapReturnTest() {
        super(new Script());
    }

    @Test
    void shouldResumeAndKeepTheLedgerOfUnchangedTopics() {
        script.answers.add(List.of(ack(false), SNAPSHOT, update("A", 8, 12), "close 4503"));
        script.answers.add(List.of(ack(true), RESUMED_SNAPSHOT, update("A", 21, 31), update("B", 3, 32)));
        assertThat(tap(SubscriptionOptions.UNSPECIFIED, true, 6)).isEqualTo(Tap.FINE);
        assertThat(script.requests)
            .containsExactly(SUBSCRIBE + SYMBOLS + "1}",
            SUBSCRIBE.replace("s1", "s2") + ",\"resume\":{\"epoch\":27,\"p\":12}" + SYMBOLS + "2}");
        assertThat(lines()).contains("-- resumed after p 12 of epoch 27")
            .anyMatch(line ->
            line.startsWith("closed by the server: 4503 (draining: reconnect with back-off) retryAfter=1; "
                + "next attempt "));
        assertThat(last()).startsWith("6 updates").endsWith("ledger ok");
    }

    @Test
    void shouldReportALostUpdateOfATopicThatTheResumeSkipped() {
        script.answers.add(List.of(ack(false), SNAPSHOT, "close 4503"));
        script.answers.add(List.of(ack(true), RESUMED_SNAPSHOT, update("B", 5, 31)));
        script.answers.add(List.of(ack(false), SNAPSHOT));
        assertThat(tap(SubscriptionOptions.UNSPECIFIED, true, 4)).isEqualTo(Tap.FAILED);
        assertThat(lines()).contains("LEDGER BROKEN B: q 5 with c 0 after q 2, q 3 expected");
    }

    @Test
    void shouldRestartTheLedgerWithAFullSnapshot() {
        script.answers.add(List.of(ack(false), SNAPSHOT, "close 4503"));
        script.answers.add(
            List.of(ack(false), SNAPSHOT.replace("\"q\":7", "\"q\":90"), update("A", 91, 31), update("C", 1, 32)));
        assertThat(tap(SubscriptionOptions.UNSPECIFIED, true, 6)).isEqualTo(Tap.FINE);
        assertThat(lines()).contains("-- full snapshot: the relay cannot resume after p 9 of epoch 27");
    }

    @Test
    void shouldNotResumeAtThePositionOfAPieceOrAHeartbeat() {
        script.answers.add(List.of(ack(false), SNAPSHOT.replace("\"p\":9,\"last\":true", "\"p\":0"),
            "{\"type\":\"heartbeat\",\"ts\":1,\"feed\":\"live\",\"p\":99}", "close 4503"));
        script.answers.add(List.of(ack(false), SNAPSHOT));
        assertThat(tap(SubscriptionOptions.UNSPECIFIED, true, 4)).isEqualTo(Tap.FINE);
        assertThat(script.requests).containsExactly(SUBSCRIBE + SYMBOLS + "1}",
            SUBSCRIBE.replace("s1", "s2") + SYMBOLS + "2}");
    }

    @Test
    void shouldCountAGapOnceThatTheRelayRepeatsAfterAReconnect() {
        script.answers.add(List.of(ack(false), SNAPSHOT, gap(9, 3), "close 4508"));
        script.answers.add(List.of(ack(true), gap(9, 5), update("A", 13, 31)));
        assertThat(tap(SubscriptionOptions.of(Mode.ALL, -1, null), true, 3)).isEqualTo(Tap.FINE);
        assertThat(script.requests).last().asString()
            .contains("\"mode\":\"all\"", "\"resume\":{\"epoch\":27,\"p\":9}");
        assertThat(last()).contains(" 5 missed, ").endsWith("ledger ok");
    }

    @Test
    void shouldKeepTheMissedUpdatesOfAGapThatAnEntryFollowed() {
        script.answers.add(List.of(ack(false), SNAPSHOT, gap(9, 3), update("A", 8, 15), "close 4508"));
        script.answers.add(List.of(ack(true), update("A", 12, 31)));
        assertThat(tap(SubscriptionOptions.of(Mode.ALL, -1, null), true, 4)).isEqualTo(Tap.FINE);
        assertThat(last()).contains(" 3 missed, ").endsWith("ledger ok");
    }

    @Test
    void shouldReconnectAfterALostConnection() {
        script.answers.add(List.of(ack(false), SNAPSHOT));
        script.answers.add(List.of(ack(true), RESUMED_SNAPSHOT));
        final CompletableFuture<Integer> code =
            CompletableFuture.supplyAsync(() -> tap(SubscriptionOptions.UNSPECIFIED, true, 3));
        await().until(() -> printed.toString(StandardCharsets.UTF_8).contains(" B "));
        server.dropConnections();
        assertThat(code.join()).isEqualTo(Tap.FINE);
    }

    @Test
    void shouldPrintWhatIsNotOfTheProtocolAndComeBackWithoutTrustingIt() {
        script.answers.add(List.of(ack(false), SNAPSHOT, "Connected"));
        script.answers.add(List.of(ack(false), SNAPSHOT, "{\"type\":\"update\",\"sub\":\"0\",\"data\":7}"));
        script.answers.add(List.of(ack(false), SNAPSHOT));
        assertThat(tap(SubscriptionOptions.UNSPECIFIED, true, 6)).isEqualTo(Tap.FINE);
        assertThat(lines().stream().filter(line -> line.startsWith("?? not a message of the protocol"))).hasSize(2);
        assertThat(lines()).anyMatch(line -> line.startsWith("connection given up: what came was not of the protocol"));
        assertThat(script.requests).hasSize(3).noneMatch(request -> request.contains("resume"));
    }

    @Test
    void shouldNotReconnectWhenUselessOrDisabled() {
        script.answers.add(List.of(SNAPSHOT, "close 4429"));
        assertThat(tap(SubscriptionOptions.UNSPECIFIED, true, 9)).isEqualTo(Tap.FAILED);
        script.answers.add(List.of(SNAPSHOT, "close 1000"));
        assertThat(tap(SubscriptionOptions.UNSPECIFIED, true, 9)).isEqualTo(Tap.FINE);
        script.answers.add(List.of(SNAPSHOT, "close 4503"));
        assertThat(tap(SubscriptionOptions.UNSPECIFIED, false, 9)).isEqualTo(Tap.FAILED);
        script.answers.add(List.of("close 4503"));
        assertThat(tap(SubscriptionOptions.of(Mode.ONCE, -1, null), true, 9)).isEqualTo(Tap.FAILED);
        assertThat(script.requests).hasSize(4);
    }

    @Test
    void shouldFailWhenStoppedWhileDisconnected() {
        script.answers.add(List.of(SNAPSHOT));
        final Tap tap = new Tap(options(SubscriptionOptions.UNSPECIFIED, true, 0), print());
        final CompletableFuture<Integer> code = CompletableFuture.supplyAsync(tap::run);
        await().until(() -> printed.toString(StandardCharsets.UTF_8).contains(" B "));
        server.stop();
        await().until(() -> printed.toString(StandardCharsets.UTF_8).contains("cannot connect"));
        tap.stop();
        assertThat(code.join()).isEqualTo(Tap.FAILED);
        assertThat(last()).startsWith("2 updates");
    }

    @Test
    void shouldDoubleTheDelayAfterEachFailure() {
        final BackOff backOff = new BackOff();
        for (final long most : new long[] {500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000}) {
            assertThat(backOff.nextMs(1, 0)).isEqualTo(most);
        }
        assertThat(backOff.nextMs(0.5, 0)).isEqualTo(15_000);
        backOff.reset();
        assertThat(backOff.nextMs(0.5, BackOff.earliestMs("retryAfter=2000"))).isEqualTo(2_250);
        assertThat(BackOff.earliestMs("retryAfter=soon")).isZero();
    }

    private int tap(final SubscriptionOptions terms, final boolean isStaying, final long count) {
        return new Tap(options(terms, isStaying, count), print()).run();
    }

    private TapOptions options(final SubscriptionOptions terms, final boolean isStaying, final long count) {
        return new TapOptions("127.0.0.1:" + server.port(), List.of(), null, terms, TapOptions.Form.LINES, isStaying,
            new TapOptions.Limits(count, 0));
    }

    private String last() {
        return lines().get(lines().size() - 1);
    }

    private static String ack(final boolean isResumed) {
        return "{\"type\":\"ack\",\"id\":1,\"op\":\"subscribe\",\"sub\":\"0\",\"effective\":{\"channel\":\"quote\"},"
            + "\"resumed\":" + isResumed + "}";
    }

    private static String gap(final long p, final long missed) {
        return "{\"type\":\"gap\",\"sub\":\"0\",\"p\":" + p + ",\"missed\":" + missed + "}";
    }

    private static String update(final String symbol, final long q, final long p) {
        return "{\"type\":\"update\",\"sub\":\"0\",\"ts\":1,\"p\":" + p + ",\"data\":[{\"s\":\"" + symbol
            + "\",\"q\":" + q + ",\"v\":1}]}";
    }

    /** A relay that answers each subscribe with the next of its answers. */
    static final class Script extends Relay {
        final Queue<List<String>> answers = new ConcurrentLinkedQueue<>();
        final Queue<String> requests = new ConcurrentLinkedQueue<>();

        @Override
        public void onOpen(final FeedClient client, final long nowNs) {
            client.send(WELCOME);
        }

        @Override
        void onSubscribe(final FeedClient client, final String request, final String sub, final int id) {
            requests.add(request);
            answer(client, answers.remove(), sub, id, "retryAfter=1");
        }
    }
}
