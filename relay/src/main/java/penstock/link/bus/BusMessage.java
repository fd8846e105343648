package penstock.link.bus;

import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import penstock.nats.BusHeaders;
import penstock.text.PrintableText;

/**
 * A message of the bus. Immutable.
 *
 * @param kind       what it is
 * @param partition  the number of the partition that it is of
 * @param attempt    which request it answers; 0 = none
 * @param numbers    what its headers say; of a snapshot, the number is that of the last message which the snapshot has
 * @param receivedNs when it came
 */
record BusMessage(Kind kind, int partition, long attempt, BusHeaders.Numbers numbers, byte[] payload,
        long receivedNs) {
    /** What a message may be. */
    enum Kind {
        /** What a partition publishes as it happens. */
        STREAM,
        /** Of a snapshot. */
        PIECE,
        /** The answer to a request is an error, which the payload says. */
        REFUSAL,
        /** No relay is there that answers. */
        NO_RELAY
    }

    private static final int OVERHEAD_BYTES = 128;
    private static final byte[] NOTHING = {};
    private static final BusHeaders.Numbers NO_NUMBERS = new BusHeaders.Numbers("", 0, 0, -1, false, false);

    /** Reads a message of one of these subjects; null if it is none that a relay publishes. */
    static BusMessage of(final BusSubjects subjects, final Message message, final long receivedNs) {
        final int partition = subjects.find(message.getSubject());
        final boolean isAnswer = subjects.isAnswer(message.getSubject());
        final long attempt = isAnswer ? BusSubjects.attempt(message.getSubject()) : 0;
        if (partition < 0 || partition >= subjects.count() || attempt < 0) {
            return null;
        }
        final byte[] payload = message.getData() == null ? NOTHING : message.getData();
        if (message.isStatusMessage()) {
            return isAnswer ? without(Kind.NO_RELAY, partition, attempt, NOTHING, receivedNs) : null;
        }
        final BusHeaders.Numbers numbers = BusHeaders.read(message.getHeaders());
        if (numbers == null) {
            return isAnswer ? without(Kind.REFUSAL, partition, attempt, payload, receivedNs) : null;
        }
        if (isAnswer == numbers.piece() < 0) {
            return null;
        }
        return new BusMessage(isAnswer ? Kind.PIECE : Kind.STREAM, partition, attempt, numbers, payload, receivedNs);
    }

    private static BusMessage without(final Kind kind, final int partition, final long attempt, final byte[] payload,
            final long receivedNs) {
        return new BusMessage(kind, partition, attempt, NO_NUMBERS, payload, receivedNs);
    }

    /** The ids of the relays in a row, that of the one that publishes it the last. */
    String relays() {
        return numbers.relays();
    }

    long epoch() {
        return numbers.epoch();
    }

    long seq() {
        return numbers.seq();
    }

    int piece() {
        return numbers.piece();
    }

    boolean isLast() {
        return numbers.isLast();
    }

    /** Whether the next message continues it. */
    boolean isUnfinished() {
        return numbers.isUnfinished();
    }

    /** Whether it says that its partition is alive, and nothing else. */
    boolean isSignOfLife() {
        return payload.length == 0;
    }

    /** What it takes while it waits. */
    int bytes() {
        return payload.length + OVERHEAD_BYTES;
    }

    /** The payload for people. */
    String text() {
        return PrintableText.excerpt(new String(payload, StandardCharsets.UTF_8));
    }
}
