package penstock.supervisor;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The supervisor's end of {@code NOTIFY_SOCKET}: a Unix datagram socket of the C library. One thread. */
public final class NotifyReceiver implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final long WAIT_US = 50_000;

    static {
        Native.register("c");
    }

    private final int descriptor;

    /** Binds it to a path; one that begins with {@code @} is in the abstract namespace. */
    public NotifyReceiver(final String path) {
        final byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name[0] == '@') {
            name[0] = 0;
        }
        final byte[] address = ByteBuffer.allocate(2 + name.length).order(ByteOrder.nativeOrder())
            .putShort((short) AF_UNIX).put(name).array();
        descriptor = socket(AF_UNIX, SOCK_DGRAM, 0);
        bind(descriptor, address, address.length);
        // struct timeval: seconds, parts of them
        final byte[] wait = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder()).putLong(0).putLong(WAIT_US).array();
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, wait, wait.length);
    }

    /** Binds it to a file. */
    public NotifyReceiver(final Path file) {
        this(file.toString());
    }

    /** The next message; null if none comes within 50 ms. */
    public String poll() {
        final byte[] buffer = new byte[4_096];
        try {
            final int length = (int) recv(descriptor, buffer, buffer.length, 0);
            return new String(buffer, 0, length, StandardCharsets.UTF_8);
        } catch (final LastErrorException nothing) {
            return null;
        }
    }

    @Override
    public void close() {
        close(descriptor);
    }

    private static native int socket(int domain, int type, int protocol) throws LastErrorException;

    private static native int bind(int socket, byte[] address, int length) throws LastErrorException;

    private static native int setsockopt(int socket, int level, int option, byte[] value, int length)
            throws LastErrorException;

    private static native long recv(int socket, byte[] buffer, long length, int flags) throws LastErrorException;

    private static native int close(int socket) throws LastErrorException;
}
