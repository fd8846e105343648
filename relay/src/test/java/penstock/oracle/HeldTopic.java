package penstock.oracle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.testkit.ParsedJson;

/** One topic as a subscriber has it, by what it was sent and by the protocol alone. One thread. */
final class HeldTopic {
    /**
     * Late events are less than that behind newer ones. A line that says nothing is closed after 2 s, and another one
     * may have taken over a moment before; a busy topic has some hundred updates in that time.
     */
    private static final long REACH = 1_000;
    private static final long NONE = -1;

    final MarketTopic topic;
    /** Sequence of its last entry; 0 = none. */
    long q;
    /** The sequence up to which updates came or were reported missing. */
    long reachedQ;
    /** Behind this sequence updates that a gap reported may come after all; -1 = they may not. */
    long openQ = NONE;
    /** The sequence reached before the last gap, in which it was named. */
    long beforeGapQ = NONE;
    /** It goes on at another relay, and nothing of it came from there. */
    boolean isElsewhere;
    /** The venue's update that the last entry showed. */
    long n;
    /** Sequence that it had when the connection was lost: entries up to there may come again. */
    long heldQ;
    /** The oldest update that an image may show: a newer one was seen before. */
    long floorN;
    /** Of events: sent by the venue since the first one, less those that came or were reported missing. */
    long owed;
    /** How many events around the first one may come after newer ones: it does not show whether they have. */
    long owedSlack;
    boolean hasValue;
    /** Not to be trusted: by its last entry, or the feed was lost since, or nothing was said since the reconnect. */
    boolean isStale;
    /** Kept from an earlier connection, and nothing said of it yet. */
    boolean isKept;
    /** Events that came since the first one. */
    private final Set<Long> events = new HashSet<>();
    private final Map<String, String> parts = new HashMap<>();

    HeldTopic(final MarketTopic topic) {
        this.topic = topic;
    }

    /** The connection is lost. */
    void keep() {
        heldQ = q;
        floorN = Math.max(floorN, n);
        isStale = true;
        isKept = true;
    }

    /** A gap reports that all up to {@code atQ} are missing; returns those of which that is new. */
    long miss(final long atQ, final long counted) {
        final long added = reachedQ == 0 ? counted : Math.max(0, atQ - reachedQ);
        if (beforeGapQ == NONE) {
            beforeGapQ = reachedQ;
        }
        reachedQ = Math.max(reachedQ, atQ);
        isElsewhere = false;
        return added;
    }

    /** The relay goes on at the position of the last gap: what that reported may come. */
    void reopen() {
        if (beforeGapQ != NONE) {
            openQ = beforeGapQ;
        }
    }

    /** The last gap is not the last one any more. */
    void onGapPassed() {
        beforeGapQ = NONE;
    }

    /**
     * How many updates are missing between what was reached and an update that stands for {@code c} others; negative if
     * there are too many.
     */
    long missedBefore(final long atQ, final long c) {
        if (openQ == NONE) {
            return atQ - reachedQ - 1 - c;
        }
        final long jump = atQ - openQ - 1 - c;
        return jump < 0 ? jump : Math.max(0, jump - Math.max(0, reachedQ - openQ));
    }

    /** An entry came. */
    void reach(final long atQ) {
        openQ = openQ != NONE && atQ < reachedQ ? atQ : NONE;
        reachedQ = Math.max(reachedQ, atQ);
        isElsewhere = false;
    }

    /** The count of events begins with update {@code atN}; false if it goes on. */
    boolean beginsCount(final long atN) {
        if (n > 0 && q > 0) {
            return false;
        }
        events.clear();
        owed = 0;
        owedSlack = topic.lateBetween(atN - REACH, atN + REACH);
        if (topic.mayBeLate(atN)) {
            // if it is late itself, newer ones came before it
            owedSlack += Math.max(0, topic.arrived() - atN);
        }
        return true;
    }

