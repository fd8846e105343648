package penstock.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The socket of one session, as its shard sees it. Every method is called on the shard's io thread and none blocks.
 */
public interface Transport {
    /** Takes what the socket has room for from {@code frames} (direct, position to limit); returns the bytes taken. */
    int write(ByteBuffer frames) throws IOException;

    /** Bytes that the kernel may hold of what was written, as configured. */
    int sendBufferBytes();

    /** From now on the kernel may hold so many; what it holds already stays. */
    void sendBufferBytes(int bytes);

    /** Asks for {@link Session#onWritable()} as soon as the socket takes bytes. */
    void resumeWrites();

    /** Ends what {@link #resumeWrites()} began. */
    void suspendWrites();

    /** Stops reading requests: the client does not take its answers. */
    void suspendReads();

    /** Reads requests again. */
    void resumeReads();

    /** Closes the connection at once, without a Close frame. Does not call the session back. */
    void close();
}
