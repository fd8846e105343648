package penstock.client;

import penstock.client.value.GapTopics;
import penstock.client.value.RelayMessage;
import penstock.client.value.RelayMessage.Part;

/**
 * The ledger of a subscription: for each topic {@code q − previous q = c + 1}, unless gaps announced missing updates.
 * The sum of all jumps may not exceed the sum that gaps announced.
 *
 * <p>Owned by the client's thread.
 */
final class GapLedger {
    private final GapTopics gapTopics = new GapTopics();
    /** Updates that gaps reported missing without naming their topics. */
    private long missed;
    /** All that gaps reported, but for what the relay counts again. */
    private long reported;
    private long updates;
    private long conflated;
    /** The position of the last gap, and what was counted there. */
    private long gapP;
    private long gapMissed;

    /** Whether an update of a topic adds up; with {@code mayJump} also if no gap announced what it jumps over. */
    boolean accepts(final HeldTopic topic, final long q, final long c, final boolean mayJump) {
        return topic.missing.accepts(topic.q, q, c)
            && (topic.missing.more(topic.q, q, c) <= missed || mayJump && topic.missing.isBack());
    }

    /** Counts an update that adds up; returns how many are missing before it that no gap announced. */
    long onUpdate(final HeldTopic topic, final long q, final long c) {
        final long more = topic.missing.more(topic.q, q, c);
        final long unannounced = Math.max(0, more - missed);
        missed = Math.max(0, missed - Math.max(0, more));
        reported += unannounced + Math.min(0, more);
        topic.missing.onUpdate();
        updates++;
        conflated += c;
        return unannounced;
    }

    /** Takes over what another one has counted. */
    void add(final GapLedger other) {
        missed += other.missed;
        reported += other.reported;
        updates += other.updates;
        conflated += other.conflated;
    }

    /** Updates that gaps announced and no entry has skipped yet. */
    long missed() {
        return missed;
    }

    /** Updates that gaps announced, since the beginning. */
    long reported() {
        return reported;
    }

    /** Updates that added up, since the beginning. */
    long updates() {
        return updates;
    }

    /** What was conflated into them. */
    long conflated() {
        return conflated;
    }

    /** A gap reports missing updates, of topics that it names and of others; returns how many of them are new. */
    long onGap(final RelayMessage gap, final WireTopics topics) {
        final long p = gap.number(Part.P);
        long others = gap.number(Part.MISSED);
        long named = 0;
        gapTopics.enter(gap);
        while (gapTopics.next()) {
            others -= gapTopics.count();
            final HeldTopic topic = topics.of(gapTopics.symbol());
            named += topic == null ? 0 : topic.missing.onGap(topic.q, gapTopics.q(), gapTopics.count(), p);
        }
        gapMissed = others + (p == gapP ? gapMissed : 0);
        gapP = p;
        missed += others;
        reported += named + others;
        return named + others;
    }

    /** The relay resumed at {@code p}: it counts again what a gap counted exactly there, or sends it. */
    void onResumed(final long p) {
        final long isVoid = gapP == p ? gapMissed : 0;
        missed -= isVoid;
        reported -= isVoid;
        onSubscribed();
    }

    /** What gaps counted before is not void any more. */
    void onSubscribed() {
        gapP = 0;
        gapMissed = 0;
    }

    /** The next sequences are the first ones again. */
    void clear() {
        missed = 0;
        onSubscribed();
    }
}
