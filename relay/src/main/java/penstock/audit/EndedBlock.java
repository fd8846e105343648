package penstock.audit;

import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Some of the sessions that ended, as plain figures and bytes: what one took is used again by the next one in its
 * place. Any thread; one at a time writes a place, between {@link #begin} and {@link #end}.
 */
final class EndedBlock {
    /** How many sessions a block has. */
    static final int SESSIONS = 250;

    private static final long IN_WORK = -1;
    private static final int AT = 0;
    private static final int LASTED = 1;
    private static final int UPDATES = 2;
    private static final int BYTES = 3;
    private static final int OPENED = 4;
    private static final int FIGURES = 5;
    /** Names of sessions have 13 characters, addresses with ports 53 at most, with the zone of an interface more. */
    private static final int ID_BYTES = 24;
    private static final int ADDRESS_BYTES = 72;
    private static final int TEXT_BYTES = 1 + ID_BYTES + 1 + ADDRESS_BYTES;

    private final AtomicLongArray numbers = new AtomicLongArray(SESSIONS);
    private final long[] figures = new long[SESSIONS * FIGURES];
    private final byte[] texts = new byte[SESSIONS * TEXT_BYTES];
    private final boolean[] sampled = new boolean[SESSIONS];
    /** Constants, and names that the tables of clients have anyway. */
    private final Termination[] ends = new Termination[SESSIONS];
    private final String[] endpoints = new String[SESSIONS];
    private final String[] principals = new String[SESSIONS];

    /** False if another thread writes the place, or has written a newer session there. */
    boolean begin(final int place, final long number) {
        final long before = numbers.get(place);
        final boolean isFree = before != IN_WORK && before < number && numbers.compareAndSet(place, before, IN_WORK);
        VarHandle.storeStoreFence();
        return isFree;
    }

    void end(final int place, final long number) {
        numbers.setRelease(place, number);
    }

    boolean has(final int place, final long number) {
        return numbers.getAcquire(place) == number;
    }

    void set(final int place, final SessionRecord session, final Termination end) {
        final int at = place * TEXT_BYTES;
        put(at, session.id(), ID_BYTES);
        put(at + 1 + ID_BYTES, session.address(), ADDRESS_BYTES);
        figures[place * FIGURES + OPENED] = session.openedNs();
        sampled[place] = session.isSampled();
        endpoints[place] = session.endpoint();
        principals[place] = session.principal();
        ends[place] = end;
    }

    void setFigures(final int place, final long atMs, final long lastedNs, final long updates, final long bytes) {
        final int at = place * FIGURES;
        figures[at + AT] = atMs;
        figures[at + LASTED] = lastedNs;
        figures[at + UPDATES] = updates;
        figures[at + BYTES] = bytes;
    }

    EndedSession read(final int place, final long number) {
        final int text = place * TEXT_BYTES;
        final int at = place * FIGURES;
        final SessionRecord session = new SessionRecord(text(text), endpoints[place], principals[place],
            text(text + 1 + ID_BYTES), figures[at + OPENED], sampled[place]);
        return new EndedSession(number, session, ends[place], figures[at + AT], figures[at + LASTED],
            figures[at + UPDATES], figures[at + BYTES]);
    }

    /** ASCII, behind its length. */
    private void put(final int at, final String text, final int max) {
        final int length = Math.min(text.length(), max);
        texts[at] = (byte) length;
        for (int i = 0; i < length; i++) {
            texts[at + 1 + i] = (byte) text.charAt(i);
        }
    }

    private String text(final int at) {
        return new String(texts, at + 1, texts[at], StandardCharsets.US_ASCII);
    }
}
