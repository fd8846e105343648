package penstock.feed.request;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.text.PrintableText;
import penstock.time.FeedClock;
import penstock.venue.spec.AckSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.SubscribeSpec.Item;

/**
 * Brings the subscriptions of one connection in line with the desired ones: subscribes, unsubscribes, reads the
 * answers, and sends again if none arrives. A rejected batch is bisected, so that one bad symbol does not take the
 * others with it. Owned by the feed thread.
 */
public final class SubscriptionReconciler {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionReconciler.class);
    /** 64 bisections find 10 bad symbols of 100; a venue that rejects everything is not asked for each symbol alone. */
    private static final int MAX_BISECTIONS = 64;
    private static final long BISECTIONS_WINDOW_NS = 60_000_000_000L;
    private static final int MAX_LOGGED_SYMBOLS = 5;
    /** Changes within this time share messages. */
    private static final long BATCH_DELAY_MS = 5;

    private final SubscribeSpec spec;
    private final int maxItems;
    private final LineContext line;
    private final RejectedSymbols rejected;
    private final BatchLimit limit;
    private final SubscriptionListener listener;
    private final Consumer<String> onUnanswered;
    private final PendingRequests pending;
    private final RepeatedRequests repeated;
    private final AckCorrelator acks;
    private final Map<Item, ItemState> states = new LinkedHashMap<>();
    /** Items that need a request. */
    private final Set<Item> changed = new LinkedHashSet<>();
    private FeedClock.Timer scheduled;
    private int itemCount;
    private int bisections;
    private long bisectedNs;
    private boolean hasSubscribed;
    /** The venue has answered a request or sent data: silence means something. */
    private boolean isAlive;
    private boolean isStopped;

    /**
     * No subscriptions yet.
     *
     * @param maxItems     the limit of this connection
     * @param onUnanswered the venue does not answer: the connection is of no use; with the reason
     */
    public SubscriptionReconciler(final SubscribeSpec spec, final int maxItems, final LineContext line,
            final LearnedAnswers learned, final SubscriptionListener listener, final Consumer<String> onUnanswered) {
        this.spec = spec;
        this.maxItems = maxItems;
        this.line = line;
        rejected = learned.rejected();
        limit = learned.batches();
        this.listener = listener;
        this.onUnanswered = onUnanswered;
        pending = new PendingRequests(spec, line, request -> listener.onRequested(request.items()),
            this::onSentWithoutAck, this::onLate, this::onAbandoned);
        repeated = new RepeatedRequests(line.clock(), this::reconcileSoon);
        acks = new AckCorrelator(spec.ack(), pending, repeated);
    }

    /**
     * Adds these, the first time at once; symbols that were rejected before are requested separately and last.
     *
     * @throws IllegalStateException that names the environment variable which is not set
     */
    public void subscribe(final Collection<Item> items) {
        for (final Item item : items) {
            final ItemState state = states.computeIfAbsent(item, i -> new ItemState());
            state.desire(true);
            update(item, state);
        }
        if (hasSubscribed) {
            reconcileSoon();
        } else {
            hasSubscribed = !items.isEmpty();
            reconcile();
        }
    }

    /** Removes these, if the venue knows an unsubscribe. */
    public void unsubscribe(final Collection<Item> items) {
        for (final Item item : items) {
            final ItemState state = states.get(item);
            if (state != null) {
                state.desire(false);
                update(item, state);
            }
        }
        reconcileSoon();
    }

    /** Whether the item is desired, and the venue knows an unsubscribe. */
    public boolean canResubscribe(final Item item) {
        return isDesired(item) && spec.canUnsubscribe();
    }

    /** Unsubscribes and subscribes again, so that the venue sends a snapshot; false if that is not possible. */
    public boolean resubscribe(final Item item) {
        if (!canResubscribe(item)) {
            return false;
        }
        final ItemState state = states.get(item);
        state.restart();
        update(item, state);
        reconcileSoon();
        return true;
    }

    public int requests() {
        return pending.size();
    }

    /** Everything desired was requested and, if the venue answers, answered. */
    public boolean isSettled() {
        return changed.isEmpty() && !pending.hasSubscribe();
    }

    public void stop() {
        isStopped = true;
        pending.stop();
        repeated.stop();
        changed.clear();
        if (scheduled != null) {
            scheduled.cancel();
        }
    }

    /** An update arrived: if answers do not say what they are about, data is as good as an answer. */
    public void onData() {
        isAlive = true;
        if (!pending.isEmpty() && spec.ack() != null && spec.ack().mode() == AckSpec.Mode.STATE) {
            settleAllSent(false);
        }
    }

    /** A message that is not data; true if it was a rejection that {@code kind} did not show. */
    public boolean onMessage(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        final AckCorrelator.Answer answer = acks.find(kind, frame, offset, length);
        if (answer == null) {
            return false;
        }
        isAlive = true;
        final String words = answer.isRejection() || !answer.rejected().isEmpty()
            ? PrintableText.excerpt(frame, offset, length) : "";
        if (answer.isOfAll()) {
            settleAllSent(true);
        } else if (answer.request() == null) {
            if (answer.isRejection()) {
                LOG.warn("{}: venue rejected a request without naming it: {}", line.title(), words);
            }
        } else if (answer.request().isUnsubscribe()) {
            settle(answer.request(), ItemState.Phase.NONE, answer.all());
        } else {
            settle(answer.request(), ItemState.Phase.ACTIVE, answer.accepted());
            onAccepted(answer.accepted());
            onRejected(answer, kind == ControlKind.SHARD, words);
        }
        if (answer.request() != null && !answer.isRejection() && answer.request().items().isEmpty()) {
            limit.onAnswered(answer.request());
        }
        return answer.isRejection() && kind != ControlKind.NACK && kind != ControlKind.SHARD;
    }

    boolean isDesired(final Item item) {
        final ItemState state = states.get(item);
        return state != null && state.isDesired();
    }

    private void onAccepted(final List<Item> items) {
        if (!items.isEmpty()) {
            items.forEach(item -> rejected.remove(item.symbol()));
            listener.onAccepted(items);
        }
    }

    private void onRejected(final AckCorrelator.Answer answer, final boolean isNoRoom, final String words) {
        final List<Item> unsure = unsure(answer);
        unsure.forEach(item -> states.get(item).doubt());
        settle(answer.request(), ItemState.Phase.ACTIVE, unsure);
        final List<Item> items = unsure.isEmpty() ? answer.rejected()
            : answer.rejected().stream().filter(item -> !unsure.contains(item)).toList();
        // a connection that lives for days meets many bad symbols
        bisections = line.clock().nowNs() - bisectedNs > BISECTIONS_WINDOW_NS ? 0 : bisections;
        if (isNoRoom) {
            onNoRoom(answer.request(), items, words);
        } else if (!items.isEmpty() && answer.rejected().size() > 1 && !answer.isByName()
                && bisections < MAX_BISECTIONS) {
            bisect(answer.request(), items);
        } else if (!items.isEmpty()) {
            final List<Item> desired = items.stream().filter(this::isDesired).toList();
            settle(answer.request(), ItemState.Phase.REJECTED, items);
            report(desired, words);
        }
    }

    /** The venue does not name the bad items: half of them may be good, or all but one that is no longer desired. */
    private void bisect(final VenueRequest request, final List<Item> items) {
        bisections++;
        bisectedNs = line.clock().nowNs();
        settle(request, ItemState.Phase.NONE, items);
        changed.removeAll(items);
        final List<Item> desired = items.stream().filter(this::isDesired).toList();
        send(false, desired.subList(0, desired.size() / 2));
        send(false, desired.subList(desired.size() / 2, desired.size()));
    }

    /** Items not desired any more and requested twice: this may answer the first request; the second was accepted. */
    private List<Item> unsure(final AckCorrelator.Answer answer) {
        return answer.request().timesSent() < 2 || !spec.canUnsubscribe() ? List.of()
            : answer.rejected().stream().filter(item -> !isDesired(item)).toList();
    }

    private void onNoRoom(final VenueRequest request, final List<Item> items, final String words) {
        final List<Item> desired = items.stream().filter(this::isDesired).toList();
        items.forEach(item -> states.get(item).desire(false));
        settle(request, ItemState.Phase.NONE, items);
        if (!desired.isEmpty()) {
            listener.onNoRoom(desired, words);
        }
    }

    private void report(final List<Item> items, final String words) {
        final List<String> symbols = items.stream().map(Item::symbol).distinct()
            .filter(symbol -> rejected.add(symbol, words)).toList();
        if (!symbols.isEmpty()) {
            final int more = symbols.size() - MAX_LOGGED_SYMBOLS;
            LOG.warn("{}: venue rejected {}{}: {}", line.title(), PrintableText.excerpt(String.join(", ",
                symbols.subList(0, Math.min(symbols.size(), MAX_LOGGED_SYMBOLS)))),
                more > 0 ? " and " + more + " more" : "", words);
        }
        if (!items.isEmpty()) {
            listener.onRejected(items, words);
        }
    }

    private void settleAllSent(final boolean withUnsubscribes) {
        for (final VenueRequest request : pending.all()) {
            if (request.isSent() && (withUnsubscribes || !request.isUnsubscribe())) {
                onSentWithoutAck(request);
            }
        }
    }

    /** The items are in this phase now; requests towards their desired state are scheduled. */
    private void settle(final VenueRequest request, final ItemState.Phase phase, final List<Item> items) {
        pending.drop(request, items);
        for (final Item item : items) {
            enter(states.get(item), phase, null);
            update(item, states.get(item));
        }
        reconcileSoon();
    }

    private void enter(final ItemState state, final ItemState.Phase phase, final VenueRequest request) {
        itemCount -= state.usesRoom() ? 1 : 0;
        state.enter(phase, request);
        itemCount += state.usesRoom() ? 1 : 0;
    }

    /** Adds the item to {@code changed} if it needs a request; cancels a request that was not sent yet. */
    private void update(final Item item, final ItemState state) {
        switch (state.next(spec.canUnsubscribe())) {
            case SUBSCRIBE, UNSUBSCRIBE -> changed.add(item);
            case CANCEL -> {
                pending.drop(state.request(), List.of(item));
                enter(state, state.phase() == ItemState.Phase.SUBSCRIBING ? ItemState.Phase.NONE
                    : ItemState.Phase.ACTIVE, null);
                update(item, state);
            }
            case REMOVE -> {
                changed.remove(item);
                states.remove(item);
            }
            default -> changed.remove(item);
        }
    }

    private void reconcileSoon() {
        if (scheduled == null && !changed.isEmpty() && !isStopped) {
            scheduled = line.clock().executeAfter(() -> {
                scheduled = null;
                reconcile();
            }, BATCH_DELAY_MS);
        }
    }

    private void reconcile() {
        if (isStopped) {
            return;
        }
        final List<Item> toUnsubscribe = new ArrayList<>();
        final List<Item> toSubscribe = new ArrayList<>();
        for (final Item item : changed) {
            if (!repeated.contains(item)) {
                (states.get(item).phase() == ItemState.Phase.NONE ? toSubscribe : toUnsubscribe).add(item);
            }
        }
        changed.removeIf(item -> !repeated.contains(item));
        // first, because it makes room
        spec.batches(toUnsubscribe).forEach(batch -> send(true, batch));
        subscribeWithinLimit(toSubscribe);
    }

    private void subscribeWithinLimit(final List<Item> items) {
        final int room = Math.min(items.size(), Math.max(0, maxItems - itemCount));
        // items with a pending subscribe that are no longer desired leave too, once the venue has answered
        final long leavingCount = room == items.size() || !spec.canUnsubscribe() ? 0 : states.values().stream()
            .filter(state -> state.usesRoom() && !state.isDesired()).count();
        final int roomSoon = (int) Math.min(items.size(), room + leavingCount);
        final List<Item> now = items.subList(0, room);
        sendInBatches(now.stream().filter(item -> !rejected.contains(item.symbol())).toList());
        sendInBatches(now.stream().filter(item -> rejected.contains(item.symbol())).toList());
        changed.addAll(items.subList(room, roomSoon));
        final List<Item> excess = items.subList(roomSoon, items.size());
        if (!excess.isEmpty()) {
            excess.forEach(states::remove);
            listener.onNoRoom(excess, "connection.max-subscriptions is " + maxItems);
        }
    }

    private void sendInBatches(final List<Item> items) {
        limit.split(spec.batches(items)).forEach(batch -> send(false, batch));
    }

    private void send(final boolean isUnsubscribe, final List<Item> items) {
        if (!isStopped && !items.isEmpty()) {
            pending.send(add(isUnsubscribe, items));
        }
    }

    private VenueRequest add(final boolean isUnsubscribe, final List<Item> items) {
        final VenueRequest request = pending.add(isUnsubscribe, items);
        items.forEach(item -> enter(states.get(item),
            isUnsubscribe ? ItemState.Phase.UNSUBSCRIBING : ItemState.Phase.SUBSCRIBING, request));
        return request;
    }

    private void onSentWithoutAck(final VenueRequest request) {
        settle(request, request.isUnsubscribe() ? ItemState.Phase.NONE : ItemState.Phase.ACTIVE, request.items());
    }

    private void onLate(final VenueRequest request) {
        LOG.warn("{}: request {} for {} symbols was not acknowledged within {} ms", line.title(), request.id(),
            request.items().size(), spec.ack().timeoutMs());
        if (!request.isUnsubscribe()) {
            // the venue may have accepted them all the same
            final List<Item> undesired = request.items().stream().filter(item -> !isDesired(item)).toList();
            undesired.forEach(item -> states.get(item).doubt());
            settle(request, spec.canUnsubscribe() ? ItemState.Phase.ACTIVE : ItemState.Phase.NONE, undesired);
            onSilence(request);
        }
    }

    /** A message that is too long, or one bad symbol: halves tell which, until one symbol is left. */
    private void onSilence(final VenueRequest request) {
        final List<Item> items = request.items();
        final boolean isLast = request.timesSent() > spec.ack().retries();
        if (items.size() > 1 && (isAlive || !isLast)) {
            if (!isAlive) {
                limit.onSilence(items.size());
            }
            settle(request, ItemState.Phase.NONE, items);
            changed.removeAll(items);
            final VenueRequest first = add(false, items.subList(0, items.size() / 2));
            final VenueRequest second = add(false, items.subList(items.size() / 2, items.size()));
            request.halve(first, second);
            pending.send(first);
            pending.send(second);
        } else if (items.size() == 1 && isAlive && isLast) {
            // it may have accepted the subscription all the same
            settle(request, spec.canUnsubscribe() ? ItemState.Phase.ACTIVE : ItemState.Phase.REJECTED, items);
            report(items, "the venue does not answer the subscription, requested " + request.timesSent() + " times");
        }
    }

    private void onAbandoned(final VenueRequest request, final String why) {
        if (request.isUnsubscribe()) {
            LOG.warn("{}: unsubscribe not confirmed, updates may continue: {}", line.title(), why);
            settle(request, ItemState.Phase.NONE, request.items());
        } else {
            onUnanswered.accept("subscription was " + why);
        }
    }
}
