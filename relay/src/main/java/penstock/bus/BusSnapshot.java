package penstock.bus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import penstock.audit.Termination;
import penstock.fanout.Session;
import penstock.fanout.Shard;
import penstock.fanout.format.BinaryFormat;
import penstock.identity.Identity;
import penstock.nats.NatsConnection;
import penstock.thread.ThreadOwner;
import penstock.topic.Channel;
import penstock.websocket.Opcode;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.request.Request;

/**
 * A snapshot of a partition for those who asked for it: a session of its own that ends with the last image. Owned by
 * the shard's io thread.
 */
final class BusSnapshot extends BusTransport {
    /** A reader does not wait so long. */
    private static final long WITHIN_NS = 20_000_000_000L;
    /** The reply to the request behind all others: no image is asked for any more. */
    private static final byte[] PONG = "{\"type\":\"pong\"".getBytes(StandardCharsets.US_ASCII);

    private final ThreadOwner owner = new ThreadOwner();
    private final BusStream stream;
    private final NatsConnection connection;
    private final List<String> readers;
    private final long epoch;
    private final long seq;
    private final long beganNs;
    /** What the last piece has: the images are as of there, or newer. */
    private final byte[] end;
    private final Session session;
    private int piece;
    private boolean isAsked;
    private boolean isClosed;

    /** Begins it, for those who hear these subjects. */
    BusSnapshot(final Shard shard, final BusStream stream, final NatsConnection connection, final BinaryFormat format,
            final List<Channel> channels, final List<String> readers) {
        this.stream = stream;
        this.connection = connection;
        this.readers = readers;
        epoch = shard.topics().epoch();
        seq = stream.seq();
        beganNs = shard.clock().nowNs();
        final MessageBuffer position = new MessageBuffer(64);
        MessageEncoder.position(position, shard.newestTopics().completePosition());
        final MessageBuffer framed = new MessageBuffer(64);
        format.frames().putControl(framed, Opcode.TEXT, position.bytes(), 0, position.length());
        end = framed.toBytes();
        session = shard.open(this, format, "bus:" + stream.subject() + ".snapshot", Identity.BUS, "bus");
        for (final Channel channel : channels) {
            if (stream.isServed(channel)) {
                session.onRequest(stream.request(channel, true));
            }
        }
        session.onRequest(new Request.Ping(null));
    }

    /** Goes on if there is room again; true when it has ended. */
    boolean tick(final long nowNs) {
        assert owner.check();
        if (isClosed) {
            return true;
        }
        if (isWaiting() && connection.hasRoom(true)) {
            session.onWritable();
        }
        final boolean isDone = isAsked && session.inspected().subscriptions().size() == 0
            && session.inspected().queue().isEmpty();
        if (isDone) {
            readers.forEach(reader -> connection.publish(reader, stream.ofEnd(epoch, seq, piece), end));
        }
        if (isDone || nowNs - beganNs >= WITHIN_NS) {
            end();
        }
        return isClosed;
    }

    /** Ends it, finished or not. */
    void end() {
        assert owner.check();
        if (!isClosed) {
            session.onDisconnected(Termination.FINISHED);
        }
    }

    /** What it is a snapshot of. */
    BusStream stream() {
        return stream;
    }

    @Override
    public int write(final ByteBuffer frames) {
        assert owner.check();
        if (!connection.hasRoom(true)) {
            return 0;
        }
        final int bytes = frames.remaining();
        MessageCutter.cut(withoutPong(frames), connection.maxBytes(), (payload, isUnfinished) -> {
            readers.forEach(reader -> connection.publish(reader,
                stream.ofPiece(epoch, seq, piece, isUnfinished), payload));
            piece++;
        });
        return bytes;
    }

    /** Removes the pong, which is no part of the answer. */
    private ByteBuffer withoutPong(final ByteBuffer frames) {
        for (int at = frames.position(); !isAsked && at < frames.limit();) {
            final int bytes = BusFormat.frameBytes(frames, at);
            if (isPong(frames, at, bytes)) {
                isAsked = true;
                final ByteBuffer rest = ByteBuffer.allocate(frames.remaining() - bytes);
                rest.put(frames.duplicate().limit(at)).put(frames.duplicate().position(at + bytes));
                return rest.flip();
            }
            at += bytes;
        }
        return frames;
    }

    private static boolean isPong(final ByteBuffer frames, final int at, final int bytes) {
        if (frames.get(at) != 1 || bytes < BusFormat.HEADER_BYTES + PONG.length) {
            return false;
        }
        final byte[] begin = new byte[PONG.length];
        frames.get(at + BusFormat.HEADER_BYTES, begin);
        return Arrays.equals(begin, PONG);
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
