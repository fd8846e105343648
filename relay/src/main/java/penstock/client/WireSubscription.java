package penstock.client;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import penstock.client.rows.RowMessage;
import penstock.client.rows.RowTable;
import penstock.client.value.MessageEntry;
import penstock.client.value.RelayMessage;
import penstock.client.value.RelayMessage.Part;

/**
 * A subscription on the wire, for all grids that ask for the same. It outlives connections: it keeps the values, checks
 * the ledger, and knows from where it can be resumed.
 *
 * <p>Owned by the client's thread.
 */
final class WireSubscription {
    private final WireContext context;
    private final GapLedger ledger = new GapLedger();
    private final HeldTopics topics = new HeldTopics();
    /** Symbols as far as requests were answered. */
    private final Set<String> granted = new HashSet<>();
    private final WireGrids grids = new WireGrids();
    private final WireRequests requests;
    /** Of this connection. */
    private final RowTable rows = new RowTable();
    private GridTerms terms;
    private boolean isBook;
    private boolean isEvent;
    private boolean isAll;
    private boolean isDelta;
    private int intervalMs;
    /** Mode once: it has all, and nothing follows. */
    private boolean isOver;
    /** What can be resumed; 0 = nothing. */
    private long p;
    private long epoch;

    WireSubscription(final WireContext context, final GridTerms terms) {
        this.context = context;
        this.terms = terms;
        requests = new WireRequests(context, grids);
        isAll = terms.isEveryUpdate();
    }

    // ---- grids

    WireGrids grids() {
        return grids;
    }

    GridTerms terms() {
        return terms;
    }

    String name() {
        return requests.name();
    }

    int intervalMs() {
        return intervalMs;
    }

    HeldTopics topics() {
        return topics;
    }

    GapLedger ledger() {
        return ledger;
    }

    // ---- requests

    /** Subscribes on a new connection; goes on from where it was, if it can. */
    void begin() {
        if (isOver) {
            return;
        }
        final String kind = context.classOf(terms);
        isEvent = "event".equals(kind);
        isBook = "order-book".equals(kind);
        isAll = isEvent && !terms.isOnce() || terms.isEveryUpdate();
        isDelta = !isEvent && !isBook && terms.isDelta();
        intervalMs = isPaced() ? wantedMs() : 0;
        final StringBuilder request = new StringBuilder();
        terms.appendTo(request);
        if (isDelta) {
            request.append(",\"delta\":true");
        }
        if (isPaced()) {
            request.append(",\"interval\":").append(intervalMs);
        }
        if (p != 0 && !terms.isOnce()) {
            request.append(",\"resume\":{\"epoch\":").append(epoch).append(",\"p\":").append(p).append('}');
        }
        requests.subscribe(request.toString(), terms.symbols(), this::onAck);
    }

    private void onAck(final RelayMessage ack, final List<String> symbols) {
        if (ack.isTrue(Part.RESUMED)) {
            ledger.onResumed(p);
        } else if (ack.is(Part.REPLACES, "all")) {
            if (isAll && !granted.isEmpty()) {
                grids.onGap(EventListener.UNKNOWN);
            }
            clear();
        } else {
            symbols.forEach(topics::remove);
            ledger.onSubscribed();
        }
        granted.addAll(symbols);
    }

    /** Other symbols, none of them a pattern. */
    void change(final GridTerms other) {
        final List<String> before = terms.symbols();
        final List<String> added = other.symbols().stream().filter(symbol -> !before.contains(symbol)).toList();
        final List<String> removed = before.stream().filter(symbol -> !other.symbols().contains(symbol)).toList();
        terms = other;
        removed.forEach(this::giveBack);
        if (!context.isOpen()) {
            // there is nothing of what was added, so it cannot be claimed
            p = added.isEmpty() ? p : 0;
            return;
        }
        if (!added.isEmpty()) {
            requests.subscribe("", added, this::onAck);
        }
        if (!removed.isEmpty()) {
            requests.unsubscribe(removed, () -> removed.forEach(this::giveBack));
        }
    }

    private void giveBack(final String symbol) {
        granted.remove(symbol);
        drop(symbol);
    }

    /** Another interval, if the grids or the user want one. */
    void retime() {
        final int wantedMs = wantedMs();
        if (context.isOpen() && isPaced() && wantedMs != intervalMs) {
            intervalMs = wantedMs;
            requests.change(intervalMs);
        }
    }

    /** The client tells the relay an interval. */
    private boolean isPaced() {
        return !isAll && !terms.isOnce() && !terms.isPacedByRelay();
    }

    private int wantedMs() {
        return context.intervalMs(grids.shortestIntervalMs());
    }

    void end() {
        if (!isOver) {
            requests.end();
        }
    }

    void settle() {
        requests.settle();
    }

    // ---- losses

    /** The connection is lost. */
    void lose() {
        p = requests.isWhole() ? p : 0;
        requests.lose();
        rows.clear();
        for (HeldTopic topic = topics.first(); topic != null; topic = topic.after) {
            topic.held = topic.q;
            topic.isKept = true;
            topic.reported = null;
            topic.reason = null;
        }
        touchAll();
    }

    /** What it holds may be torn: nothing is resumed. */
    void distrust() {
        p = 0;
    }

    void loseFeed() {
        for (HeldTopic topic = topics.first(); topic != null; topic = topic.after) {
            topic.isLost = true;
            topic.isKept = false;
        }
        touchAll();
    }

    // ---- messages

