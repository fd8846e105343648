package penstock.fanout;

import java.util.Arrays;
import java.util.stream.IntStream;
import penstock.audit.Termination;
import penstock.fanout.harm.HarmMeter;
import penstock.fanout.schedule.IdPool;
import penstock.telemetry.ErrorLog;
import penstock.topic.IdSet;

/** The open sessions of a shard by their number. Owned by the shard's io thread; the count may be read by any. */
public final class SessionTable {
    private final IdPool numbers = new IdPool();
    private Session[] sessions = new Session[64];
    private final HarmMeter harm;
    /** Those of other relays. */
    private final IdSet links = new IdSet();
    private int count;

    SessionTable(final HarmMeter harm) {
        this.harm = harm;
    }

    /** A number for a session that is about to be added. */
    int takeNumber() {
        return numbers.take();
    }

    void add(final Session session, final boolean isLink) {
        final int number = session.number();
        sessions = number < sessions.length ? sessions : Arrays.copyOf(sessions, number * 2);
        sessions[number] = session;
        if (isLink) {
            links.add(number);
        }
        count++;
    }

    void remove(final int number) {
        sessions[number] = null;
        links.remove(number);
        numbers.giveBack(number);
        count--;
    }

    /** The first number of a session from {@code from} on; -1 if there is none. */
    public int next(final int from) {
        int number = from;
        while (number < sessions.length && sessions[number] == null) {
            number++;
        }
        return number < sessions.length ? number : -1;
    }

    /** Measures how badly they are served. */
    public HarmMeter harm() {
        return harm;
    }

    /** The numbers of all sessions, in ascending order. */
    int[] numbers() {
        return IntStream.range(0, sessions.length).filter(number -> sessions[number] != null).toArray();
    }

    /** Adds the numbers of all sessions. */
    void addTo(final IdSet set) {
        Arrays.stream(numbers()).forEach(set::add);
    }

    /** Adds the numbers of the sessions of other relays. */
    void addLinksTo(final IdSet set) {
        for (int number = links.next(0); number >= 0; number = links.next(number + 1)) {
            set.add(number);
        }
    }

    /** The session of that number, or null. */
    public Session get(final int number) {
        return sessions[number];
    }

    int count() {
        return count;
    }

    /** Flushes a session; one that fails is disconnected. Returns how many bytes were built. */
    int flush(final int number, final long nowNs, final ErrorLog errors) {
        final Session session = sessions[number];
        try {
            return session.flush(nowNs);
        } catch (final RuntimeException | Error e) {
            errors.record("a session could not be flushed", e);
            disconnect(session, errors);
            return 0;
        }
    }

    private static void disconnect(final Session session, final ErrorLog errors) {
        try {
            session.onDisconnected(Termination.FAILED_AT_DATA);
        } catch (final RuntimeException | Error e) {
            errors.record("a session could not be ended", e);
        }
    }
}
