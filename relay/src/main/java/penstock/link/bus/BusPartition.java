package penstock.link.bus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import penstock.link.LinkReplica;

/**
 * One partition: what comes while its snapshot is awaited, the snapshot, and then what follows it, number by number.
 * Owned by the feed thread.
 */
final class BusPartition {
    /** Behind a request, and behind each piece of its answer. */
    private static final long ASK_AGAIN_NS = 1_000_000_000;
    private static final long NO_RELAY_NS = 250_000_000;

    private final int number;
    private final BusFrames frames;
    /** What came since the snapshot was asked for, without holes. */
    private final Deque<BusMessage> early = new ArrayDeque<>();
    private final List<BusMessage> pieces = new ArrayList<>();
    private long bytes;
    private long attempt;
    private long askNs;
    private boolean isAsked;
    private boolean isComplete;
    /** The number of the last message that counts; of those behind a complete snapshot, while it is awaited. */
    private long seq;
    private long lastNs;
    /** Null while it is not joined. */
    private BusReading reading;

    /** {@code maxBytes}: the longest message. */
    BusPartition(final int number, final long maxBytes) {
        this.number = number;
        frames = new BusFrames(maxBytes);
    }

    int number() {
        return number;
    }

    /** What waits for the snapshot, or for those of others, in bytes. */
    long bytes() {
        return bytes;
    }

    /** When something of it came last. */
    long lastNs() {
        return lastNs;
    }

    /** Whether it has its snapshot, and is joined or waits for others. */
    boolean isComplete() {
        return isComplete;
    }

    /** The pieces of a complete snapshot. */
    List<BusMessage> pieces() {
        return pieces;
    }

    /** A snapshot is needed. */
    void reset() {
        early.clear();
        pieces.clear();
        frames.clear();
        bytes = 0;
        reading = null;
        isComplete = false;
        isAsked = false;
    }

    /** The snapshot is of no use: another one is needed. What came stays. */
    private void drop() {
        pieces.forEach(piece -> bytes -= piece.bytes());
        pieces.clear();
        isComplete = false;
        isAsked = false;
    }

    /** It is asked at once, if it must be. */
    void hurry() {
        isAsked &= isComplete;
    }

    /** Whether a snapshot is to be asked for now. */
    boolean isDue(final long nowNs) {
        return !isComplete && (!isAsked || nowNs - askNs >= 0);
    }

    /** A snapshot is asked for; returns the number of the attempt. */
    long ask(final long nowNs) {
        drop();
        isAsked = true;
        askNs = nowNs + ASK_AGAIN_NS;
        attempt++;
        return attempt;
    }

    /** There is no answer now. */
    void onRefused(final BusMessage answer) {
        if (answer.attempt() == attempt && !isComplete) {
            askNs = answer.receivedNs()
                + (answer.kind() == BusMessage.Kind.NO_RELAY ? NO_RELAY_NS : ASK_AGAIN_NS);
        }
    }

    /** A piece of a snapshot has come; true if that is complete now. */
    boolean onPiece(final BusMessage piece) {
        if (piece.attempt() != attempt || isComplete || piece.piece() != pieces.size()) {
            // if one is missing, it is asked again when its time is over
            return false;
        }
        askNs = piece.receivedNs() + ASK_AGAIN_NS;
        pieces.add(piece);
        bytes += piece.bytes();
        if (!piece.isLast()) {
            return false;
        }
        while (!early.isEmpty() && early.peek().seq() <= piece.seq()) {
            bytes -= early.poll().bytes();
        }
        if (!early.isEmpty() && early.peek().seq() != piece.seq() + 1) {
            drop();
            return false;
        }
        isComplete = true;
        seq = early.isEmpty() ? piece.seq() : early.peekLast().seq();
        return true;
    }

    /** A message of the partition has come while it is not joined. */
    void onEarly(final BusMessage message) {
        lastNs = message.receivedNs();
        final long last = !early.isEmpty() ? early.peekLast().seq() : isComplete ? seq : message.seq() - 1;
        if (message.isSignOfLife() || message.seq() <= last) {
            return;
        }
        if (message.seq() != last + 1) {
            early.forEach(each -> bytes -= each.bytes());
            early.clear();
            drop();
        }
        early.add(message);
        bytes += message.bytes();
        seq = message.seq();
    }

    /** Joins it: what it has goes to the line. */
    void join(final LinkReplica.Line line, final LinkReplica replica, final long nowNs) {
        lastNs = nowNs;
        reading = new BusReading(line, replica);
        for (final BusMessage piece : pieces) {
            read(piece, !piece.isLast());
        }
        for (final BusMessage message : early) {
            read(message, false);
        }
        pieces.clear();
        early.clear();
        bytes = 0;
    }

    /** A message has come after it was joined; false if one is missing before it. */
    boolean onMessage(final BusMessage message) {
        lastNs = message.receivedNs();
        if (message.seq() <= seq) {
            return true;
        }
        if (message.isSignOfLife() || message.seq() != seq + 1) {
            return false;
        }
        seq = message.seq();
        read(message, false);
        return true;
    }

    /** What was expected next, in words. */
    String missing() {
        return "number " + (seq + 1);
    }

    private void read(final BusMessage message, final boolean isWithinSnapshot) {
        reading.begin(message.receivedNs(), isWithinSnapshot);
        frames.read(message.payload(), message.isUnfinished(), reading);
    }
}
