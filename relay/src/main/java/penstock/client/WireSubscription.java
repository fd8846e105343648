package penstock.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import penstock.client.rows.RowMessage;
import penstock.client.rows.RowTable;
import penstock.client.value.MessageEntry;
import penstock.client.value.RelayMessage;
import penstock.client.value.RelayMessage.Part;

/**
 * A subscription on the wire, for the grids of a pool. It outlives connections: it keeps the values, checks the ledger,
 * and knows from where it can be resumed.
 *
 * <p>Owned by the client's thread.
 */
final class WireSubscription implements WireRequests.Answers {
    private static final int NEVER_WANTED = -1;

    private final WireContext context;
    private final WireTopics.Sharing pool;
    private final GridTerms terms;
    private final GapLedger ledger = new GapLedger();
    /** What it is there for, in the order in which it was asked for. */
    private final Set<String> symbols = new LinkedHashSet<>();
    private final WireTopics topics;
    private final WireRequests requests;
    /** Of this connection. */
    private final RowTable rows = new RowTable();
    private boolean isBook;
    private boolean isEvent;
    private boolean isAll;
    private boolean isDelta;
    /** The interval that it is there for, and the one that the relay knows. */
    private int wantsMs = NEVER_WANTED;
    private int intervalMs;
    private boolean isBegun;
    /** Mode once: it has all, and nothing follows. */
    private boolean isOver;
    /** What can be resumed; 0 = nothing. */
    private long p;
    private long epoch;

    WireSubscription(final WireContext context, final WireTopics.Sharing pool) {
        this.context = context;
        this.pool = pool;
        terms = pool.terms();
        topics = new WireTopics(context, pool);
        requests = new WireRequests(context, this);
        isAll = terms.isEveryUpdate();
    }

    // ---- for its pool

    GridTerms terms() {
        return terms;
    }

    String name() {
        return requests.name();
    }

    int wantsMs() {
        return wantsMs;
    }

    void want(final int newIntervalMs) {
        wantsMs = newIntervalMs;
    }

    boolean isBegun() {
        return isBegun;
    }

    boolean isWhole() {
        return requests.isWhole();
    }

    boolean isEmpty() {
        return symbols.isEmpty();
    }

    Set<String> symbols() {
        return symbols;
    }

    WireTopics topics() {
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
        isBegun = true;
        final String kind = context.classOf(terms);
        isEvent = "event".equals(kind);
        isBook = "order-book".equals(kind);
        isAll = isEvent && !terms.isOnce() || terms.isEveryUpdate();
        isDelta = !isEvent && !isBook && terms.isDelta();
        setInterval(isPaced() ? context.intervalMs(wantsMs) : 0);
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
        requests.subscribe(request.toString(), List.copyOf(symbols), this::begin);
    }

    @Override
    public void onAck(final RelayMessage ack, final List<String> asked, final boolean isFirst) {
        if (ack.isTrue(Part.RESUMED)) {
            ledger.onResumed(p);
            topics.resume(p);
        } else if (ack.is(Part.REPLACES, "all")) {
            if (isAll && topics.isGranted()) {
                pool.onGap(EventListener.UNKNOWN);
            }
            topics.clear();
            ledger.clear();
        } else {
            topics.forget(asked);
            ledger.onSubscribed();
        }
        topics.grant(asked.stream().filter(symbols::contains).toList());
        if (isFirst) {
            // what joined and left before there was a subscription
            ask(List.copyOf(symbols));
            giveBack(asked);
        }
    }

    @Override
    public void onRefused(final RefusedException reason, final List<String> asked) {
        isBegun = requests.isAnswered();
        pool.refuse(reason, asked, isBegun);
    }

    @Override
    public void onAnswered() {
        settle();
    }

    /** Symbols join, unless they are there. */
    void add(final Set<String> wanted) {
        final List<String> added = wanted.stream().filter(symbol -> !symbols.contains(symbol)).toList();
        for (final String symbol : added) {
            topics.join(pool.take(symbol));
            symbols.add(symbol);
        }
        if (added.isEmpty()) {
            return;
        }
        if (!context.isOpen()) {
            // there is nothing of what was added, so it cannot be claimed
            p = 0;
        } else if (!isBegun) {
            begin();
        } else if (requests.isAnswered()) {
            ask(added);
        }
    }

