package penstock.supervisor;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The Unix datagram socket of a supervisor, as {@code sd_notify(3)} defines it: Java has Unix sockets for streams only.
 * A message never blocks; one that finds no room is lost. Owned by one thread.
 */
final class NotifySocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    /** SOCK_DGRAM, SOCK_CLOEXEC and SOCK_NONBLOCK of Linux. */
    private static final int DATAGRAMS = 2 | 02000000 | 04000;
    /** Without it a supervisor that is gone would end the process. */
    private static final int MSG_NOSIGNAL = 0x4000;
    /** The address of {@code sockaddr_un}: a family of two bytes, and a path. */
    private static final int FAMILY_BYTES = 2;
    private static final int MAX_PATH_BYTES = 108;

    private final int descriptor;

    /**
     * Connects to the socket at {@code path}; a path that begins with {@code @} is in the abstract namespace.
     *
     * @throws IOException if there is no such socket, or the C library cannot be called here
     */
    NotifySocket(final String path) throws IOException {
        final byte[] address = address(path);
        try {
            descriptor = CLibrary.socket(AF_UNIX, DATAGRAMS, 0);
            try {
                CLibrary.connect(descriptor, address, address.length);
            } catch (final LastErrorException e) {
                CLibrary.close(descriptor);
                throw e;
            }
        } catch (final LastErrorException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        } catch (final LinkageError e) {
            throw new IOException("the C library cannot be called: " + e, e);
        }
    }

    /** False if the message is lost. */
    boolean send(final String message) {
        final byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        try {
            return CLibrary.send(descriptor, bytes, bytes.length, MSG_NOSIGNAL) == bytes.length;
        } catch (final LastErrorException e) {
            return false;
        }
    }

    @Override
    public void close() {
        CLibrary.close(descriptor);
    }

    private static byte[] address(final String path) throws IOException {
        final byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length < 2 || name.length >= MAX_PATH_BYTES || name[0] != '/' && name[0] != '@') {
            throw new IOException("NOTIFY_SOCKET must be a path like /run/notify or @name, got " + path);
        }
        final byte[] address = new byte[FAMILY_BYTES + name.length];
        ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).putShort((short) AF_UNIX);
        System.arraycopy(name, 0, address, FAMILY_BYTES, name.length);
        if (name[0] == '@') {
            address[FAMILY_BYTES] = 0;
        }
        return address;
    }

    /** Loaded with the first socket, so a relay without a supervisor loads no native code. */
    private static final class CLibrary {
        static {
            Native.register("c");
        }

        private static native int socket(int domain, int type, int protocol) throws LastErrorException;

        private static native int connect(int socket, byte[] address, int length) throws LastErrorException;

        private static native int send(int socket, byte[] bytes, long length, int flags) throws LastErrorException;

        private static native int close(int socket) throws LastErrorException;
    }
}
