package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import penstock.testkit.ParsedJson;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;

/**
 * One subscription as a careful subscriber sees it, over all its connections: applies what comes, and checks each
 * message.
 */
final class ReferenceSubscription {
    final String name;
    final ReferenceChannel channel;
    /** Held as far as requests were answered, and as far as they were sent. */
    final Set<String> held = new TreeSet<>();
    final Set<String> asked = new TreeSet<>();
    final Map<String, ReferenceEntry> entries = new TreeMap<>();
    final Map<String, String> notified = new TreeMap<>();
    /** As answered, and as asked for; null before. */
    SubscriptionOptions terms;
    SubscriptionOptions askedTerms;
    ReferenceView view;
    /** Of the last complete frame; -1 before. */
    long p = -1;
    final Deque<Expected> expected = new ArrayDeque<>();
    /** The view changed, and no images were asked for: what it has is claimed no more. */
    private boolean isPartial;
    /** It was sent more than its last position says. */
    private boolean isAhead;
    /** Reported missing, place not known yet: between these. */
    long missedLeast;
    long missedMost;
    /** The position of the last gap, and what gaps with it counted: after a resume there the relay counts again. */
    private long gapP = -1;
    private long missedAtGapP;
    private final ReferenceFeed feed;
    private final ReferenceRateLimit pace = new ReferenceRateLimit();
    private long newestP;
    /** Since when it is sent what this view shows. */
    private long viewP;

    ReferenceSubscription(final String name, final ReferenceChannel channel, final ReferenceFeed feed) {
        this.name = name;
        this.channel = channel;
        this.feed = feed;
    }

    /** A snapshot that answers a request; {@code widens}: the request changed what is shown. */
    record Expected(String id, String replaces, boolean isResumed, boolean widens) {
    }

    /** Whether nothing that it has can be resumed: its values are of no view, or of no position. */
    boolean isUnsure() {
        return p <= 0 || isAhead || isPartial || expected.stream().anyMatch(Expected::widens);
    }

    boolean deliversAll() {
        return terms.mode() == Mode.ALL;
    }

    ReferenceEntry entry(final String symbol) {
        return entries.computeIfAbsent(symbol, s -> new ReferenceEntry(feed.topic(s)));
    }

    /** It is sent otherwise from position {@code atP} on; {@code awaitedBy}: the request of images, or null. */
    void keepTo(final SubscriptionOptions now, final String awaitedBy, final long nowNs, final long atP) {
        final SubscriptionOptions before = terms;
        final ReferenceView viewBefore = view;
        terms = now;
        view = ReferenceView.of(now, channel);
        viewP = view.equals(viewBefore) ? viewP : atP;
        pace.keepTo(now, nowNs);
        entries.values().forEach(entry -> entry.waitsSinceNs = 0);
        if (before == null) {
            return;
        }
        final boolean more = now.content().depth() != before.content().depth()
            || !before.content().fields().isEmpty()
            && (now.content().fields().isEmpty() || !before.content().fields().containsAll(now.content().fields()));
        final boolean toAll = now.mode() == Mode.ALL && before.mode() != Mode.ALL;
        isPartial |= !now.content().equals(before.content()) && awaitedBy == null;
        newestP = toAll ? 0 : newestP;
        held.stream().filter(symbol -> feed.topic(symbol) != null).forEach(this::entry);
        entries.values().forEach(entry -> {
            if (!view.equals(viewBefore)) {
                entry.otherViewQ = entry.topic.qAt(atP);
            } else if (toAll) {
                // up to its position it was sent what had changed in the end, not each update
                entry.otherViewQ = Math.max(entry.otherViewQ, entry.topic.qAt(p));
            }
            entry.show(view, more);
            entry.mayJump |= toAll || more;
            if (more && awaitedBy != null && entry.q > 0 && now.mode() != Mode.ALL) {
                entry.await(awaitedBy);
            }
        });
    }