    private void ask(final List<String> wanted) {
        final List<String> asked =
            wanted.stream().filter(symbol -> symbols.contains(symbol) && !topics.isGranted(symbol)).toList();
        if (!asked.isEmpty()) {
            requests.subscribe("", asked, () -> ask(asked));
        }
    }

    /** All other symbols leave. */
    void keep(final Set<String> wanted) {
        final List<String> removed = symbols.stream().filter(symbol -> !wanted.contains(symbol)).toList();
        removed.forEach(symbols::remove);
        if (!symbols.isEmpty()) {
            giveBack(removed);
        }
    }

    private void giveBack(final List<String> given) {
        final List<String> removed = given.stream().filter(symbol -> !symbols.contains(symbol)).toList();
        removed.forEach(topics::giveBack);
        if (!removed.isEmpty() && requests.isAnswered()) {
            requests.unsubscribe(removed, () -> giveBack(removed));
        }
    }

    /** Another interval, if the grids or the user want one. */
    void retime() {
        if (context.isOpen() && isPaced() && isBegun && context.intervalMs(wantsMs) != intervalMs) {
            setInterval(context.intervalMs(wantsMs));
            requests.change(intervalMs, () -> {
                intervalMs = NEVER_WANTED;
                retime();
            });
        }
    }

    private void setInterval(final int ms) {
        intervalMs = ms;
        topics.setInterval(ms);
    }

    /** The client tells the relay an interval. */
    private boolean isPaced() {
        return !isAll && !terms.isOnce() && !terms.isPacedByRelay();
    }

    /** Nothing more is wanted. */
    void end() {
        requests.end(isBegun && !isOver);
    }

    private void settle() {
        if (isWhole()) {
            topics.stay();
        }
        pool.settle();
    }

    // ---- losses

    /** The connection is lost. */
    void lose() {
        p = requests.isWhole() ? p : 0;
        isBegun = isOver;
        if (!isOver) {
            requests.lose();
        }
        rows.clear();
        topics.lose();
    }

    /** What it holds may be torn: nothing is resumed. */
    void distrust() {
        p = 0;
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
            final HeldTopic topic = topics.of(message);
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
                topics.trust(context.isFeedLive(terms.feed()));
            }
        }
        if (isLast || !isAnswer || message.number(Part.P) != 0) {
            reach(message.number(Part.P));
        }
        settle();
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
        final HeldTopic topic = topics.of(entry);
        if (topic == null) {
            return true;
        }
        final boolean isNew = !isAll || entry.q() > topic.held;
        if (isNew) {
            if (!ledger.accepts(topic, entry.q(), entry.c(), isAll)) {
                onBroken(new BrokenLedger(terms.channel(), topic.symbol, entry.q(), entry.c(), topic.q,
                    ledger.missed()));
                return false;
            }
            pool.onGap(ledger.onUpdate(topic, entry.q(), entry.c()));
            topic.apply(entry, isBook, isDelta);
        }
        accept(topic, entry);
        if (isNew && isAll) {
            pool.onEvent(topic);
        }
        return true;
    }

    private void accept(final HeldTopic topic, final MessageEntry entry) {
        topic.accept(entry, context.nowMs());
        topics.arrive(topic);
        topic.tellEntry(entry);
    }

    private void onGap(final RelayMessage message) {
        pool.onGap(ledger.onGap(message, topics));
        reach(message.number(Part.P));
    }

    private void onStatus(final RelayMessage message) {
        final ValueState state = ValueState.of(message.text(Part.STATE));
        final String reason = message.text(Part.REASON);
        for (final String symbol : message.texts(Part.SYMBOLS)) {
            final HeldTopic topic = topics.of(symbol);
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
                topics.drop(topic);
            } else {
                topics.touch(topic);
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
        context.onBroken(broken);
        if (!isBegun && !requests.isEnded() && context.isOpen()) {
            begin();
        }
    }
}
