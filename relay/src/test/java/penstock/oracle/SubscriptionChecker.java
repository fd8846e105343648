package penstock.oracle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import penstock.testkit.ParsedJson;

/**
 * Judges what one subscription is sent, over all connections of its client: applies each message and compares the
 * result with what the venue sent. One thread.
 */
final class SubscriptionChecker {
    final String name;
    final Terms terms;
    /** Names and patterns that it asked for. */
    final List<String> asked = new ArrayList<>();
    private final Market market;
    private final Predicate<MarketTopic> mayBeSeen;
    private final ClientChecker.EntryListener listener;
    private final Verdict verdict;
    private final String client;
    private final Map<String, HeldTopic> topics = new TreeMap<>();
    /** As the relay reported it last; absent = live. */
    private final Map<String, String> reported = new TreeMap<>();
    /** The last position; 0 = none that can be resumed. */
    private long p;
    /** Of the position. */
    private long epoch;
    private boolean isAnswered;
    private boolean isResumed;
    /** Not answered yet by another relay than the one before. */
    private boolean hasMoved;
    /** How often another relay has gone on where the one before had been. */
    int resumedElsewhere;
    /** Not all images have come. */
    private boolean awaitsImages;
    private final MissingUpdates missing;

    SubscriptionChecker(final String client, final String name, final Terms terms, final Market market,
            final Predicate<MarketTopic> mayBeSeen, final ClientChecker.EntryListener listener,
            final Verdict verdict) {
        this.client = client;
        this.name = name;
        this.terms = terms;
        this.market = market;
        this.mayBeSeen = mayBeSeen;
        this.listener = listener;
        this.verdict = verdict;
        missing = new MissingUpdates(this::held, topics, terms.isFull(),
            (held, text) -> breach(Invariant.I5, held, text));
    }

    /** Asks for these symbols. */
    void ask(final List<String> symbols) {
        asked.clear();
        asked.addAll(symbols);
    }

    /** What to go on from after a reconnect, as JSON; null = begin again. */
    String resume() {
        return isAnswered && !awaitsImages && p > 0 ? "{\"epoch\":" + epoch + ",\"p\":" + p + "}" : null;
    }

    /** The connection is lost. */
    void onLost() {
        topics.values().forEach(HeldTopic::keep);
        reported.clear();
        isAnswered = isAnswered && !awaitsImages;
    }

    /** The next connection is to another relay, whose values may be older unless it is given a position. */
    void onMoved() {
        hasMoved = true;
    }

    /** {@code ofEpoch}: that of the relay that answers; {@code wasResumed}: whether the request had a position. */
    void onAck(final Map<?, ?> ack, final long ofEpoch, final boolean wasResumed) {
        isAnswered = true;
        isResumed = "true".equals(ack.get("resumed"));
        awaitsImages = !"\"none\"".equals(ack.get("replaces"));
        resumedElsewhere += hasMoved && isResumed ? 1 : 0;
        if (!isResumed) {
            final boolean mayBeOlder = hasMoved && !(wasResumed && epoch == ofEpoch);
            topics.values().forEach(mayBeOlder ? HeldTopic::forget : HeldTopic::discard);
            missing.clear();
        } else {
            missing.onResumed(p);
        }
        topics.values().forEach(held -> held.isElsewhere = hasMoved && isResumed);
        hasMoved = false;
        epoch = ofEpoch;
    }

    void onSnapshot(final Map<?, ?> message, final boolean isFeedLive) {
        final boolean answersRequest = !"\"one\"".equals(message.get("replaces"));
        for (final Object each : ParsedJson.list(message.get("data"))) {
            final Map<?, ?> entry = ParsedJson.object(each);
            final HeldTopic held = held(entry);
            if (held != null) {
                image(held, entry);
            }
        }
        if (message.containsKey("last") && answersRequest) {
            awaitsImages = false;
            if (isResumed) {
                topics.values().stream().filter(held -> held.isKept).forEach(held -> {
                    held.isKept = false;
                    held.isStale = !isFeedLive;
                });
            }
        }
        if (message.containsKey("last") || !answersRequest) {
            p = number(message, "p");
        }
    }

