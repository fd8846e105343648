package penstock.oracle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Random;
import penstock.audit.Termination;
import penstock.fanout.Session;
import penstock.fanout.Shard;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.frame.Transport;
import penstock.identity.Identity;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.request.RequestDecoder;

/**
 * One connection of a client in a simulation: a pipe of some bytes between the session and its reader, which reads
 * fast, slowly, or not at all, and which may be cut between any two bytes. One thread.
 */
final class SimulatedSocket implements Transport {
    static final SessionLimits LIMITS = new SessionLimits(50, 5_000, 65_536, 1_000, 0, 60_000);
    private static final RequestDecoder DECODER = new RequestDecoder(LIMITS);
    private static final int PIPE_BYTES = 1 << 14;

    /** Receives what the client reads. */
    interface Reader {
        /** Bytes, valid during the call. */
        void onBytes(ByteBuffer bytes);

        /** There is nothing more to read: the relay has closed the connection. */
        void onEnd();
    }

    /** A shard, its thread, and what the world outside runs on. */
    record Place(Timeline timeline, Timeline.Actor world, Timeline.Actor thread, Shard shard) {
    }

    private final Place place;
    private final Random random;
    private final Reader reader;
    private final ArrayDeque<String> unread = new ArrayDeque<>();
    private final int capacity;
    private byte[] pipe = new byte[PIPE_BYTES];
    private int used;
    private Session session;
    private boolean wantsWrites;
    private boolean isReadSuspended;
    private boolean isWritableSoon;
    private boolean isReadingSoon;
    /** The relay has closed it. */
    private boolean isClosed;
    /** The client is gone. */
    private boolean isCut;
    private boolean isPaused;
    /** Bytes that the client reads at a time. */
    private int readBytes = Integer.MAX_VALUE;
    private long read;
    private long written;

    SimulatedSocket(final Place place, final Random random, final Reader reader) {
        this.place = place;
        this.random = random;
        this.reader = reader;
        capacity = random.nextInt(4) == 0 ? 200 + random.nextInt(2_000) : PIPE_BYTES;
    }

    /** The relay accepts the connection. */
    void open(final SessionFormat format, final Identity identity) {
        place.thread().execute(() -> {
            session = place.shard().open(this, format, "client", identity);
            if (isCut) {
                session.onDisconnected(Termination.CLIENT_GONE);
            }
        });
    }

    /** A request on its way. */
    void send(final String request) {
        place.thread().executeAfter(() -> {
            if (!isClosed && !isCut) {
                unread.add(request);
                takeRequests();
            }
        }, random.nextInt(2_000_000));
    }

    void pong() {
        place.thread().executeAfter(() -> {
            if (!isClosed && !isCut) {
                session.onPong();
            }
        }, random.nextInt(2_000_000));
    }

    private void takeRequests() {
        while (!isReadSuspended && !isClosed && !unread.isEmpty()) {
            final byte[] bytes = unread.remove().getBytes(StandardCharsets.UTF_8);
            try {
                session.onRequest(DECODER.decode(bytes, 0, bytes.length));
            } catch (final RequestException e) {
                session.onRequestRejected(e);
            }
            place.shard().runOverdueTurn();
        }
    }

    /** Bytes that the session has written. */
    long written() {
        return written;
    }

    /** Bytes that the client has read. */
    long read() {
        return read;
    }

    /** Whether the client has read everything that it was sent. */
    boolean isClear() {
        return used == 0 && !wantsWrites && !isPaused;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** The client reads nothing from now on. */
    void pause() {
        isPaused = true;
    }

    /** The client reads that many bytes at a time. */
    void readAt(final int bytes) {
        readBytes = bytes;
        isPaused = false;
        readSoon();
    }

    /** The client is gone, with what it has not read; the relay notices, or with {@code isSilent} it does not. */
    void cut(final boolean isSilent) {
        if (used > 0 && !isPaused) {
            deliver(random.nextInt(used));
        }
        isCut = true;
        isPaused = true;
        if (!isSilent) {
            place.thread().executeAfter(() -> {
                if (!isClosed && session != null) {
                    session.onDisconnected(Termination.CLIENT_GONE);
                }
            }, random.nextInt(30_000_000));
        }
    }

    @Override
    public int write(final ByteBuffer frames) throws IOException {
        if (isClosed) {
            throw new IOException("closed");
        }
        int count = Math.min(frames.remaining(), capacity - used);
        if (count > 0 && random.nextInt(8) == 0) {
            count = random.nextInt(count + 1);
        }
        frames.get(pipe, used, count);
        used += count;
        written += count;
        readSoon();
        return count;
    }

    private void readSoon() {
        if (!isReadingSoon && !isPaused && (used > 0 || isClosed)) {
            isReadingSoon = true;
            place.world().executeAfter(this::readNow, readBytes == Integer.MAX_VALUE ? random.nextInt(500_000)
                : 10_000_000);
        }
    }

    private void readNow() {
        isReadingSoon = false;
        if (isPaused) {
            return;
        }
        deliver(Math.min(used, readBytes));
        if (used > 0) {
            readSoon();
        } else if (isClosed && !isCut) {
            isCut = true;
            reader.onEnd();
        }
    }

    private void deliver(final int count) {
        final ByteBuffer bytes = ByteBuffer.wrap(pipe.clone(), 0, count);
        System.arraycopy(pipe, count, pipe, 0, used - count);
        used -= count;
        read += count;
        if (wantsWrites) {
            writableSoon();
        }
        reader.onBytes(bytes);
    }

    private void writableSoon() {
        if (!isWritableSoon && !isClosed) {
            isWritableSoon = true;
            place.thread().execute(() -> {
                isWritableSoon = false;
                if (wantsWrites && !isClosed && used < capacity) {
                    session.onWritable();
                    if (wantsWrites && !isClosed && used < capacity) {
                        writableSoon();
                    }
                }
            });
        }
    }

    @Override
    public int sendBufferBytes() {
        return capacity;
    }

    @Override
    public void sendBufferBytes(final int bytes) {
        // the pipe keeps its size
    }

    @Override
    public void resumeWrites() {
        wantsWrites = true;
        if (used < capacity) {
            writableSoon();
        }
    }

    @Override
    public void suspendWrites() {
        wantsWrites = false;
    }

    @Override
    public void suspendReads() {
        isReadSuspended = true;
    }

    @Override
    public void resumeReads() {
        isReadSuspended = false;
        place.thread().execute(this::takeRequests);
    }

    @Override
    public void close() {
        isClosed = true;
        readSoon();
    }
}
