package penstock.testkit;

import java.util.Random;
import penstock.fanout.format.BinaryFormat;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.RowsFormat;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.server.deflate.DeflateFormat;
import penstock.server.deflate.SharedFrameCompressor;
import penstock.server.raw.RawFormat;
import penstock.telemetry.Counters;

/** The formats of WebSocket sessions that one shard serves. Used by one thread. */
public final class WebSocketFormats {
    /** The venue's payloads, not compressed. */
    public static final SessionFormat RAW = new RawFormat(WebSocketFormat.PLAIN);

    private final SharedFrameCompressor compressor;

    /** {@code counters}: of the shard. */
    public WebSocketFormats(final Counters counters) {
        compressor = new SharedFrameCompressor(counters);
    }

    /** JSON, rows or binary, as chance decides. */
    public static SessionFormat any(final FrameFormat frames, final Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> frames;
            case 1 -> new RowsFormat(frames);
            default -> new BinaryFormat(frames);
        };
    }

    /** Compressed for a window of 8 to 15 bits; 0: not compressed. */
    public FrameFormat of(final int windowBits) {
        return windowBits == 0 ? WebSocketFormat.PLAIN : new DeflateFormat(compressor, windowBits);
    }
}
