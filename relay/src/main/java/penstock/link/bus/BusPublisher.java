package penstock.link.bus;

import java.util.List;
import java.util.function.Consumer;
import penstock.link.RefusedRelayException;
import penstock.link.RelayCheck;
import penstock.text.PrintableText;

/**
 * Which relay publishes what is followed, and which ones are in front of it. Each run of a relay has an id and an
 * epoch; a relay behind others has the epoch of the first one. Owned by the feed thread.
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
    private final RelayCheck check;
    private final Consumer<List<String>> onHops;
    /** The highest that was seen. */
    private long epoch;
    /** As the last message that counts has them. */
    private String relays = "";
    private List<String> hops = List.of();
    /** The relay before, with the same epoch. */
    private String earlier = "";

    /** {@code subjects}: for people; {@code onHops} learns that the relay that is followed is behind others. */
    BusPublisher(final String subjects, final RelayCheck check, final Consumer<List<String>> onHops) {
        this.subjects = subjects;
        this.check = check;
        this.onHops = onHops;
    }

    /** The epoch that is followed; 0 before the first message. */
    long epoch() {
        return epoch;
    }

    /** The relay that is followed, for people. */
    String text() {
        return PrintableText.excerpt(last(hops)) + " with epoch " + epoch;
    }

    private static String last(final List<String> ids) {
        return ids.isEmpty() ? "" : ids.get(ids.size() - 1);
    }

    /** Looks at a message; throws a {@link RefusedRelayException} if what publishes it is not to be followed. */
    Verdict hear(final BusMessage message) {
        if (message.epoch() < epoch) {
            return Verdict.OLDER;
        }
        if (message.epoch() == epoch && message.relays().equals(relays)) {
            return Verdict.SAME;
        }
        final List<String> now = List.of(message.relays().split(","));
        if (last(now).equals(check.relayId())) {
            throw new RefusedRelayException("a loop: this relay itself publishes on " + subjects
                + "; give bus.nats.subject another value");
        }
        check.check(now);
        final boolean isFirst = epoch == 0;
        final boolean isSame = message.epoch() == epoch && last(now).equals(last(hops));
        final boolean isBack = message.epoch() == epoch && last(now).equals(earlier);
        earlier = isSame ? earlier : message.epoch() == epoch ? last(hops) : "";
        epoch = message.epoch();
        relays = message.relays();
        hops = now;
        if (isSame) {
            onHops.accept(hops);
        } else if (isBack) {
            throw new RefusedRelayException("two relays publish on " + subjects + ", " + PrintableText.excerpt(earlier)
                + " and " + PrintableText.excerpt(last(hops)) + "; an edge follows "
                + "one: give the other one another bus.nats.subject");
        }
        return isFirst || isSame ? Verdict.SAME : Verdict.NEW;
    }
}
