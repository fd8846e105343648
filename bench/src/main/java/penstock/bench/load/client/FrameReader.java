package penstock.bench.load.client;

import java.nio.ByteBuffer;

/** Reads the text frames that a swarm receives. Called on the swarm's thread; must not keep the buffer. */
public interface FrameReader {
    /** One text frame, its payload at {@code from} up to {@code to}. */
    void onText(SwarmSession session, ByteBuffer buffer, int from, int to, long nowNs);
}
