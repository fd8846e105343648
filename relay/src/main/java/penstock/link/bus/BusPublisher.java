package penstock.link.bus;

import penstock.link.RefusedRelayException;
import penstock.text.PrintableText;

/**
 * Which relay publishes what is followed. Each run of a relay has an id and an epoch; a relay behind others has the
 * epoch of the first one. Owned by the feed thread.
 */
final class BusPublisher {
    /** What a message is, by its publisher. */
    enum Verdict {
        /** Of the relay that is followed, or the first of all. */
        SAME,
        /** Of one that was replaced: it counts for nothing. */
        OLDER,
        /** Of another one, which is followed from now on. */
        NEW
    }

    private final String subjects;
    private final String ownId;
    /** The highest that was seen. */
    private long epoch;
    private String relay = "";
    /** The one before, with the same epoch. */
    private String earlier = "";

    /** {@code subjects}: for people. */
    BusPublisher(final String subjects, final String ownId) {
        this.subjects = subjects;
        this.ownId = ownId;
    }

    /** The epoch that is followed; 0 before the first message. */
    long epoch() {
        return epoch;
    }

    /** The relay that is followed, for people. */
    String text() {
        return PrintableText.excerpt(relay) + " with epoch " + epoch;
    }

    /** Looks at a message; throws a {@link RefusedRelayException} if what publishes it is not to be followed. */
    Verdict hear(final BusMessage message) {
        if (message.epoch() < epoch) {
            return Verdict.OLDER;
        }
        if (message.relay().equals(ownId)) {
            throw new RefusedRelayException("a loop: this relay itself publishes on " + subjects
                + "; give bus.nats.subject another value");
        }
        if (message.epoch() == epoch && message.relay().equals(relay)) {
            return Verdict.SAME;
        }
        final boolean isFirst = epoch == 0;
        final boolean isBack = message.epoch() == epoch && message.relay().equals(earlier);
        earlier = message.epoch() == epoch ? relay : "";
        epoch = message.epoch();
        relay = message.relay();
        if (isBack) {
            throw new RefusedRelayException("two relays publish on " + subjects + ", " + PrintableText.excerpt(earlier)
                + " and " + PrintableText.excerpt(relay) + "; give one of them another bus.nats.subject");
        }
        return isFirst ? Verdict.SAME : Verdict.NEW;
    }
}