    private void image(final HeldTopic held, final Map<?, ?> entry) {
        final long q = number(entry, "q");
        if (terms.isAll() && q < held.heldQ) {
            onState(held, entry);
            return;
        }
        if (terms.channel() == MarketChannel.TRADE && !entry.containsKey("t")) {
            // no event, only where to count from
            missing.onImage(q - held.reachedQ);
            held.countFrom(q);
            return;
        }
        final long n = update(entry);
        final boolean isLate = n < held.n && held.topic.mayBeLate(n);
        if (n < held.floorN && !held.topic.mayBeLate(n) || n < held.n && !isLate) {
            breach(Invariant.I6, held, "an image of update " + n + " after update " + Math.max(held.n, held.floorN));
        }
        if (q < held.q) {
            breach(Invariant.I2, held, "an image of q " + q + " after q " + held.q);
        }
        missing.onImage(q - held.reachedQ);
        checkCount(held, q, n);
        final long before = held.n;
        accept(held, entry, q, n, true);
        held.n = isLate ? before : n;
    }

    void onUpdate(final Map<?, ?> message) {
        final Set<String> once = new HashSet<>();
        for (final Object each : ParsedJson.list(message.get("data"))) {
            final Map<?, ?> entry = ParsedJson.object(each);
            final HeldTopic held = held(entry);
            if (held == null) {
                continue;
            }
            if (!terms.isAll() && !once.add(held.topic.symbol)) {
                breach(Invariant.I2, held, "twice in one message");
            }
            final long q = number(entry, "q");
            if (terms.isAll() && q <= held.heldQ) {
                onState(held, entry);
            } else {
                update(held, entry, q);
            }
        }
        p = number(message, "p");
    }

    private void update(final HeldTopic held, final Map<?, ?> entry, final long q) {
        final long c = entry.containsKey("c") ? number(entry, "c") : 0;
        final long n = update(entry);
        final long newest = Math.max(held.n, held.floorN);
        final boolean isLate = n < newest && held.topic.mayBeLate(n);
        if (n < newest && !isLate || n == newest && !held.topic.isRepeatable(n) || q <= held.q) {
            breach(Invariant.I2, held, "update " + n + " (q " + q + ") after update " + newest + " (q " + held.q + ")");
        }
        if (terms.isOfEvents() && !held.addEvent(n)) {
            breach(Invariant.I2, held, "update " + n + " (q " + q + ") came before");
        }
        // the first update of a topic, as of a new epoch, has no image before it
        final long missed = held.missedBefore(q, c);
        final boolean isFirst = held.q == 0 && missing.covers(missed);
        if (!isFirst && (awaitsImages && held.q == 0 || held.isKept && !isResumed)) {
            breach(Invariant.I6, held, "update " + n + " (q " + q + ", c " + c + ") before its image");
        }
        // the relay before had lost events that it knew nothing of when it sent the last position
        final boolean isOtherLoss = terms.isOfEvents() && held.isElsewhere && missed > 0;
        if (!missing.covers(missed) && !isOtherLoss) {
            breach(terms.isAll() ? Invariant.I5 : Invariant.I4, held, "q " + q + " with c " + c + " after q "
                + held.reachedQ + ", reported missing: " + missing.most());
        }
        missing.onMissed(missed);
        checkCount(held, q, n);
        final long before = held.n;
        accept(held, entry, q, n, false);
        held.n = isLate ? before : n;
    }

