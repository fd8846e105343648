package penstock.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;

/**
 * A TCP proxy on loopback that does what networks do: delays, slows down, cuts into small pieces, stalls, flips bits,
 * resets, refuses, or accepts and never answers. Faults apply to the bytes on their way and to new connections at
 * once; any thread sets them. Each direction of a connection has two threads.
 */
public final class FaultProxy implements Closeable {
    private static final int CHUNK = 16_384;
    private static final int WAITING_CHUNKS = 256;
    private static final long LOOK_NS = 5_000_000;

    /** What happens to the bytes of one direction; 0 = nothing. */
    public static final class Direction {
        public volatile long delayMs;
        public volatile long jitterMs;
        public volatile long bytesPerSecond;
        public volatile int slice;
        public volatile boolean isStalled;
        /** The chance of a piece to get one bit flipped. */
        public volatile double corrupt;

        /** Ends all faults of the direction. */
        public void clear() {
            delayMs = 0;
            jitterMs = 0;
            bytesPerSecond = 0;
            slice = 0;
            isStalled = false;
            corrupt = 0;
        }
    }

    private record Chunk(long dueNs, byte[] bytes) {
    }

    private record Pair(Socket client, Socket target) {
    }

    /** From the client to the target. */
    public final Direction up = new Direction();
    /** From the target to the client. */
    public final Direction down = new Direction();
    /** Connections so far, those that were refused included. */
    public final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean isRefusing;
    private volatile boolean isHanging;
    private volatile int targetPort;
    private final Random random;
    private final LoopbackServer server;
    private final ConcurrentLinkedQueue<Pair> pairs = new ConcurrentLinkedQueue<>();

    /** Passes connections on to a port of this machine; {@code random} decides jitter and bits. */
    public FaultProxy(final int targetPort, final Random random) throws IOException {
        this(ServerSocketFactory.getDefault(), targetPort, random);
    }

    /** The same on sockets of {@code factory}: one of TLS makes it the end of TLS. */
    public FaultProxy(final ServerSocketFactory factory, final int targetPort, final Random random)
            throws IOException {
        this.targetPort = targetPort;
        this.random = random;
        server = new LoopbackServer(factory, this::serve);
    }

    /** Where it listens. */
    public int port() {
        return server.port();
    }

    /** New connections go to another port. */
    public void target(final int port) {
        targetPort = port;
    }

    /** New connections are reset at once. */
    public void refuse(final boolean isOn) {
        isRefusing = isOn;
    }

    /** New connections are accepted and never answered. */
    public void hang(final boolean isOn) {
        isHanging = isOn;
    }

    /** Resets every connection on both sides. */
    public void reset() throws IOException {
        for (final Pair pair : pairs) {
            resetWhenClosed(pair.client);
            resetWhenClosed(pair.target);
            end(pair);
        }
    }

    private static void resetWhenClosed(final Socket socket) throws IOException {
        try {
            socket.setSoLinger(true, 0);
        } catch (final SocketException e) {
            // one that has ended meanwhile is left as it is
            if (!socket.isClosed()) {
                throw e;
            }
        }
    }

    /** Ends every connection on both sides in order. */
    public void finish() throws IOException {
        for (final Pair pair : pairs) {
            end(pair);
        }
    }

    /** Sends bytes of its own to every client, in the middle of what comes from the target. */
    public void inject(final byte[] bytes) {
        for (final Pair pair : pairs) {
            try {
                pair.client.getOutputStream().write(bytes);
            } catch (final IOException gone) {
                // the client closes a connection that the injection before has spoiled
                continue;
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        finish();
    }

    private void serve(final Socket client) {
        accepted.incrementAndGet();
        try {
            if (isRefusing) {
                client.setSoLinger(true, 0);
                client.close();
                return;
            }
            while (isHanging && !client.isClosed()) {
                LockSupport.parkNanos(LOOK_NS);
            }
            final Pair pair = new Pair(client, new Socket(InetAddress.getByName("127.0.0.1"), targetPort));
            pairs.add(pair);
            final List<Thread> threads = List.of(pump(pair, true), pump(pair, false));
            for (final Thread thread : threads) {
                thread.join();
            }
            end(pair);
        } catch (final IOException e) {
            LoopbackServer.start(() -> closeQuietly(client));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread pump(final Pair pair, final boolean isUp) {
        final BlockingQueue<Chunk> waiting = new LinkedBlockingQueue<>(WAITING_CHUNKS);
        final Direction direction = isUp ? up : down;
        final Thread reader = new Thread(() -> read(isUp ? pair.client : pair.target, direction, waiting), "proxy-in");
        reader.setDaemon(true);
        reader.start();
        final Thread writer =
            new Thread(() -> write(isUp ? pair.target : pair.client, direction, waiting), "proxy-out");
        writer.setDaemon(true);
        writer.start();
        return writer;
    }

    private void read(final Socket from, final Direction direction, final BlockingQueue<Chunk> waiting) {
        final byte[] buffer = new byte[CHUNK];
        long lastNs = Long.MIN_VALUE;
        try {
            int count;
            do {
                // what is not read fills the sender's socket
                awaitFlow(direction, from);
                count = from.getInputStream().read(buffer);
                final long delayMs = direction.delayMs
                    + (direction.jitterMs == 0 ? 0 : (long) (random.nextDouble() * direction.jitterMs));
                final long dueNs = System.nanoTime() + delayMs * 1_000_000;
                // never out of order
                lastNs = lastNs == Long.MIN_VALUE ? dueNs : Math.max(lastNs, dueNs);
                waiting.put(new Chunk(lastNs, count < 0 ? null : Arrays.copyOf(buffer, count)));
            } while (count >= 0);
        } catch (final IOException e) {
            waiting.clear();
            waiting.offer(new Chunk(0, null));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(final Socket to, final Direction direction, final BlockingQueue<Chunk> waiting) {
        try {
            Chunk chunk = waiting.take();
            while (chunk.bytes != null) {
                awaitFlow(direction, to);
                while (System.nanoTime() - chunk.dueNs < 0) {
                    LockSupport.parkNanos(chunk.dueNs - System.nanoTime());
                }
                writeSlices(to, direction, chunk.bytes);
                chunk = waiting.take();
            }
            to.shutdownOutput();
        } catch (final IOException | UnsupportedOperationException e) {
            closeQuietly(to);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeSlices(final Socket to, final Direction direction, final byte[] bytes) throws IOException {
        final int slice = direction.slice == 0 ? bytes.length : direction.slice;
        for (int i = 0; i < bytes.length; i += slice) {
            final int count = Math.min(slice, bytes.length - i);
            if (direction.corrupt > 0 && random.nextDouble() < direction.corrupt) {
                bytes[i + random.nextInt(count)] ^= (byte) (1 << random.nextInt(8));
            }
            to.getOutputStream().write(bytes, i, count);
            if (direction.bytesPerSecond > 0) {
                LockSupport.parkNanos(count * 1_000_000_000L / direction.bytesPerSecond);
            }
        }
    }

    private static void awaitFlow(final Direction direction, final Socket socket) {
        while (direction.isStalled && !socket.isClosed()) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private void end(final Pair pair) {
        pairs.remove(pair);
        closeQuietly(pair.client);
        closeQuietly(pair.target);
    }

    private static void closeQuietly(final Socket socket) {
        try {
            socket.close();
        } catch (final IOException e) {
            // it is closed in any case
        }
    }
}
