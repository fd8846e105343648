package penstock.bench.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.bench.load.feed.PacedFeed;
import penstock.websocket.FrameWriter;
import penstock.websocket.Opcode;

/** What a swarm counts and times, bare or in an envelope, and for every place where a read may end. */
class UpdateScanTest {
    private static final long NOW_NS = 9_000;

    private final UpdateStats stats = new UpdateStats();
    private final SwarmState swarm = new SwarmState();
    private SwarmSession session;

    @BeforeEach
    void open() throws Exception {
        session = new SwarmSession(swarm, new UpdateScan(), SocketChannel.open(),
            ClientOptions.of("/", null, stats), null);
        session.received(
            buffer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".getBytes(
            StandardCharsets.US_ASCII)), 0);
        stats.open(0, NOW_NS + 1);
    }

    @AfterEach
    void close() throws Exception {
        session.channel().close();
    }

    @Test
    void shouldCountBareUpdates() throws Exception {
        read(frame(update(3, 1, 1_000)), frame(update(4, 1, 2_000)), frame(update(3, 2, 3_000)));
        assertThat(stats.updates()).isEqualTo(3);
        assertThat(stats.skipped()).isZero();
        assertThat(stats.disordered()).isZero();
        assertThat(stats.latencies().getTotalCount()).isEqualTo(3);
        assertThat(stats.latencies().getMaxValue()).isBetween(8_000L, 8_010L);
        assertThat(session.newest(3)).isEqualTo(2);
        assertThat(session.newest(99)).isZero();
    }

    @Test
    void shouldCountSeveralUpdatesInOneEnvelopeAndTheConflatedOnes() throws Exception {
        read(frame(envelope("snapshot", entry(3, 7, 0))));
        assertThat(session.isSnapshotSeen).isTrue();
        assertThat(stats.updates()).as("images are none").isZero();
        read(frame(envelope("update", entry(3, 8, 0), entry(4, 100, 0))),
            frame(envelope("update", entry(4, 104, 3), entry(3, 20, 11))));
        assertThat(stats.updates()).isEqualTo(4);
        assertThat(stats.conflated()).isEqualTo(14);
        assertThat(stats.skipped()).isEqualTo(14);
        assertThat(stats.disordered()).isZero();
    }

    @Test
    void shouldNoticeMissingAndLateUpdates() throws Exception {
        read(frame(update(3, 1, 1_000)), frame(update(3, 4, 1_000)), frame(update(3, 2, 1_000)),
            frame(update(3, 2, 1_000)));
        assertThat(stats.skipped()).isEqualTo(2);
        assertThat(stats.disordered()).isEqualTo(2);
    }

    @Test
    void shouldCountGapsAndSkipOtherMessages() throws Exception {
        read(frame("{\"type\":\"gap\",\"sub\":\"0\",\"p\":99,\"missed\":812}"),
            frame("{\"type\":\"heartbeat\",\"ts\":1,\"feed\":\"live\",\"p\":9}"),
            frame("{\"type\":\"status\",\"scope\":\"feed\",\"state\":\"live\"}"), frame("{\"status\":\"ok\"}"),
            frame("{}"));
        assertThat(stats.gaps()).isOne();
        assertThat(stats.missed()).isEqualTo(812);
        assertThat(stats.updates()).isZero();
    }

    @Test
    void shouldFailOnAnErrorOfTheRelay() {
        assertThatThrownBy(() -> read(frame("{\"type\":\"error\",\"code\":\"bad_interval\"}")))
            .hasMessageContaining("bad_interval");
    }

    @Test
    void shouldCountTheSameForEveryPlaceWhereAReadEnds() throws Exception {
        final byte[] all = join(frame(update(3, 1, 1_000)), frame(envelope("update", entry(3, 2, 0), entry(3, 5, 2))),
            frame("{\"pad\":\"" + "x".repeat(70_000) + "\"}"), frame(update(3, 6, 1_000)));
        for (int step = 1; step < 400; step += 13) {
            stats.open(0, NOW_NS + 1);
            session = new SwarmSession(swarm, new UpdateScan(), session.channel(), session.options, null);
            session.received(buffer("HTTP/1.1 101 x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)), 0);
            // the long frame at once: it is not what this is about
            for (int at = 0; at < all.length; ) {
                final int count =
                    Math.min(all.length - at, at < 700 || all.length - at < 400 ? step : all.length - at - 300);
                final ByteBuffer target = ByteBuffer.allocateDirect(1 << 17);
                session.putTail(target);
                session.received(target.put(all, at, count).flip(), NOW_NS);
                at += count;
            }
            assertThat(stats.updates()).as("reads of %d bytes", step).isEqualTo(4);
            assertThat(stats.skipped()).as("reads of %d bytes", step).isEqualTo(2);
            assertThat(stats.conflated()).as("reads of %d bytes", step).isEqualTo(2);
        }
    }

    private void read(final byte[]... frames) throws Exception {
        session.received(buffer(join(frames)), NOW_NS);
    }

    private static String envelope(final String type, final String... entries) {
        return "{\"type\":\"" + type + "\",\"sub\":\"0\",\"ts\":1795197922988014,\"p\":12,\"data\":["
            + String.join(",", entries) + "]}";
    }

    private static String entry(final int symbol, final int n, final int conflated) {
        return "{\"s\":\"" + PacedFeed.symbol(symbol) + "\",\"q\":" + n + (conflated > 0 ? ",\"c\":" + conflated : "")
            + ",\"v\":"
            + update(symbol, n, 5_000) + "}";
    }

    private static String update(final int symbol, final int n, final long dueNs) {
        return "{\"symbol\":\"" + PacedFeed.symbol(symbol)
            + "\",\"e\":\"quote\",\"bid\":1.08411,\"ask\":1.08413,\"mid\":1.08412,\"ns\":"
            + dueNs + ",\"n\":" + n + "}";
    }

    private static byte[] frame(final String text) {
        final byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        final ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        FrameWriter.putFrame(frame, Opcode.TEXT, payload, 0, payload.length);
        final byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    private static byte[] join(final byte[]... frames) {
        final ByteBuffer joined = ByteBuffer.allocate(Arrays.stream(frames).mapToInt(frame -> frame.length).sum());
        Arrays.stream(frames).forEach(joined::put);
        return joined.array();
    }

    private static ByteBuffer buffer(final byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