    /** Goes on from {@code fromP}: what was shown of no update up to there counts as sent. */
    void resume(final Set<String> symbols, final long fromP, final long atP) {
        for (final String symbol : symbols) {
            if (feed.topic(symbol) != null) {
                final ReferenceEntry entry = entry(symbol);
                final long base = feed.topic(symbol).qAt(fromP);
                if (base > entry.q) {
                    miss(entry, base);
                }
                if (entry.isBare() && entry.q > 0) {
                    // it was sent nothing since it asked without an image: its own sequence is not known to it
                    missedLeast = Math.max(0, missedLeast - Math.max(0, base - entry.q));
                    entry.begin(base);
                }
            }
        }
        viewP = atP;
        if (gapP == fromP) {
            // what came behind the gap may have used up what it counted
            missedLeast = Math.max(0, missedLeast - missedAtGapP);
            missedMost = Math.max(0, missedMost - missedAtGapP);
            gapP = -1;
        }
    }

    /** Live by the last report, by its last entry, and by the feed since then. */
    boolean showsLive(final ReferenceEntry entry) {
        return !entry.isStale && notified.getOrDefault(entry.topic.symbol, "live").equals("live");
    }

    void snapshot(final Map<?, ?> message, final boolean isFeedLive) {
        final boolean isResumed = message.containsKey("resumed");
        final String replaces = ParsedJson.bare(message.get("replaces"));
        if (replaces.equals("one")) {
            assertThat(ParsedJson.list(message.get("data"))).as(name + " images without a request").isNotEmpty();
            assertThat(message.containsKey("id") || isResumed).isFalse();
        } else {
            final Expected next = expected.element();
            assertThat(List.of(message.get("id"), replaces, isResumed))
                .isEqualTo(List.of(next.id, next.replaces, next.isResumed));
        }
        for (final Object each : ParsedJson.list(message.get("data"))) {
            final Map<?, ?> notified = ParsedJson.object(each);
            final ReferenceEntry entry = checked(notified);
            final long q = number(notified, "q");
            if (deliversAll() && q < entry.heldQ) {
                entry.onState(notified.containsKey("st"));
                continue; // it had that when it came back
            }
            assertThat(q).as(name + " image older than what it was sent").isGreaterThanOrEqualTo(entry.q);
            assertThat(entry.topic.isCarried(q)).isTrue();
            if (isResumed && !entry.isAwaited && !entry.mayJump && !notified.containsKey("st") && view.isFull()) {
                assertThat(Math.max(Math.max(entry.topic.position(q), entry.topic.stateP), feed.stateP))
                    .as(name + " " + entry.topic.symbol + " did not change").isGreaterThanOrEqualTo(p);
            }
            if (deliversAll() && !entry.isAwaited && !entry.mayJump) {
                final long visible = entry.topic.visible(Math.max(entry.q, entry.otherViewQ), q - 1, view);
                assertThat(visible)
                    .as(name + " " + entry.topic.symbol + " image q" + q + " leaves out from q" + entry.q)
                    .isLessThanOrEqualTo(missedMost);
            }
            missedLeast = Math.max(0, missedLeast - Math.max(0, q - entry.q));
            entry.mayJump = false;
            if (channel.isEventChannel() && replaces.equals("one") && notified.get("v").equals(Map.of())) {
                entry.q = q; // where to count from, no event
            } else {
                entry.image(q, notified.get("v"), view);
            }
            entry.onState(notified.containsKey("st"));
        }
        if (isResumed && message.containsKey("last")) {
            entries.values().stream().filter(entry -> entry.isKept).forEach(entry -> entry.onState(!isFeedLive));
        }
        if (message.containsKey("last") && !replaces.equals("one")) {
            final Expected done = expected.remove();
            entries.values().forEach(entry -> assertThat(entry.isAwaited && entry.awaitedBy.equals(done.id))
                .as(name + " " + entry.topic.symbol + " got no image").isFalse());
        }
        if (message.containsKey("last") || replaces.equals("one") || number(message, "p") > 0) {
            reached(number(message, "p"));
        }
    }