    void onMessage(final RelayMessage message) {
        if (message.is(Part.TYPE, "update")) {
            onUpdate(message);
        } else if (message.is(Part.TYPE, "snapshot")) {
            onSnapshot(message);
        } else if (message.is(Part.TYPE, "gap")) {
            onGap(message);
        } else if (message.is(Part.TYPE, "rows")) {
            rows.announce(message);
        } else {
            onStatus(message);
        }
    }

    private void onSnapshot(final RelayMessage message) {
        final boolean isAnswer = !message.is(Part.REPLACES, "one");
        final boolean isLast = message.isTrue(Part.LAST);
        message.enterData();
        while (message.nextEntry()) {
            final HeldTopic topic = topicOf(message);
            if (topic == null) {
                continue;
            }
            if (!isAll || message.q() >= topic.held) {
                // of an event with fields an image may be no more than where to count from
                if (isEvent && message.isEmpty()) {
                    topic.q = message.q();
                } else {
                    topic.apply(message, isBook, isDelta);
                }
            }
            accept(topic, message);
        }
        if (isLast && isAnswer) {
            requests.onLastPiece();
            isOver = terms.isOnce();
            if (message.isTrue(Part.RESUMED)) {
                trustKept();
            }
        }
        if (isLast || !isAnswer || message.number(Part.P) != 0) {
            reach(message.number(Part.P));
        }
        settle();
    }

    private void trustKept() {
        final boolean isFeedLive = context.isFeedLive(terms.feed());
        for (HeldTopic topic = topics.first(); topic != null; topic = topic.after) {
            topic.trust(isFeedLive);
        }
        touchAll();
    }

    private void onUpdate(final RelayMessage message) {
        message.enterData();
        while (message.nextEntry()) {
            if (!onChange(message)) {
                return;
            }
        }
        reach(message.number(Part.P));
    }

    /** An update as rows: nothing of it counts if its sequences do not add up. */
    void onRows(final RowMessage message) {
        if (!message.read(rows)) {
            onBroken(new BrokenLedger(terms.channel(), null, 0, 0, 0, ledger.missed()));
            return;
        }
        while (message.nextEntry()) {
            if (!onChange(message)) {
                return;
            }
        }
        reach(message.p());
    }

    /** Whether the entry of an update adds up; else all begins again. */
    private boolean onChange(final MessageEntry entry) {
        final HeldTopic topic = topicOf(entry);
        if (topic == null) {
            return true;
        }
        final boolean isNew = !isAll || entry.q() > topic.held;
        if (isNew) {
            if (!ledger.accepts(topic.q, entry.q(), entry.c())) {
                onBroken(new BrokenLedger(terms.channel(), topic.symbol, entry.q(), entry.c(), topic.q,
                    ledger.missed()));
                return false;
            }
            topic.apply(entry, isBook, isDelta);
        }
        accept(topic, entry);
        if (isNew && isAll) {
            grids.onEvent(topic);
        }
        return true;
    }

    private void accept(final HeldTopic topic, final MessageEntry entry) {
        topic.accept(entry, context.nowMs());
        touch(topic);
        grids.onEntry(entry, topic);
    }

    private void onGap(final RelayMessage message) {
        final long count = message.number(Part.MISSED);
        final long at = message.number(Part.P);
        ledger.onGap(at, count);
        grids.onGap(count);
        reach(at);
    }

    private void onStatus(final RelayMessage message) {
        final ValueState state = ValueState.of(message.text(Part.STATE));
        final String reason = message.text(Part.REASON);
        for (final String symbol : message.texts(Part.SYMBOLS)) {
            final HeldTopic topic = topicOf(symbol);
            if (topic == null) {
                continue;
            }
            topic.reported = state == ValueState.LIVE ? null : state;
            topic.reason = reason;
            if (state == ValueState.DENIED) {
                topic.discard();
            }
            // the relay has forgotten it: its sequence begins again
            if ("not_subscribed".equals(reason) && state != ValueState.DENIED) {
                drop(symbol);
            } else {
                touch(topic);
            }
        }
    }

    private void reach(final long position) {
        p = position;
        epoch = context.epoch();
    }

    /** The ledger does not add up: says so, and begins again under another name. */
    private void onBroken(final BrokenLedger broken) {
        end();
        lose();
        p = 0;
        requests.rename();
        context.onBroken(broken);
        if (!grids.isEmpty() && context.isOpen()) {
            begin();
        }
    }

    // ---- topics

    private HeldTopic topicOf(final MessageEntry entry) {
        final HeldTopic topic = topics.get(entry);
        return topic == null ? topicOf(entry.symbol()) : topic;
    }

    /** Null if it is none of this subscription's. */
    private HeldTopic topicOf(final String symbol) {
        HeldTopic topic = topics.get(symbol);
        if (topic == null && (terms.hasPatterns() || granted.contains(symbol))) {
            topic = new HeldTopic(symbol);
            topics.add(topic);
        }
        return topic;
    }

    private void clear() {
        for (HeldTopic topic = topics.first(); topic != null; topic = topic.after) {
            grids.onGone(topic.symbol);
        }
        urge();
        topics.clear();
        ledger.clear();
    }

    private void drop(final String symbol) {
        if (topics.remove(symbol)) {
            grids.onGone(symbol);
            context.schedule();
        }
    }

    private void touch(final HeldTopic topic) {
        topics.touch(topic);
        context.schedule();
    }

    /** A state changed: no grid waits for its interval to show that. */
    void touchAll() {
        topics.touchAll();
        urge();
    }

    private void urge() {
        grids.onUrgent();
        context.schedule();
    }
}
