package penstock.oracle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import penstock.audit.Termination;
import penstock.fanout.Session;
import penstock.fanout.Shard;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.frame.Transport;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;
import penstock.wire.request.RequestDecoder;

/**
 * One connection of a client in a simulation: a pipe of some bytes between the session and its reader, which reads
 * fast, slowly, or not at all, and which may be cut between any two bytes. One thread.
 */
public final class SimulatedSocket implements Transport {
    /** What a session may ask for. */
    public static final SessionLimits LIMITS = new SessionLimits(50, 5_000, 65_536, 1_000, 0, 60_000);
    static final RequestDecoder DECODER = new RequestDecoder(LIMITS);
    private static final int PIPE_BYTES = 1 << 14;
    private static final long EXPIRES_WITHIN_NS = 1_000_000_000L;
    private static final Sight ALL = new Sight(0, null, null, 0);

    /** Receives what the client reads. */
    public interface Reader {
        /** Bytes, valid during the call. */
        void onBytes(ByteBuffer bytes);

        /** There is nothing more to read: the relay has closed the connection. */
        void onEnd();
    }

    /**
     * What the client may be sent in frames that begin from a byte on.
     *
     * @param topics   null = all
     * @param reported the topics whose state may be reported, null = all: what the client might see when the write
     *                 began. A write that the socket takes in part ends with its control frames, even if the rights
     *                 change meanwhile: they have no update, and the denial follows. A frame with updates that the
     *                 socket had not begun to take is not sent any more
     * @param change   differs from that of an earlier one if the rights of the client may have changed since
     */
    record Sight(long fromByte, Set<MarketTopic> topics, Set<MarketTopic> reported, long change) {
        boolean permits(final MarketTopic topic) {
            return topics == null || topics.contains(topic);
        }

        boolean permitsReport(final MarketTopic topic) {
            return reported == null || reported.contains(topic);
        }
    }

    /** A shard, its thread, and what the world outside runs on. */
    public record Place(Timeline timeline, Timeline.Actor world, Timeline.Actor thread, Shard shard) {
    }

    private final Place place;
    private final Random random;
    private final Reader reader;
    private final ArrayDeque<String> unread = new ArrayDeque<>();
    private final int capacity;
    private final byte[] pipe = new byte[PIPE_BYTES];
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
    private final ArrayDeque<Sight> sights = new ArrayDeque<>();
    /** What the client might see when the last write began; its rest may follow later. */
    private Set<MarketTopic> atBegin = Set.of();
    private SimulatedPrincipal client;
    private Runnable onSessionEnd = () -> { };
    /** The token that counts. */
    private String token;
    private boolean isExpired;
    private long firstEndNs = Principal.NEVER;
    private long changes;

    /** Not open; {@code reader} receives what the client reads. */
    public SimulatedSocket(final Place place, final Random random, final Reader reader) {
        this.place = place;
        this.random = random;
        this.reader = reader;
        capacity = random.nextInt(4) == 0 ? 200 + random.nextInt(2_000) : PIPE_BYTES;
    }

    /** The relay accepts the connection of any client; {@code first}: the request of its address, or null. */
    public void open(final SessionFormat format, final Request first) {
        place.thread().execute(() -> begin(format, first, Identity.ANONYMOUS));
    }

    /** The client shows a token first. */
    void open(final SessionFormat format, final Request first, final SimulatedAccess access,
            final SimulatedPrincipal principal, final String firstToken) {
        client = principal;
        show(firstToken);
        place.thread().execute(() -> access.handshake(firstToken, place.thread(), () -> {
            final Identity identity = isCut ? null : access.identity(firstToken);
            if (identity == null) {
                close();
            } else {
                onSessionEnd = access.onSession(identity);
                begin(format, first, identity);
            }
        }));
    }

    private void begin(final SessionFormat format, final Request first, final Identity identity) {
        session = place.shard().open(this, format, "client", identity, "client");
        if (isCut) {
            disconnect();
        } else if (first != null) {
            session.onRequest(first);
        }
        takeRequests();
    }

    private void disconnect() {
        session.onDisconnected(Termination.CLIENT_GONE);
        onSessionEnd.run();
    }

    /** A token counts, before the relay has it; a second after its end the client is sent nothing any more. */
    void show(final String newToken) {
        token = newToken;
        final long expiresNs = SimulatedAccess.expiresNs(newToken);
        firstEndNs = Math.min(firstEndNs, expiresNs);
        if (expiresNs != Principal.NEVER) {
            // behind what the thread has to do, however late it is
            place.thread().executeAfter(() -> isExpired |= token.equals(newToken),
                expiresNs + EXPIRES_WITHIN_NS - place.timeline().nowNs());
        }
    }

    /** Whether a token of the client has expired. */
    boolean isTokenOver() {
        return place.timeline().nowNs() >= firstEndNs;
    }

    /** A request on its way, which others may overtake. */
    public void send(final String request) {
        place.thread().executeAfter(() -> take(request), random.nextInt(2_000_000));
    }

    /** A request that has arrived. */
    public void receive(final String request) {
        place.thread().execute(() -> take(request));
    }

    private void take(final String request) {
        if (!isClosed && !isCut) {
            unread.add(request);
            takeRequests();
        }
    }

    /** The answer to a ping. */
    public void pong() {
        place.thread().executeAfter(() -> {
            if (!isClosed && !isCut) {
                session.onPong();
            }
        }, random.nextInt(2_000_000));
    }

    private void takeRequests() {
        while (session != null && !isReadSuspended && !isClosed && !unread.isEmpty()) {
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
    public boolean isClear() {
        return used == 0 && !wantsWrites && !isPaused;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** The client reads nothing from now on. */
    public void pause() {
        isPaused = true;
    }

    /** The client reads that many bytes at a time. */
    public void readAt(final int bytes) {
        readBytes = bytes;
        isPaused = false;
        readSoon();
    }

    /** The client is gone, with what it has not read; the relay notices, or with {@code isSilent} it does not. */
    public void cut(final boolean isSilent) {
        if (used > 0 && !isPaused) {
            deliver(random.nextInt(used));
        }
        isCut = true;
        isPaused = true;
        if (!isSilent) {
            place.thread().executeAfter(() -> {
                if (!isClosed && session != null) {
                    disconnect();
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
        look();
        frames.get(pipe, used, count);
        used += count;
        written += count;
        readSoon();
        return count;
    }

    /** What is written now is what the client may see now. */
    private void look() {
        if (client == null) {
            return;
        }
        final long nowNs = place.timeline().nowNs();
        final Permission permission = client.permission;
        final Set<MarketTopic> topics = isExpired ? Set.of() : permission.topics(nowNs);
        changes = permission.isChanging(nowNs) ? changes + 1 : changes;
        final long change = changes + permission.changes(nowNs);
        // a blocked session sends nothing but the rest
        atBegin = wantsWrites ? atBegin : topics;
        final Sight last = sights.peekLast();
        if (last == null || last.topics != topics || last.reported != atBegin || last.change != change) {
            sights.add(new Sight(written, topics, atBegin, change));
        }
    }

    /** What a frame may show whose first byte is the one of that number, not below those asked for before. */
    Sight sight(final long firstByte) {
        if (client == null) {
            return ALL;
        }
        Sight present = sights.remove();
        while (!sights.isEmpty() && sights.peek().fromByte <= firstByte) {
            present = sights.remove();
        }
        sights.addFirst(present);
        return present;
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
        final ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(pipe, count));
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
        if (!isClosed) {
            onSessionEnd.run();
        }
        isClosed = true;
        readSoon();
    }
}
