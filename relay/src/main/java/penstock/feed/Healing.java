package penstock.feed;

import java.util.HashMap;
import java.util.Map;

/**
 * The topics of one connection that lack something and were asked for anew. One that stays broken, or breaks again and again, can't be
 * healed here.
 * Owned by the feed thread.
 */
final class Healing {
    /** So often within {@link #WINDOW_NS}; a checksum that never fits would ask for snapshots for ever. */
    private static final int MOST_TIMES = 3;
    private static final long WINDOW_NS = 60_000_000_000L;
    /** A snapshot that has not come by then will not come. */
    static final long WITHIN_MS = 15_000;

    private final FeedClock clock;
    private final Runnable onHopeless;
    private final Map<Integer, Patient> patients = new HashMap<>();
    private int broken;

    private static final class Patient {
        private long sinceNs;
        private int times;
        private FeedClock.Timer timer;
    }

    Healing(final FeedClock clock, final Runnable onHopeless) {
        this.clock = clock;
        this.onHopeless = onHopeless;
    }

    /** The topic is asked for anew; false when it was too often. */
    boolean begin(final int topic) {
        final long nowNs = clock.nowNs();
        final Patient patient = patients.computeIfAbsent(topic, t -> new Patient());
        if (patient.times == 0 || nowNs - patient.sinceNs > WINDOW_NS) {
            patient.sinceNs = nowNs;
            patient.times = 0;
        }
        if (++patient.times > MOST_TIMES) {
            return false;
        }
        if (patient.timer == null) {
            broken++;
            patient.timer = clock.executeAfter(onHopeless, WITHIN_MS);
        }
        return true;
    }

    /** All there is of the topic has come. Costs nothing while nothing is broken. */
    void onWhole(final int topic) {
        if (broken == 0) {
            return;
        }
        final Patient patient = patients.get(topic);
        if (patient != null && patient.timer != null) {
            heal(patient);
        }
    }

    /** Nobody waits any more. */
    void stop() {
        patients.values().stream().filter(patient -> patient.timer != null).forEach(this::heal);
        patients.clear();
    }

    private void heal(final Patient patient) {
        patient.timer.cancel();
        patient.timer = null;
        broken--;
    }
}
