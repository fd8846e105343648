package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import penstock.audit.Termination;
import penstock.config.relay.AuthConfig;
import penstock.fanout.format.WebSocketFormat;
import penstock.identity.AccessControl;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.telemetry.Counter;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.websocket.CloseCode;
import penstock.wire.ErrorCode;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/** What the audit log says of each way in which a session can end. */
class SessionEndsTest {
    private ShardRig rig = new ShardRig();
    private RecordingSocket socket = rig.socket();

    @Test
    void shouldSayThatTheClientClosed() {
        assertThat(endOf(session -> session.onCloseFrame(CloseCode.GOING_AWAY, ""))).isEqualTo("--");
    }

    @Test
    void shouldSayThatTheClientHadAllItAskedFor() {
        rig.tick("EURUSD");
        final Session session = rig.open(socket, WebSocketFormats.RAW);
        session.onRequest(ShardRig.request("now", Mode.ONCE, -1, "*"));
        rig.thread.advanceMs(3_000);

        assertThat(rig.audited).last().asString().contains(" endpoint=raw ", " end=-- ");
    }

    @Test
    void shouldSayThatTheConnectionEnded() {
        assertThat(endOf(session -> session.onDisconnected(Termination.CLIENT_GONE))).isEqualTo("CD");
    }

    @Test
    void shouldSayThatTheConnectionEndedWhileItWasWritten() {
        assertThat(endOf(session -> {
            socket.close();
            session.onTextPing();
        })).isEqualTo("CD");
    }

    @Test
    void shouldSayThatTheClientAcceptedNothing() {
        assertThat(endOf(session -> {
            rig.subscribe(session, "0", 0, "EURUSD");
            socket.takeOnly(3);
            rig.tick("EURUSD");
            rig.thread.advanceMs(61_000);
        })).isEqualTo("cD");
    }

    @Test
    void shouldSayThatTheClientAnsweredNoPing() {
        assertThat(endOf(session -> rig.thread.advanceMs(90_000))).isEqualTo("cP");
    }

    @Test
    void shouldSayThatTheClientBrokeARule() {
        assertThat(endOf(session -> session.closeAfterViolation(Termination.TOO_LARGE, CloseCode.TOO_LARGE, "")))
            .isEqualTo("PM");
    }

    @Test
    void shouldSayThatAllRequestsWereBad() {
        assertThat(endOf(session -> {
            for (int i = 0; i < 60; i++) {
                session.onRequestRejected(new RequestException(ErrorCode.BAD_JSON, null, "no JSON", null));
                rig.thread.advanceMs(100);
            }
        })).isEqualTo("PR");
    }

    @Test
    void shouldSayThatTheClientFloodedTheRelay() {
        assertThat(endOf(session -> {
            for (int i = 0; i < 300; i++) {
                session.onTextPing();
            }
        })).isEqualTo("PQ");
    }

    @Test
    void shouldSayThatTheClientFellBehindAndAcceptsNoGap() {
        final SessionLimits limits = new SessionLimits(3, 10, 65_536, 20, 0, 60_000);
        rig = new ShardRig(limits, 4_096, 1 << 16,
            List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "trade", "event", false)));
        socket = rig.socket();
        assertThat(endOf(session -> {
            session.onRequest(new Request.Subscribe("1", "0", "trade", ShardRig.patterns("*"), true, null,
                SubscriptionOptions.of(Mode.ALL, -1, Overflow.CLOSE)));
            rig.thread.run();
            socket.takeOnly(3);
            for (int i = 0; i < 30_000; i++) {
                rig.tick("T.A");
            }
            socket.takeAll();
            session.onWritable();
        })).isEqualTo("PD");
    }

    @Test
    void shouldSayThatTheRelayStops() {
        assertThat(endOf(session -> new ShardProxy(rig.thread, rig.shard).drain(0))).isEqualTo("KS");
    }

    @Test
    void shouldSayThatTheTokenExpired() {
        final Identity client = client(rig.thread.epochUs(rig.thread.nowNs()) / 1_000 + 5_000);
        rig.shard.open(socket, WebSocketFormat.PLAIN, "10.0.0.1:7", client, "10.0.0.1:7");
        rig.thread.advanceMs(10_000);

        assertThat(rig.audited).last().asString().contains(" principal=desk-7 address=10.0.0.1:7 end=PE seconds=");
    }

    @Test
    void shouldSayThatTheKeyOfTheClientWasTakenAway() {
        final Products products = new Products(Map.of("all", new AuthConfig.Product(List.of(), List.of("*"))));
        final AccessControl control = new AccessControl("keys", token -> null, products, Clock.systemUTC());
        rig.shard.authenticate(control);
        rig.shard.open(socket, WebSocketFormat.PLAIN, "10.0.0.1:7", client(Principal.NEVER), "10.0.0.1:7");
        control.onChanged(held -> null);
        new ShardProxy(rig.thread, rig.shard).credentialsChanged();
        rig.thread.advanceMs(3_000);

        assertThat(rig.audited).last().asString().contains(" end=KE ");
    }

    @Test
    void shouldSayThatTheRelayFailedAtSending() {
        socket = new RecordingSocket(rig.thread, new Random(1)) {
            @Override
            public int write(final ByteBuffer source) throws IOException {
                throw new IllegalStateException("a fault of this test");
            }
        };
        assertThat(endOf(session -> session.onTextPing())).isEqualTo("ID");
    }

    /** What ends a session is what began its end: how the connection closes afterwards does not count. */
    @Test
    void shouldKeepTheFirstReason() {
        assertThat(endOf(session -> {
            session.close(Termination.BAD_REQUESTS);
            session.onDisconnected(Termination.CLIENT_GONE);
        })).isEqualTo("PR");
    }

    @Test
    void shouldSayHowLongASessionWasAndWhatItGot() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, "EURUSD");
        rig.tick("EURUSD", "EURUSD");
        rig.tick("EURUSD");
        rig.thread.advanceMs(1_500);
        session.onDisconnected(Termination.CLIENT_GONE);

        final long delivered = rig.counters.get(Counter.UPDATES_DELIVERED);
        assertThat(delivered).isPositive();
        assertThat(rig.audited).last().asString().endsWith(" updates=" + delivered + " bytes=" + socket.bytes())
            .containsPattern(" seconds=1\\.5\\d\\d ");
    }

    private String endOf(final Consumer<Session> course) {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        course.accept(session);
        rig.thread.advanceMs(3_000);
        assertThat(rig.shard.sessionCount()).isZero();
        assertThat(rig.audited).hasSize(2);
        return rig.audited.get(1).replaceAll(".* end=(..) .*", "$1");
    }

    private static Identity client(final long expiresAtMs) {
        final Products products = new Products(Map.of("all", new AuthConfig.Product(List.of(), List.of("*"))));
        return new Identity(new Principal("desk-7", Set.of("all"), 0, expiresAtMs, "test"), products.of(Set.of("all")));
    }
}
