package penstock.feed.book;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.time.FeedClock;
import penstock.venue.spec.GapAction;

/**
 * The topics of one connection that lack something and were asked for anew, and those whose changes come without a
 * beginning. One that stays broken, or breaks again and again, can't be healed here. Owned by the feed thread.
 */
public final class GapRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(GapRecovery.class);
    /** So often within {@link #WINDOW_NS}; a checksum that never fits would ask for snapshots for ever. */
    private static final int MOST_TIMES = 3;
    private static final long WINDOW_NS = 60_000_000_000L;
    /** A snapshot that has not come by then will not come. */
    static final long WITHIN_MS = 15_000;

    private final FeedClock clock;
    private final Owner owner;
    private final Map<Integer, Patient> patients = new HashMap<>();
    private int waiting;
    private boolean isStopped;

    /** Whose connection it is. */
    public interface Owner {
        /** Whether the topic is asked for anew, and {@link #begin} says that it may be. */
        boolean isRenewed(int channel, int topic, String symbol, boolean wasWhole);

        /** No snapshot came of a topic that was whole once. */
        void onGap(int channel, int topic, String symbol, GapAction action, String what);
    }

    private static final class Patient {
        private long sinceNs;
        private int times;
        private boolean wasWhole;
        private FeedClock.Timer timer;
    }

    public GapRecovery(final FeedClock clock, final Owner owner) {
        this.clock = clock;
        this.owner = owner;
    }

    /** The topic is asked for anew; false when it was too often. */
    public boolean begin(final int channel, final int topic, final String symbol, final boolean wasWhole) {
        final Patient patient = patient(topic);
        if (++patient.times > MOST_TIMES) {
            return false;
        }
        patient.wasWhole |= wasWhole;
        await(patient, channel, topic, symbol);
        return true;
    }

    /** A change came of a topic without a beginning: that may be under way, or lost. */
    public void onUnsynced(final int channel, final int topic, final byte[] symbol, final int offset,
            final int length) {
        if (isStopped) {
            return;
        }
        final Patient known = patients.get(topic);
        if (known == null || known.timer == null
                && (known.times <= MOST_TIMES || clock.nowNs() - known.sinceNs > WINDOW_NS)) {
            await(patient(topic), channel, topic, new String(symbol, offset, length, StandardCharsets.UTF_8));
        }
    }

    /** All there is of the topic has come. Costs nothing while nothing is broken. */
    public void onWhole(final int topic) {
        if (waiting == 0) {
            return;
        }
        final Patient patient = patients.get(topic);
        if (patient != null && patient.timer != null) {
            heal(patient);
        }
    }

    /** Nobody waits any more. */
    public void stop() {
        isStopped = true;
        patients.values().stream().filter(patient -> patient.timer != null).forEach(this::heal);
        patients.clear();
    }

    /** The other topics of the connection are well: for one that never began it is not given up. */
    private void onOverdue(final Patient patient, final int channel, final int topic, final String symbol) {
        final String what = "no snapshot of " + symbol + " came within " + WITHIN_MS + " ms";
        if (patient.wasWhole) {
            owner.onGap(channel, topic, symbol, GapAction.RESUBSCRIBE, what);
        } else if (owner.isRenewed(channel, topic, symbol, false)) {
            LOG.warn("feed: {}; subscribing to it again", what);
        } else {
            LOG.warn("feed: {}; its changes are of no use", what);
            patient.times = MOST_TIMES + 1;
        }
    }

    private Patient patient(final int topic) {
        final Patient patient = patients.computeIfAbsent(topic, t -> new Patient());
        if (patient.times == 0 || clock.nowNs() - patient.sinceNs > WINDOW_NS) {
            patient.sinceNs = clock.nowNs();
            patient.times = 0;
        }
        return patient;
    }

    private void await(final Patient patient, final int channel, final int topic, final String symbol) {
        if (patient.timer == null) {
            waiting++;
            patient.timer = clock.executeAfter(() -> {
                patient.timer = null;
                waiting--;
                onOverdue(patient, channel, topic, symbol);
            }, WITHIN_MS);
        }
    }

    private void heal(final Patient patient) {
        patient.timer.cancel();
        patient.timer = null;
        patient.wasWhole = false;
        waiting--;
    }
}