    /**
     * Whether all events up to the newest one came or were reported missing, but for those that may still do so, now
     * that {@code atN} has come. Before a late one newer ones may be reported missing, if the ring was full.
     */
    boolean isOwedRightly(final long atN) {
        final long newest = Math.max(n, atN);
        return isSettled() || (owed < 0 ? topic.mayBeLate(atN)
            : owed <= owedSlack + topic.lateBetween(newest - REACH, newest));
    }

    /** Whether all events came or were reported missing. */
    boolean isSettled() {
        return owed >= -owedSlack && owed <= owedSlack;
    }

    /** False if the event came before. */
    boolean addEvent(final long atN) {
        return events.add(atN);
    }

    /** The updates up to {@code atQ} are accounted for; which of the venue's that is, is not known. */
    void countFrom(final long atQ) {
        floorN = Math.max(floorN, n);
        q = atQ;
        reach(atQ);
        n = 0;
    }

    /** All that it had is void. */
    void discard() {
        floorN = Math.max(floorN, n);
        q = 0;
        reachedQ = 0;
        openQ = NONE;
        beforeGapQ = NONE;
        n = 0;
        heldQ = 0;
        hasValue = false;
        parts.clear();
    }

    /** The same, and what comes next may be older. */
    void forget() {
        discard();
        floorN = 0;
    }

    /** Applies a value: an image, or a change of what it has. */
    void apply(final Map<?, ?> entry, final boolean isImage, final Terms terms) {
        final Map<?, ?> value = ParsedJson.object(entry.get("v"));
        hasValue = true;
        if (topic.channel == MarketChannel.BOOK) {
            if (isImage) {
                parts.clear();
            }
            level("bid ", value.get("bids"));
            level("ask ", value.get("asks"));
            return;
        }
        if (isImage || !terms.isDelta()) {
            parts.clear();
        }
        value.forEach((name, part) -> parts.put((String) name, ParsedJson.bare(part)));
        if (entry.get("removed") != null) {
            ParsedJson.list(entry.get("removed")).forEach(name -> parts.remove(ParsedJson.bare(name)));
        }
    }

    private void level(final String side, final Object rows) {
        for (final Object row : ParsedJson.list(rows)) {
            final List<?> pair = ParsedJson.list(row);
            if (pair.get(1).equals("0")) {
                parts.remove(side + pair.get(0));
            } else {
                parts.put(side + pair.get(0), (String) pair.get(1));
            }
        }
    }

    /** What is wrong with what it has, if it is to be the value of update {@code atN}; null if nothing is. */
    String problem(final long atN, final Terms terms) {
        if (atN < 1 || atN > topic.sent()) {
            return "update " + atN + " was never sent: " + parts;
        }
        final Map<String, String> expected = expected(atN, terms);
        return expected.equals(parts) ? null : "is " + parts + " as of update " + atN + ", which was " + expected;
    }

    private Map<String, String> expected(final long atN, final Terms terms) {
        final Map<String, String> expected = new HashMap<>();
        if (topic.channel == MarketChannel.BOOK) {
            for (int side = 0; side < 2; side++) {
                int shown = 0;
                for (int i = 0; i < MarketTopic.LEVELS && (terms.depth() == 0 || shown < terms.depth()); i++) {
                    final int level = side * MarketTopic.LEVELS + i;
                    final long size = topic.size(atN, level);
                    if (size > 0) {
                        shown++;
                        expected.put((side == 0 ? "bid " : "ask ") + MarketTopic.levelPrice(level),
                            Long.toString(size));
                    }
                }
            }
            return expected;
        }
        expect(expected, terms, "n", Long.toString(atN));
        expect(expected, terms, "crc", topic.crc(atN));
        if (topic.channel == MarketChannel.STATS) {
            for (int i = 0; i < MarketTopic.FIELDS.length; i++) {
                expect(expected, terms, MarketTopic.FIELDS[i], Long.toString(topic.field(atN, i)));
            }
        } else {
            expect(expected, terms, "x", topic.price(atN));
        }
        return expected;
    }

    private static void expect(final Map<String, String> expected, final Terms terms, final String name,
            final String text) {
        if (terms.fields().isEmpty() || terms.fields().contains(name)) {
            expected.put(name, text);
        }
    }
}
