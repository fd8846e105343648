package penstock.bench.load.client;

import java.nio.ByteBuffer;

/** What a fleet makes of the text frames that come. Called on the fleet's thread; must not keep the buffer. */
public interface FrameReader {
    /** One text frame, its payload at {@code from} up to {@code to}. */
    void onText(SwarmSession session, ByteBuffer buffer, int from, int to, long nowNs);
}
