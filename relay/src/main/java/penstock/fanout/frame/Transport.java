package penstock.fanout.frame;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The socket of one session. The shard calls each method on its io thread; none blocks. */
public interface Transport {
    /** Takes what the socket has room for from {@code frames} (direct, position to limit); returns the bytes taken. */
    int write(ByteBuffer frames) throws IOException;

    /** How many written bytes the kernel may buffer, as configured. */
    int sendBufferBytes();

    /** Sets how many bytes the kernel may buffer from now on; bytes that it has already stay. */
    void sendBufferBytes(int bytes);

    /** Asks for a call of the session as soon as the socket takes bytes. */
    void resumeWrites();

    /** Ends what {@link #resumeWrites()} began. */
    void suspendWrites();

    /** Stops reading requests: the client does not read its replies. */
    void suspendReads();

    /** Reads requests again. */
    void resumeReads();

    /** Closes the connection at once, without a Close frame. Does not call the session back. */
    void close();
}