    void update(final Map<?, ?> message) {
        final List<?> data = ParsedJson.list(message.get("data"));
        assertThat(data).isNotEmpty();
        final Set<String> once = new HashSet<>();
        for (final Object each : data) {
            final Map<?, ?> notified = ParsedJson.object(each);
            final ReferenceEntry entry = checked(notified);
            assertThat(deliversAll() || once.add(entry.topic.symbol)).isTrue();
            final long q = number(notified, "q");
            if (!deliversAll() || q > entry.heldQ) {
                update(entry, q, notified.containsKey("c") ? number(notified, "c") : 0, notified);
            } // else it had that when it came back
            entry.onState(notified.containsKey("st"));
        }
        reached(number(message, "p"));
    }

    void gap(final Map<?, ?> message) {
        final long missed = number(message, "missed");
        assertThat(missed).isPositive();
        assertThat(deliversAll()).isTrue();
        missedAtGapP = missed + (number(message, "p") == gapP ? missedAtGapP : 0);
        gapP = number(message, "p");
        missedLeast += missed;
        missedMost += missed;
        if (channel.isBook() || !view.isFull() && channel != ReferenceChannel.TRADE) {
            held.stream().filter(symbol -> feed.topic(symbol) != null).forEach(this::entry);
            entries.values().forEach(entry -> entry.mayJump = true);
        }
        reached(number(message, "p"));
    }

    /** Nothing of what was before counts. */
    void begin() {
        missedLeast = 0;
        missedMost = 0;
        newestP = 0;
        gapP = -1;
        isPartial = false;
        p = -1;
    }

    /** What it needs to read rows came in front of them. */
    void announced(final int bytes, final long atNs) {
        pace.announced(bytes, atNs, name);
    }

    void paced(final int updates, final int bytes, final long atNs) {
        pace.sent(updates, bytes, atNs, name);
    }

    void unsubscribed(final Set<String> symbols) {
        held.removeAll(symbols);
        entries.keySet().removeAll(symbols);
        notified.keySet().removeAll(symbols);
        missedLeast = 0;
    }

    /** Nothing at or before {@code atP} is missing except what gaps reported. */
    void checkUpTo(final long atP) {
        long lacking = 0;
        for (final String symbol : held) {
            final ReferenceTopic topic = feed.topic(symbol);
            final long base = topic == null ? 0 : topic.qAt(atP);
            if (base > 0) {
                final ReferenceEntry entry = entry(symbol);
                if (base <= entry.q || entry.isAwaited) {
                    continue;
                }
                if (deliversAll()) {
                    final long lacks = topic.visible(Math.max(entry.q, entry.otherViewQ), base, view);
                    lacking += lacks;
                } else if (view.isFull() && base > entry.otherViewQ
                    || topic.carriedFrom(base).stream().noneMatch(q -> entry.shows(q, view))) {
                    // what came and went again since is no change either
                    assertThat(entry.q).as(name + " " + symbol + " at p " + atP + " in " + view).isEqualTo(base);
                }
            }
        }
        assertThat(lacking).as(name + " lacks at p " + atP + " without a gap").isLessThanOrEqualTo(missedMost);
    }

    /** Each update of the feed is here or was reported missing. */
    void checkEnd() {
        checkUpTo(Long.MAX_VALUE);
        assertThat(expected).as(name + " has its images").isEmpty();
        long behind = 0;
        for (final String symbol : held) {
            if (feed.topic(symbol) != null) {
                behind += feed.topic(symbol).newestQ() - entry(symbol).q;
                assertThat(notified.getOrDefault(symbol, "live")).as(name + " state of " + symbol)
                    .isEqualTo(feed.topic(symbol).state.name().toLowerCase(java.util.Locale.ROOT));
            }
        }
        assertThat(!deliversAll() || missedLeast <= behind)
            .as(name + " got larger gaps than it has: " + missedLeast + " " + behind).isTrue();
    }