    /** The relay counts what the venue sent, as far as all of that reached it. */
    private void checkCount(final HeldTopic held, final long q, final long n) {
        if (held.beginsCount(n)) {
            return;
        }
        // a number of a young second count may be taken for one of the first: models of their own judge that
        if (terms.isOfEvents() && held.topic.isFirstCount(n)) {
            held.owed += Math.max(0, n - held.n) - (q - held.q);
        }
        final boolean isRight = terms.isOfEvents() && held.topic.isFirstCount(n) ? held.isOwedRightly(n)
            : n <= held.n || q - held.q == n - held.n || !held.topic.isUndisturbed(held.n, n);
        if (!isRight) {
            breach(terms.isAll() ? Invariant.I5 : Invariant.I4, held, "from q " + held.q + " to " + q
                + ", but the venue sent updates " + (held.n + 1) + " to " + n + "; owed " + held.owed);
        }
    }

    private void accept(final HeldTopic held, final Map<?, ?> entry, final long q, final long n,
            final boolean isImage) {
        listener.onEntry(held.topic, n);
        held.apply(entry, isImage, terms);
        held.q = q;
        held.reach(q);
        held.n = n;
        onState(held, entry);
        if (!held.isStale) {
            final String problem = held.problem(n, terms);
            if (problem != null) {
                breach(Invariant.I1, held, problem);
            }
        }
    }

    private static void onState(final HeldTopic held, final Map<?, ?> entry) {
        held.isStale = entry.containsKey("st");
        held.isKept = false;
    }

    void onGap(final Map<?, ?> message) {
        if (!terms.isAll()) {
            breach(Invariant.I5, null, "a gap");
        }
        missing.onGap(message);
        p = number(message, "p");
    }

    /** Updates that a relay reported missing, and that it had by another one. */
    long countedAgain() {
        return missing.countedAgain();
    }

    void onStatus(final Map<?, ?> message) {
        final String state = ParsedJson.bare(message.get("state"));
        for (final Object each : ParsedJson.list(message.get("symbols"))) {
            final String symbol = ParsedJson.bare(each);
            if (state.equals("denied")) {
                deny(symbol);
            } else {
                checkAllowed(symbol);
            }
            final String before = reported.put(symbol, state);
            // what the client may see since a moment ago is reported live, too
            if (before == null ? state.equals("live") && holds(symbol) : before.equals(state)) {
                verdict.breach(Invariant.I7, client + " " + name + " " + symbol + " is reported " + state + " again");
            }
        }
    }

    private boolean holds(final String symbol) {
        final HeldTopic held = topics.get(symbol);
        return held != null && held.hasValue;
    }

    /** The client may not see the topic any more, at least for a while: what it has of it is void. */
    private void deny(final String symbol) {
        final HeldTopic held = topics.get(symbol);
        if (held != null) {
            held.discard();
            held.isKept = false;
        }
        // some of it may have been missing of this topic
        missing.onTopicLeft();
    }

    /** Nothing of these topics is held any more. */
    void checkHidden(final Predicate<MarketTopic> isHidden) {
        topics.values().stream().filter(held -> held.hasValue && !held.isKept && isHidden.test(held.topic))
            .forEach(held -> breach(Invariant.I8, held, "was not reported denied"));
    }

    void onFeedLost() {
        topics.values().forEach(held -> {
            held.isStale = true;
            held.isKept = false;
        });
    }

    /**
     * Nothing is shown live that is not; an event that is the last one for long is none of that. The client has read
     * all that it was sent.
     *
     * @param isSilent the relay has received nothing for longer than a venue may be silent
     * @param lagNs    how long an update may be on its way through the relay
     */
    void checkFresh(final boolean isSilent, final long nowNs, final long lagNs) {
        for (final HeldTopic held : topics.values()) {
            if (held.hasValue && !held.isStale && !reported.containsKey(held.topic.symbol)
                || held.hasValue && !held.isStale && reported.get(held.topic.symbol).equals("live")) {
                if (isSilent) {
                    breach(Invariant.I7, held, "update " + held.n + " is shown live, and the venue is silent");
                } else if (terms.isFull() && !terms.isOfEvents() && held.n < held.topic.arrived()
                    && nowNs - held.topic.arrivedNs() > lagNs && !held.topic.isOfYoungCount(held.topic.arrived())) {
                    breach(Invariant.I7, held, "update " + held.n + " is shown live, " + held.topic.arrived()
                        + " arrived " + (nowNs - held.topic.arrivedNs()) / 1_000_000 + " ms ago");
                }
            }
        }
    }

