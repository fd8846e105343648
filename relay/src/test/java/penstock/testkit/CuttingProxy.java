package penstock.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/**
 * A TCP proxy on loopback that cuts every connection at a random byte of what the target or the client sends: within
 * the handshake, within a frame, between two. Half of the cuts are resets, which may lose bytes that arrived before.
 * Each connection has two threads; any thread may end the cuts.
 */
public final class CuttingProxy implements Closeable {
    private static final int CHUNK = 16_384;
    /** Handshake and welcome take about this much. */
    private static final int OPENING_BYTES = 1_024;
    /** 16 KiB at most. */
    private static final int MOST_DOUBLINGS = 4;
    private static final int REQUEST_BYTES = 1_500;

    private final int targetPort;
    private final Random random;
    private final LoopbackServer server;
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean isCutting = true;

    /** Passes connections on to a port of this machine; {@code random} decides where they end. */
    public CuttingProxy(final int targetPort, final Random random) throws IOException {
        this.targetPort = targetPort;
        this.random = random;
        server = new LoopbackServer(ServerSocketFactory.getDefault(), this::serve);
    }

    /** Where it listens. */
    public int port() {
        return server.port();
    }

    /** Connections that were cut so far. */
    public int cuts() {
        return cuts.get();
    }

    /** From now on no connection is cut, not even one that has passed its byte. */
    public void stopCutting() {
        isCutting = false;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(final Socket client) {
        final long upLimit;
        final long downLimit;
        final boolean isReset;
        synchronized (random) {
            // what a client sends ends: a limit of the other direction is needed in any case
            upLimit = random.nextInt(8) == 0 ? random.nextInt(REQUEST_BYTES) : Long.MAX_VALUE;
            downLimit = random.nextInt(4) == 0 ? random.nextInt(OPENING_BYTES)
                : (long) (OPENING_BYTES * Math.pow(2, random.nextDouble() * MOST_DOUBLINGS));
            isReset = random.nextBoolean();
        }
        try (client; Socket target = new Socket(InetAddress.getByName("127.0.0.1"), targetPort)) {
            final Thread up = new Thread(() -> pass(client, target, upLimit, isReset), "cutting-proxy");
            up.setDaemon(true);
            up.start();
            pass(target, client, downLimit, isReset);
            up.join();
        } catch (final IOException e) {
            // the target is gone, and with it the client
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes bytes on until the connection ends or has passed {@code limit} of them. */
    private void pass(final Socket from, final Socket to, final long limit, final boolean isReset) {
        final byte[] buffer = new byte[CHUNK];
        long left = limit;
        try {
            final InputStream in = from.getInputStream();
            final OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (isCutting && count >= left) {
                    out.write(buffer, 0, (int) left);
                    cuts.incrementAndGet();
                    end(from, to, isReset);
                    return;
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        } catch (final IOException e) {
            // cut in the other direction
        }
        end(from, to, false);
    }

    private static void end(final Socket one, final Socket other, final boolean isReset) {
        for (final Socket each : new Socket[]{one, other}) {
            try {
                if (isReset) {
                    each.setSoLinger(true, 0);
                }
                each.close();
            } catch (final IOException e) {
                // it is closed in any case
            }
        }
    }
}