    /** None waits longer under a limit of updates than all of them take. */
    void checkWaiting(final long nowNs) {
        if (deliversAll() || terms.maxRate() == 0 || terms.maxBytes() > 0 || !expected.isEmpty()) {
            entries.values().forEach(entry -> entry.waitsSinceNs = 0);
            return;
        }
        final long oneMs = Math.max(1_000 / terms.maxRate(), 1);
        final long mostMs = (held.size() + 2) * oneMs + 2L * Math.max(terms.intervalMs(), Math.max(oneMs, 20)) + 100;
        for (final ReferenceEntry entry : entries.values()) {
            if (entry.q >= entry.topic.qAt(Long.MAX_VALUE) || entry.shows(entry.topic.qAt(Long.MAX_VALUE), view)) {
                entry.waitsSinceNs = 0;
            } else if (entry.waitsSinceNs == 0) {
                entry.waitsSinceNs = nowNs;
            } else {
                assertThat(nowNs - entry.waitsSinceNs).as(name + " " + entry.topic.symbol + " starves")
                    .isLessThan(mostMs * 1_000_000);
            }
        }
    }

    private void update(final ReferenceEntry entry, final long q, final long c, final Map<?, ?> notified) {
        final ReferenceTopic topic = entry.topic;
        final String what = name + " " + topic.symbol + " q" + q + " c" + c + " after q" + entry.q + " in " + view;
        assertThat(entry.isAwaited).as(what + " in front of its image").isFalse();
        assertThat(q).as(what + " repeated or out of order").isGreaterThan(entry.q);
        assertThat(topic.isCarried(q)).as(what).isTrue();
        final long missed = q - entry.q - 1 - c;
        assertThat(missed).as(what + ": ledger, reported missing " + missedMost).isBetween(0L, missedMost);
        if (deliversAll()) {
            assertThat(topic.visible(Math.max(entry.q, entry.otherViewQ), q - 1, view)).as(what + ": left out")
                .isLessThanOrEqualTo(missed);
            assertThat(topic.position(q)).as(what + ": order over all topics").isGreaterThan(newestP);
            newestP = topic.position(q);
        }
        // each update counts: one that changed nothing is sent too
        final boolean isFree = deliversAll() && (view.fields().isEmpty() || topic.position(q) <= viewP);
        assertThat(isFree || topic.mayShow(deliversAll() ? q - 1 : entry.q, q, view)).as(what + " shows nothing")
            .isTrue();
        missedMost -= missed;
        missedLeast = Math.max(0, missedLeast - missed);
        entry.mayJump = false;
        entry.update(q, notified.get("v"),
            notified.containsKey("removed") ? ParsedJson.list(notified.get("removed")) : List.of(), view);
    }

    private void miss(final ReferenceEntry entry, final long upTo) {
        final long visible = entry.topic.visible(Math.max(entry.q, entry.otherViewQ), upTo, view);
        if (deliversAll()) {
            assertThat(visible).as(name + " " + entry.topic.symbol + " was not sent up to p")
                .isLessThanOrEqualTo(missedMost);
        } else {
            // what came and went again since is no change
            assertThat(entry.isBare()
                || entry.topic.carriedFrom(upTo).stream().anyMatch(q -> entry.shows(q, view)))
                .as(name + " " + entry.topic.symbol + " was not sent up to p").isTrue();
        }
    }

    private void reached(final long newP) {
        assertThat(newP).isLessThanOrEqualTo(feed.position());
        isAhead = newP == 0;
        if (!isAhead) {
            p = newP;
            checkUpTo(newP);
        }
    }

    private ReferenceEntry checked(final Map<?, ?> notified) {
        final String symbol = ParsedJson.bare(notified.get("s"));
        assertThat(held).as(name).contains(symbol);
        return entry(symbol);
    }

    static long number(final Map<?, ?> object, final String field) {
        return Long.parseLong((String) object.get(field));
    }
}
