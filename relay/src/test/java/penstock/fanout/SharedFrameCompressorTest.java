package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.server.deflate.SharedFrameCompressor;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.testkit.Inflated;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.WebSocketFormats;

class SharedFrameCompressorTest {
    private static final String[] SYMBOLS =
        {"EURUSD", "GBPUSD", "USDJPY", "AUDUSD", "USDCHF", "NZDUSD", "EURGBP", "EURJPY"};

    private final ShardRig rig = new ShardRig();
    private final WebSocketFormats formats = new WebSocketFormats(rig.counters);
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldCompressAFrameOfSeveralSessionsOnce() {
        final List<RecordingSocket> sockets = List.of(open(15), open(15), open(15), open(8));
        final RecordingSocket plain = open(0);
        rig.tick(SYMBOLS);
        final long before = rig.counters.get(Counter.FRAMES_SHARED);
        final long deflated = rig.counters.get(Counter.FRAMES_DEFLATED);
        sockets.forEach(ShardRig::texts);
        ShardRig.texts(plain);
        rig.tick(SYMBOLS);
        assertThat(rig.counters.get(Counter.FRAMES_DEFLATED) - deflated).isEqualTo(4);
        assertThat(rig.counters.get(Counter.FRAMES_SHARED) - before).isEqualTo(2);
        final List<String> texts = ShardRig.texts(plain);
        assertThat(texts).hasSize(1);
        assertThat(plain.compressed()).isZero();
        for (final RecordingSocket socket : sockets) {
            assertThat(ShardRig.texts(socket)).isEqualTo(texts);
            assertThat(socket.compressed()).isPositive();
        }
        assertThat(rig.counters.get(Counter.DEFLATE_BYTES_OUT)).isPositive()
            .isLessThan(rig.counters.get(Counter.DEFLATE_BYTES_IN));
    }

    @Test
    void shouldNotCompressSmallFrames() {
        final RecordingSocket socket = open(15);
        final int before = socket.compressed();
        ShardRig.texts(socket);
        rig.tick("EURUSD");
        assertThat(ShardRig.texts(socket)).hasSize(1);
        assertThat(socket.compressed()).isEqualTo(before);
    }

    @Test
    void shouldCompressRawPayloads() {
        final SharedFrameCompressor compressor = new SharedFrameCompressor(rig.counters);
        final byte[] payload = "{\"s\":\"EURUSD\",\"bid\":1.1}".repeat(40).getBytes(StandardCharsets.UTF_8);
        assertThat(inflated(compressor.compress(payload, payload.length, 15), payload.length)).isEqualTo(payload);
    }

    @Test
    void shouldRestoreEachMessageAfterAnyNumberOfOthers() {
        final Random random = seeds.random();
        final Counters counters = new Counters("fanout-0");
        final SharedFrameCompressor compressor = new SharedFrameCompressor(counters);
        final byte[][] recent = new byte[40][];
        for (int i = 0; i < 3000; i++) {
            final int at = random.nextInt(recent.length);
            if (recent[at] == null || random.nextInt(3) == 0) {
                recent[at] = message(random);
            }
            final ByteBuffer compressed = compressor.compress(recent[at], recent[at].length, 8 + random.nextInt(8));
            if (compressed != null) {
                assertThat(compressed.remaining()).isLessThan(recent[at].length);
                assertThat(inflated(compressed, recent[at].length)).as("message " + i)
                    .isEqualTo(recent[at]);
            }
        }
        assertThat(counters.get(Counter.FRAMES_SHARED)).isPositive();
        assertThat(counters.get(Counter.FRAMES_DEFLATED)).isGreaterThan(counters.get(Counter.FRAMES_SHARED));
    }

    @Test
    void shouldNotCompressSmallLargeOrRandomMessages() {
        final SharedFrameCompressor compressor = new SharedFrameCompressor(rig.counters);
        final byte[] bytes = new byte[SharedFrameCompressor.MAX_BYTES + 1];
        assertThat(compressor.compress(bytes, SharedFrameCompressor.MIN_BYTES - 1, 15)).isNull();
        assertThat(compressor.compress(bytes, SharedFrameCompressor.MAX_BYTES + 1, 15)).isNull();
        assertThat(compressor.compress(bytes, SharedFrameCompressor.MAX_BYTES, 15)).isNotNull();
        seeds.random().nextBytes(bytes);
        assertThat(compressor.compress(bytes, 5000, 15)).isNull();
        assertThat(compressor.compress(bytes, 5000, 15)).isNull();
    }

    /** Small and large, texts and noise. */
    private static byte[] message(final Random random) {
        final byte[] bytes =
            new byte[random.nextInt(20) == 0 ? 1 + random.nextInt(250_000) : 200 + random.nextInt(6000)];
        final int kinds = random.nextInt(8) == 0 ? 256 : 12;
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (' ' + random.nextInt(kinds));
        }
        return bytes;
    }

    private static byte[] inflated(final ByteBuffer compressed, final int length) {
        final byte[] bytes = new byte[compressed.remaining()];
        compressed.get(bytes);
        return Inflated.bytes(bytes, length);
    }

    private RecordingSocket open(final int windowBits) {
        final RecordingSocket socket = rig.socket();
        final Session session = rig.shard.open(socket, formats.of(windowBits), "test");
        rig.subscribe(session, "0", 0, "*");
        return socket;
    }
}
