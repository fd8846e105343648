package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import penstock.testkit.ParsedJson;

/** One topic of a subscription as its subscriber has it: by what it was sent, and by the protocol alone. */
final class ReferenceEntry {
    private static final long COMPLETE = -1;

    final ReferenceTopic topic;
    /** Sequence sent last, or reported missing. */
    long q;
    /** An image is on its way, asked for by a request: no update may come before it. */
    boolean isAwaited;
    /** The request of that image. */
    String awaitedBy;
    /** The next image may leave out updates in mode all. */
    boolean mayJump;
    /** Up to here another view was shown, which may have shown nothing of it. */
    long otherViewQ;
    /** When it was first seen to wait under a limit; 0 when it does not. */
    long waitsSinceNs;
    /** Shown as stale: by its last entry, or the feed was lost since. */
    boolean isStale;
    /** Sequence that it had when it came back: entries up to there may come again. */
    long heldQ;
    /** Kept from an earlier connection, and nothing said of it yet. */
    boolean isKept;
    private Object value;
    /**
     * What changed since this sequence is known, the rest only as far as it was sent; {@link #COMPLETE}: all is known.
     */
    private long knownSince = COMPLETE;

    ReferenceEntry(final ReferenceTopic topic) {
        this.topic = topic;
    }

    void await(final String requestId) {
        awaitedBy = isAwaited ? awaitedBy : requestId;
        isAwaited = true;
    }

    /** The connection is lost: until something is said of it, the value is not to be trusted. */
    void keep() {
        heldQ = q;
        isStale = true;
        isKept = true;
    }

    /** The feed is lost. */
    void lose() {
        isStale = true;
        isKept = false;
    }

    /** An entry came, with that state. */
    void onState(final boolean isStaleNow) {
        isStale = isStaleNow;
        isKept = false;
    }

    /** Begins to count without an image. */
    void begin(final long atQ) {
        q = atQ;
        heldQ = 0;
        knownSince = atQ == 0 ? COMPLETE : atQ;
    }

    /** Shown otherwise from now on: what is shown no more goes; what was not shown before is unknown. */
    void show(final ReferenceView view, final boolean isUnknown) {
        if (value instanceof Map<?, ?> && !isBook()) {
            value = view.shown(value);
        } else if (isBook() && isUnknown) {
            value = null;
        }
        if (isUnknown && Math.max(q, otherViewQ) > 0) {
            knownSince = Math.max(q, otherViewQ);
        }
    }

    /** Sent nothing yet. */
    boolean isBare() {
        return value == null;
    }

    boolean isComplete() {
        return knownSince == COMPLETE;
    }

    void image(final long newQ, final Object sent, final ReferenceView view) {
        q = newQ;
        value = isBook() ? levels(sent, new TreeMap<>()) : sent;
        knownSince = COMPLETE;
        isAwaited = false;
        waitsSinceNs = 0;
        check(view);
    }

    /** Applies an update, which removes some fields: any other null is the venue's. */
    void update(final long newQ, final Object sent, final Collection<?> removed, final ReferenceView view) {
        if (isBook()) {
            checkFresh(levels(sent, new TreeMap<>()), newQ, view);
            value = levels(sent, copy(value));
        } else if (view.delta() && sent instanceof Map<?, ?> fields) {
            checkFresh(fields, newQ, view);
            final Map<String, Object> merged = copy(value);
            fields.forEach((name, field) -> {
                if (removed.contains('"' + (String) name + '"')) {
                    assertThat(field).isEqualTo("null");
                    merged.remove(name);
                } else {
                    merged.put((String) name, field);
                }
            });
            value = merged;
        } else {
            value = sent;
            knownSince = COMPLETE;
        }
        q = newQ;
        waitsSinceNs = 0;
        check(view);
    }

    /** Whether what it has is what is shown at that sequence. */
    boolean shows(final long atQ, final ReferenceView view) {
        final Object shown = view.shown(topic.value(atQ));
        return !isComplete() || Objects.equals(value, shown) || value == null && shown instanceof Map<?, ?> map
            && map.isEmpty();
    }

    private boolean isBook() {
        return ReferenceChannel.of(topic.symbol).isBook();
    }

    private void checkFresh(final Map<?, ?> sent, final long newQ, final ReferenceView view) {
        for (final Object key : sent.keySet()) {
            if (!topic.changed((String) key, q, newQ, view) && !(isBook() && topic.touched((String) key, q, newQ))) {
                assertThat(sent)
                    .as(topic.symbol + " q" + newQ + " tells " + key + " though it did not change since q" + q)
                    .isNull();
            }
        }
    }

    private void check(final ReferenceView view) {
        final Object expected = view.shown(topic.value(q));
        if (isComplete() || !(expected instanceof Map<?, ?> all) || !(value instanceof Map<?, ?> has)) {
            if (!Objects.equals(value, expected)) {
                assertThat(value).as(topic.symbol + " q" + q + " in " + view).isEqualTo(expected);
            }
            return;
        }
        has.forEach((key, part) -> assertThat(part).as(topic.symbol + " q" + q + " " + key).isEqualTo(all.get(key)));
        for (final Object key : all.keySet()) {
            if (!has.containsKey(key) && topic.changed((String) key, knownSince, q, view)) {
                assertThat(has).as(topic.symbol + " q" + q + " lacks " + key + ", changed since " + knownSince)
                    .isNull();
            }
        }
    }

    private static Map<String, Object> copy(final Object value) {
        final Map<String, Object> copy = new TreeMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, part) -> copy.put((String) key, part));
        }
        return copy;
    }

    private static Map<String, Object> levels(final Object sent, final Map<String, Object> levels) {
        for (int side = 0; side < 2; side++) {
            for (final Object level : ParsedJson.list(ParsedJson.object(sent).get(side == 0 ? "bids" : "asks"))) {
                final List<?> pair = ParsedJson.list(level);
                final String key = ReferenceView.level(side, new BigDecimal(ParsedJson.bare(pair.get(0))));
                if (pair.get(1).equals("0")) {
                    levels.remove(key);
                } else {
                    levels.put(key, pair.get(1));
                }
            }
        }
        return levels;
    }
}