    /** All is quiet: it has the newest value of each topic, live. */
    void checkQuiet() {
        for (final MarketTopic topic : market.topics()) {
            if (topic.channel == terms.channel() && topic.sent() > 0 && isAllowed(topic.symbol)) {
                final HeldTopic held = topics.get(topic.symbol);
                if (held == null || !held.hasValue) {
                    verdict.breach(Invariant.I3, client + " " + name + " " + topic.symbol + ": nothing came of "
                        + topic.sent());
                    continue;
                }
                final String problem = terms.isFull() && held.n != topic.sent() ? "the last is update " + held.n
                    + " of " + topic.sent() : held.problem(topic.sent(), terms);
                if (problem != null) {
                    breach(Invariant.I3, held, problem);
                }
                if (terms.isOfEvents() && topic.isFirstCount(held.n) && !held.isSettled()) {
                    breach(Invariant.I5, held, held.owed + " more were sent than came or were reported missing");
                }
                if (held.reachedQ > held.q) {
                    breach(Invariant.I5, held, "missing up to q " + held.reachedQ + ", and the last is q " + held.q);
                }
                if (held.isStale || !reported.getOrDefault(topic.symbol, "live").equals("live")) {
                    breach(Invariant.I3, held, "still not live: " + reported.get(topic.symbol));
                }
            }
        }
        if (terms.isAll() && missing.least() > 0) {
            verdict.breach(Invariant.I5, client + " " + name + ": " + missing.least() + " more were reported missing than "
                + "are");
        }
    }

    private HeldTopic held(final Map<?, ?> entry) {
        return held(ParsedJson.bare(entry.get("s")));
    }

    private HeldTopic held(final String symbol) {
        final MarketTopic topic = market.topic(terms.channel(), symbol);
        if (topic == null) {
            verdict.breach(Invariant.I1, client + " " + name + ": no such symbol: " + symbol);
            return null;
        }
        checkAllowed(symbol);
        return topics.computeIfAbsent(symbol, each -> new HeldTopic(topic));
    }

    private void checkAllowed(final String symbol) {
        if (!isAllowed(symbol)) {
            verdict.breach(Invariant.I8, client + " " + name + " " + symbol + " came, asked for " + asked);
        }
    }

    private boolean isAllowed(final String symbol) {
        final MarketTopic topic = market.topic(terms.channel(), symbol);
        return topic != null && mayBeSeen.test(topic) && isAskedFor(symbol, asked);
    }

    static boolean isAskedFor(final String symbol, final List<String> asked) {
        return asked.stream().anyMatch(pattern -> matches(pattern, symbol));
    }

    private static boolean matches(final String pattern, final String symbol) {
        return pattern.endsWith("*") ? symbol.startsWith(pattern.substring(0, pattern.length() - 1))
            : pattern.equals(symbol);
    }

    /** The venue's update that an entry shows, by its time or by its value. */
    private long update(final Map<?, ?> entry) {
        if (!market.isNumberedByTime()) {
            return number(ParsedJson.object(entry.get("v")), "n");
        }
        return entry.containsKey("t") ? number(entry, "t") - MarketTopic.BASE_US : -1;
    }

    private static long number(final Map<?, ?> object, final String field) {
        return Long.parseLong((String) object.get(field));
    }

    private void breach(final Invariant invariant, final HeldTopic held, final String text) {
        verdict.breach(invariant, client + " " + name + (held == null ? "" : " " + held.topic.symbol) + ": " + text);
    }
}
