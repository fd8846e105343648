package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.FeedState;
import penstock.telemetry.Counter;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WebSocketFormats;
import penstock.wire.Mode;
import penstock.wire.request.Request;

class SessionTest {
    private final ShardRig rig = new ShardRig();
    private final RecordingSocket socket = rig.socket();

    @Test
    void shouldWelcomeThenAcknowledgeThenSendImagesThenUpdates() {
        rig.tick("EURUSD", "GBPUSD", "EURUSD");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "grid", 250, "EUR*", "FOOUSD");
        rig.thread.advanceMs(250);
        rig.tick("EURUSD");
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts).hasSize(4);
        assertThat(texts.get(0)).startsWith("{\"type\":\"welcome\"").contains("\"epoch\":7");
        assertThat(texts.get(1)).startsWith("{\"type\":\"ack\",\"id\":1")
            .contains("\"unknown\":[\"FOOUSD\"]", "\"matched\":1");
        assertThat(texts.get(2)).startsWith("{\"type\":\"snapshot\",\"sub\":\"grid\",\"ts\":1700")
            .endsWith("\"epoch\":7,\"id\":1,\"replaces\":\"all\",\"p\":3,\"last\":true,\"data\":[{\"s\":\"EURUSD\",\"q\":2,\"v\":{\"n\":2}}]}");
        assertThat(texts.get(3)).startsWith("{\"type\":\"update\",\"sub\":\"grid\",\"ts\":1700")
            .endsWith("\"p\":4,\"data\":[{\"s\":\"EURUSD\",\"q\":3,\"v\":{\"n\":3}}]}");
    }

    @Test
    void shouldConflateABurstIntoItsLastValueAndCountIt() {
        rig.tick("EURUSD");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 100, "EURUSD");
        ShardRig.texts(socket);
        rig.tick("EURUSD", "EURUSD", "EURUSD");
        assertThat(ShardRig.texts(socket)).isEmpty();
        rig.thread.advanceMs(100);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":4,\"c\":2,\"v\":{\"n\":3}");
    }

    @Test
    void shouldSendARawSessionPayloadsOnly() {
        rig.tick("EURUSD", "GBPUSD");
        final Session session = rig.open(socket, WebSocketFormats.RAW);
        rig.subscribe(session, "0", 0, "EURUSD");
        rig.tick("EURUSD", "GBPUSD");
        rig.feed.state(FeedState.STALE);
        rig.thread.advanceMs(6_000);
        assertThat(ShardRig.texts(socket)).containsExactly("[{\"n\":0}]", "[{\"n\":2}]");
    }

    @Test
    void shouldEndASubscriptionOfModeOnceAfterItsImages() {
        rig.tick("EURUSD", "GBPUSD");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        ShardRig.texts(socket);
        session.onRequest(ShardRig.request("now", Mode.ONCE, -1, "*"));
        rig.thread.run();
        assertThat(ShardRig.texts(socket).get(1)).contains("\"last\":true", "EURUSD", "GBPUSD");
        assertThat(rig.shard.subscriptionCount()).isZero();
        rig.tick("EURUSD");
        assertThat(ShardRig.texts(socket)).isEmpty();
    }

    @Test
    void shouldCloseARawSessionOfModeOnceAfterItsImages() {
        rig.tick("EURUSD", "GBPUSD");
        final Session session = rig.open(socket, WebSocketFormats.RAW);
        session.onRequest(ShardRig.request("0", Mode.ONCE, -1, "*"));
        rig.thread.run();
        final List<RecordingSocket.Frame> frames = socket.takeFrames();
        assertThat(frames).hasSize(3);
        assertThat(frames.get(2).opcode()).isEqualTo(8);
        session.onCloseFrame(1000, "");
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void shouldSendAnEmptySnapshotThenTopicsAsTheyAppear() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, "EUR*", "XAUUSD");
        assertThat(ShardRig.texts(socket).get(2)).endsWith("\"last\":true,\"data\":[]}");
        rig.tick("EURUSD", "XAUUSD", "GBPUSD", "EURUSD");
        assertThat(ShardRig.texts(socket)).singleElement().asString()
            .contains("{\"s\":\"XAUUSD\",\"q\":1,", "{\"s\":\"EURUSD\",\"q\":2,\"c\":1,").doesNotContain("GBPUSD");
    }

    @Test
    void shouldCutALargeSnapshotIntoPiecesOfFiveHundred() {
        for (int i = 0; i < 1_200; i++) {
            rig.feed.tick("S" + i, rig.thread.nowNs());
        }
        rig.tick("S0");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, "*");
        final List<String> pieces = ShardRig.texts(socket).stream().filter(text -> text.contains("snapshot")).toList();
        assertThat(pieces).hasSize(3);
        assertThat(pieces.get(0)).contains("\"p\":0,\"data\"").doesNotContain("last");
        assertThat(pieces.get(2)).contains("\"p\":1201,\"last\":true");
        assertThat(pieces.stream().mapToInt(piece -> piece.split("\"s\":").length - 1)).containsExactly(500, 500, 200);
    }

    @Test
    void shouldMarkTopicsStaleUntilTheirFirstUpdateAfterALoss() {
        rig.tick("EURUSD", "GBPUSD");
        rig.feed.state(FeedState.LIVE);
        rig.feed.state(FeedState.STALE);
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.feed.state(FeedState.LIVE);
        rig.tick("EURUSD");
        ShardRig.texts(socket);
        rig.subscribe(session, "0", 0, "*");
        assertThat(ShardRig.texts(socket).get(1)).contains("{\"s\":\"EURUSD\",\"q\":2,\"v\"",
            "{\"s\":\"GBPUSD\",\"q\":1,\"st\":\"stale\",");
    }

    @Test
    void shouldSendHeartbeatsAfterSilenceAndRegularPings() {
        rig.open(socket, WebSocketFormat.PLAIN);
        socket.takeFrames();
        rig.thread.advanceMs(5_500);
        assertThat(ShardRig.texts(socket)).singleElement().asString().startsWith("{\"type\":\"heartbeat\"")
            .contains("\"feed\":\"stale\"");
        rig.thread.advanceMs(15_000);
        assertThat(socket.takeFrames()).anyMatch(frame -> frame.opcode() == 9);
    }

    @Test
    void shouldCloseASessionThatDoesNotAnswerPings() {
        final RecordingSocket other = rig.socket();
        final Session answering = rig.open(other, WebSocketFormat.PLAIN);
        rig.open(socket, WebSocketFormat.PLAIN);
        for (int s = 0; s < 90; s++) {
            rig.thread.advanceMs(1_000);
            answering.onPong();
        }
        assertThat(socket.isClosed()).isTrue();
        assertThat(other.isClosed()).isFalse();
        assertThat(socket.takeFrames()).anyMatch(frame -> frame.opcode() == 8);
        assertThat(rig.counters.get(Counter.SESSIONS_TIMED_OUT)).isEqualTo(1);
    }

    /** The relay sends pings each 20 s and waits 60 s here; one that has just answered has longest. */
    @Test
    void shouldNoticeADeadPeerWithinTheTimesOfOnePingAndOnePong() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        while (socket.takeFrames().stream().noneMatch(frame -> frame.opcode() == 9)) {
            rig.thread.advanceMs(100);
        }
        session.onPong();
        rig.thread.advanceMs(79_000);
        assertThat(socket.takeFrames()).noneMatch(frame -> frame.opcode() == 8);
        rig.thread.advanceMs(1_500);
        assertThat(socket.takeFrames()).filteredOn(frame -> frame.opcode() == 8).singleElement()
            .satisfies(frame -> assertThat(frame.text()).endsWith("no sign of life"));
    }

    @Test
    void shouldKeepASlowReaderAndDisconnectAStalledOne() {
        final RecordingSocket slow = rig.socket();
        final Session slowSession = rig.open(slow, WebSocketFormat.PLAIN);
        final Session deadSession = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(slowSession, "0", 0, "*");
        rig.subscribe(deadSession, "0", 0, "*");
        slow.takeOnly(0);
        socket.takeOnly(0);
        rig.tick("EURUSD");
        for (int s = 0; s < 300; s++) {
            rig.thread.advanceMs(1_000);
            slow.takeOnly(1);
            slowSession.onWritable();
            rig.tick("EURUSD");
        }
        assertThat(slow.isClosed()).isFalse();
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void shouldRefuseTooManyRequestsThenCloseAFlood() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        ShardRig.texts(socket);
        for (int i = 0; i < 60; i++) {
            session.onRequest(new Request.Ping("5"));
        }
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.stream().filter(text -> text.contains("pong"))).hasSize(40);
        assertThat(texts.get(40)).contains("\"code\":\"rate_limited\"", "\"id\":5", "\"retryAfter\":50");
        for (int i = 0; i < 300; i++) {
            session.onRequest(new Request.Ping("5"));
        }
        rig.thread.advanceMs(3_000);
        assertThat(socket.takeFrames()).anyMatch(frame -> frame.opcode() == 8);
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void shouldNameTheLimitThatARequestExceeds() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        ShardRig.texts(socket);
        rig.subscribe(session, "a", 0, "A", "B", "C", "D", "E*");
        rig.subscribe(session, "b", 0, "A", "B", "C", "D", "E", "F");
        rig.subscribe(session, "c", 0, "A");
        rig.subscribe(session, "d", 0, "A");
        rig.subscribe(session, "e", 0, "A");
        session.onRequest(new Request.Unsubscribe("9", "none", List.of()));
        rig.thread.run();
        final List<String> errors = ShardRig.texts(socket).stream().filter(text -> text.contains("\"type\":\"error\""))
            .toList();
        assertThat(errors).hasSize(3);
        assertThat(errors.get(0))
            .contains("\"status\":413", "too_many_symbols", "\"path\":\"/symbols\"", "this makes 11");
        assertThat(errors.get(1)).contains("\"status\":413", "too_many_subscriptions");
        assertThat(errors.get(2)).contains("\"status\":404", "unknown_subscription");
    }

    @Test
    void shouldListSubscriptions() {
        rig.tick("EURUSD", "EURGBP");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "grid", 250, "EURUSD", "GBP*", "NOSUCH");
        ShardRig.texts(socket);
        session.onRequest(new Request.ListSubscriptions("4"));
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).singleElement().asString()
            .contains("\"id\":4,\"op\":\"list\"", "\"sub\":\"grid\"",
                "\"interval\":250", "[\"GBP*\",\"EURUSD\",\"NOSUCH\"]", "\"matched\":1");
    }

    @Test
    void shouldAnswerACloseFrameOnceThenDisconnect() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, "*");
        socket.takeFrames();
        session.onCloseFrame(1000, "bye");
        rig.thread.run();
        assertThat(socket.takeFrames()).singleElement().matches(frame -> frame.opcode() == 8);
        assertThat(socket.isClosed()).isTrue();
        assertThat(rig.shard.sessionCount()).isZero();
        assertThat(rig.shard.subscriptionCount()).isZero();
    }

    @Test
    void shouldCloseEverySessionWhenDraining() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        socket.takeFrames();
        new ShardProxy(rig.thread, rig.shard).drain(500);
        rig.thread.run();
        assertThat(socket.takeFrames()).singleElement()
            .matches(frame -> frame.opcode() == 8 && frame.text().contains("retryAfter=2000"));
        assertThat(socket.isClosed()).isFalse();
        session.onCloseFrame(4503, "");
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void shouldSpreadTheClosesOfADrainAndTheReturnOfItsSessions() {
        final List<RecordingSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            sockets.add(rig.socket());
            rig.open(sockets.get(i), WebSocketFormat.PLAIN);
        }
        rig.thread.run();
        sockets.forEach(RecordingSocket::takeFrames);
        new ShardProxy(rig.thread, rig.shard).drain(1_000);
        final Set<String> reasons = new HashSet<>();
        int most = 0;
        for (int tenth = 0; tenth < 11; tenth++) {
            rig.thread.run();
            final List<String> closes = sockets.stream().flatMap(each -> each.takeFrames().stream())
                .filter(frame -> frame.opcode() == 8).map(frame -> frame.text()).toList();
            most = Math.max(most, closes.size());
            reasons.addAll(closes);
            rig.thread.advanceMs(100);
        }
        assertThat(reasons).as("a time of its own for each").hasSize(400);
        assertThat(most).as("closes within 100 ms").isLessThanOrEqualTo(60);
        assertThat(reasons.stream().mapToInt(text -> Integer.parseInt(text.replaceAll(".*retryAfter=", ""))))
            .allMatch(ms -> ms >= 2_900 && ms <= 4_000);
    }

    @Test
    void shouldDisconnectSoonAfterAViolation() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        session.closeAfterViolation(Termination.BAD_FRAME, 1002, "an unmasked frame");
        rig.thread.advanceMs(190);
        assertThat(socket.isClosed()).isFalse();
        rig.thread.advanceMs(110);
        assertThat(socket.isClosed()).isTrue();
    }
}
