package penstock.feed.request;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.text.PrintableText;
import penstock.time.FeedClock;
import penstock.upstream.SendQueue;
import penstock.venue.spec.AckSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.SubscribeSpec.Item;
import penstock.venue.spec.SubscribeSpec;

/**
 * Brings what one connection is subscribed to in line with what is wanted: asks, takes back, learns from the answers
 * what came of it, and asks again where none comes. A refused batch is asked for again in halves, so that one bad
 * symbol does not take the others with it. Owned by the feed thread.
 */
public final class SubscriptionReconciler {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionReconciler.class);
    /** Halving finds 10 bad ones of 100; a venue that refuses everything is not asked for every symbol alone. */
    private static final int MAX_HALVINGS = 64;
    private static final long HALVINGS_NS = 60_000_000_000L;
    private static final int SHOWN_SYMBOLS = 5;
    /** What is wanted within this time shares messages. */
    private static final long TOGETHER_MS = 5;

    private final SubscribeSpec spec;
    private final int maxItems;
    private final FeedClock clock;
    private final RejectedSymbols refusals;
    private final Owner owner;
    private final PendingRequests open;
    private final AckCorrelator finder;
    private final Map<Item, ItemState> standings = new LinkedHashMap<>();
    /** Those that something must be asked for. */
    private final Set<Item> changed = new LinkedHashSet<>();
    private FeedClock.Timer soon;
    private int itemCount;
    private int halvings;
    private long halvedNs;
    private boolean hasAsked;
    private boolean isStopped;

    /** Whose connection it is. */
    public interface Owner {
        /** The venue does not answer, or can't be asked: the connection is of no use. */
        void onUnanswered(String what);

        /** For good, on this connection. */
        void onRefused(Collection<Item> items, String words);

        /** The venue confirmed them; earlier refusals no longer hold. */
        void onAccepted(Collection<Item> items);

        /** This connection can't carry them; they are not wanted here any more. */
        void onNoRoom(Collection<Item> items, String words);
    }

    /** {@code maxItems}: how many this connection may be subscribed to. */
    public SubscriptionReconciler(final SubscribeSpec spec, final int maxItems, final FeedClock clock,
            final SendQueue queue, final RejectedSymbols refusals,
            final Owner owner) {
        this.spec = spec;
        this.maxItems = maxItems;
        this.clock = clock;
        this.refusals = refusals;
        this.owner = owner;
        open = new PendingRequests(spec, clock, queue, new Sending());
        finder = new AckCorrelator(spec.ack(), open);
    }

    /**
     * Asks for these too, the first time at once; for what was refused before apart and last.
     *
     * @throws IllegalStateException that names the environment variable which is not set
     */
    public void want(final Collection<Item> items) {
        for (final Item item : items) {
            final ItemState standing = standings.computeIfAbsent(item, i -> new ItemState());
            standing.want(true);
            look(item, standing);
        }
        if (hasAsked) {
            reconcileSoon();
        } else {
            hasAsked = !items.isEmpty();
            reconcile();
        }
    }

    /** Takes these back, as far as the venue can be told. */
    public void unwant(final Collection<Item> items) {
        for (final Item item : items) {
            final ItemState standing = standings.get(item);
            if (standing != null) {
                standing.want(false);
                look(item, standing);
            }
        }
        reconcileSoon();
    }

    /** Whether it is wanted, and the venue can be told to begin it anew. */
    public boolean canRenew(final Item item) {
        return isWanted(item) && spec.canUnsubscribe();
    }

    /**
     * Takes this back and asks for it anew, so that the venue sends it from the beginning; false where that can't be.
     */
    public boolean renew(final Item item) {
        if (!canRenew(item)) {
            return false;
        }
        final ItemState standing = standings.get(item);
        standing.renew();
        look(item, standing);
        reconcileSoon();
        return true;
    }

    boolean isWanted(final Item item) {
        final ItemState standing = standings.get(item);
        return standing != null && standing.isWanted();
    }

    /** Everything wanted was asked for and, where the venue answers, answered. */
    public boolean isSettled() {
        return changed.isEmpty() && !open.hasSubscribe();
    }

    public void stop() {
        isStopped = true;
        open.stop();
        changed.clear();
        if (soon != null) {
            soon.cancel();
        }
    }

    /** An update came: where answers do not say what they are about, data is as good as one. */
    public void onData() {
        if (!open.isEmpty() && spec.ack() != null && spec.ack().mode() == AckSpec.Mode.STATE) {
            settleAllSent(false);
        }
    }

    /** A message that is not data; true when it was an answer that says no, and {@code kind} did not say so. */
    public boolean onMessage(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        final AckCorrelator.Found found = finder.find(kind, frame, offset, length);
        if (found == null) {
            return false;
        }
        final String words = found.isRefusal() || !found.refused().isEmpty()
            ? PrintableText.excerpt(frame, offset, length)
            : "";
        if (found.isOfAll()) {
            settleAllSent(true);
        } else if (found.request() == null) {
            if (found.isRefusal()) {
                LOG.warn("feed: the venue refuses a request and does not say which: {}", words);
            }
        } else if (found.request().isUnsubscribe()) {
            settle(found.request(), ItemState.Phase.NONE, found.all());
        } else {
            settle(found.request(), ItemState.Phase.TAKEN, found.taken());
            accept(found.taken());
            refuse(found, kind == ControlKind.SHARD, words);
        }
        return found.isRefusal() && kind != ControlKind.NACK && kind != ControlKind.SHARD;
    }

    private void accept(final List<Item> items) {
        if (!items.isEmpty()) {
            items.forEach(item -> refusals.remove(item.symbol()));
            owner.onAccepted(items);
        }
    }

    private void refuse(final AckCorrelator.Found found, final boolean isNoRoom, final String words) {
        final List<Item> unsure = unsure(found);
        settle(found.request(), ItemState.Phase.TAKEN, unsure);
        final List<Item> items = unsure.isEmpty() ? found.refused()
            : found.refused().stream().filter(item -> !unsure.contains(item)).toList();
        // a connection on which things are wanted day after day meets many bad symbols
        halvings = clock.nowNs() - halvedNs > HALVINGS_NS ? 0 : halvings;
        if (isNoRoom) {
            noRoom(found.request(), items, words);
        } else if (!items.isEmpty() && found.refused().size() > 1 && !found.isByName() && halvings < MAX_HALVINGS) {
            // none of them is named: half of them may be good, or all but one that is wanted no more
            halvings++;
            halvedNs = clock.nowNs();
            settle(found.request(), ItemState.Phase.NONE, items);
            changed.removeAll(items);
            final List<Item> wanted = items.stream().filter(this::isWanted).toList();
            request(false, wanted.subList(0, wanted.size() / 2));
            request(false, wanted.subList(wanted.size() / 2, wanted.size()));
        } else if (!items.isEmpty()) {
            final List<Item> told = items.stream().filter(this::isWanted).toList();
            settle(found.request(), ItemState.Phase.REFUSED, items);
            remember(told, words);
        }
    }

    /**
     * Asked for more than once and wanted no more: this may be the answer to the first time, and the second was taken.
     */
    private List<Item> unsure(final AckCorrelator.Found found) {
        return found.request().timesSent() < 2 || !spec.canUnsubscribe() ? List.of()
            : found.refused().stream().filter(item -> !isWanted(item)).toList();
    }

    private void noRoom(final VenueRequest request, final List<Item> items, final String words) {
        final List<Item> told = items.stream().filter(this::isWanted).toList();
        items.forEach(item -> standings.get(item).want(false));
        settle(request, ItemState.Phase.NONE, items);
        if (!told.isEmpty()) {
            owner.onNoRoom(told, words);
        }
    }

    private void remember(final List<Item> items, final String words) {
        final List<String> news = items.stream().map(Item::symbol).distinct()
            .filter(symbol -> refusals.add(symbol, words)).toList();
        if (!news.isEmpty()) {
            final String more = news.size() > SHOWN_SYMBOLS ? " and " + (news.size() - SHOWN_SYMBOLS) + " more" : "";
            LOG.warn("feed: the venue refuses {}{}: {}", PrintableText.excerpt(String.join(", ",
                news.subList(0, Math.min(news.size(), SHOWN_SYMBOLS)))), more, words);
        }
        if (!items.isEmpty()) {
            owner.onRefused(items, words);
        }
    }

    private void settleAllSent(final boolean unsubscribesToo) {
        for (final VenueRequest request : open.all()) {
            if (request.isSent() && (unsubscribesToo || !request.isUnsubscribe())) {
                settle(request, request.isUnsubscribe() ? ItemState.Phase.NONE : ItemState.Phase.TAKEN,
                    request.items());
            }
        }
    }

    /** That is how they stand now; what they should be instead comes soon. */
    private void settle(final VenueRequest request, final ItemState.Phase phase, final List<Item> items) {
        open.drop(request, items);
        for (final Item item : items) {
            enter(standings.get(item), phase, null);
            look(item, standings.get(item));
        }
        reconcileSoon();
    }

    private void enter(final ItemState standing, final ItemState.Phase phase, final VenueRequest request) {
        itemCount -= standing.takesRoom() ? 1 : 0;
        standing.enter(phase, request);
        itemCount += standing.takesRoom() ? 1 : 0;
    }

    /** What must be said waits in {@code changed}; what was not said yet is taken out of its message. */
    private void look(final Item item, final ItemState standing) {
        switch (standing.next(spec.canUnsubscribe())) {
            case ASK, LEAVE -> changed.add(item);
            case WITHDRAW -> {
                open.drop(standing.request(), List.of(item));
                enter(standing, standing.phase() == ItemState.Phase.ASKING ? ItemState.Phase.NONE
                    : ItemState.Phase.TAKEN, null);
                look(item, standing);
            }
            case FORGET -> {
                changed.remove(item);
                standings.remove(item);
            }
            default -> changed.remove(item);
        }
    }

    private void reconcileSoon() {
        if (soon == null && !changed.isEmpty() && !isStopped) {
            soon = clock.executeAfter(() -> {
                soon = null;
                reconcile();
            }, TOGETHER_MS);
        }
    }

    private void reconcile() {
        if (isStopped) {
            return;
        }
        final List<Item> leaving = new ArrayList<>();
        final List<Item> asking = new ArrayList<>();
        for (final Item item : changed) {
            (standings.get(item).phase() == ItemState.Phase.NONE ? asking : leaving).add(item);
        }
        changed.clear();
        // first, for it makes room
        spec.batches(leaving).forEach(batch -> request(true, batch));
        askWithinRoom(asking);
    }

    private void askWithinRoom(final List<Item> items) {
        final int room = Math.min(items.size(), Math.max(0, maxItems - itemCount));
        // also what is asked for still and wanted no more: it leaves once it is answered
        final long leavingCount = room == items.size() || !spec.canUnsubscribe() ? 0 : standings.values().stream()
            .filter(standing -> standing.takesRoom() && !standing.isWanted()).count();
        final int roomSoon = (int) Math.min(items.size(), room + leavingCount);
        final List<Item> now = items.subList(0, room);
        askInBatches(now.stream().filter(item -> !refusals.contains(item.symbol())).toList());
        askInBatches(now.stream().filter(item -> refusals.contains(item.symbol())).toList());
        changed.addAll(items.subList(room, roomSoon));
        final List<Item> tooMany = items.subList(roomSoon, items.size());
        if (!tooMany.isEmpty()) {
            tooMany.forEach(standings::remove);
            owner.onNoRoom(tooMany, "connection.max-subscriptions is " + maxItems);
        }
    }

    private void askInBatches(final List<Item> items) {
        spec.batches(items).forEach(batch -> request(false, batch));
    }

    private void request(final boolean isUnsubscribe, final List<Item> items) {
        if (!isStopped && !items.isEmpty()) {
            final VenueRequest request = open.open(isUnsubscribe, items);
            items.forEach(item ->
                enter(standings.get(item), isUnsubscribe ? ItemState.Phase.LEAVING : ItemState.Phase.ASKING, request));
            open.send(request);
        }
    }

    /** What becomes of messages that nobody answers. */
    private final class Sending implements PendingRequests.Owner {
        @Override
        public void onNoAnswerDue(final VenueRequest request) {
            settle(request, request.isUnsubscribe() ? ItemState.Phase.NONE : ItemState.Phase.TAKEN, request.items());
        }

        @Override
        public void onLate(final VenueRequest request) {
            LOG.warn("feed: request {} for {} symbols was not acknowledged within {} ms", request.id(),
                request.items().size(),
                spec.ack().timeoutMs());
            if (!request.isUnsubscribe()) {
                // the venue may have taken them all the same
                final List<Item> unwanted = request.items().stream().filter(item -> !isWanted(item)).toList();
                unwanted.forEach(item -> standings.get(item).doubt());
                settle(request, spec.canUnsubscribe() ? ItemState.Phase.TAKEN : ItemState.Phase.NONE, unwanted);
            }
        }

        @Override
        public void onGivenUp(final VenueRequest request, final String what) {
            if (request.isUnsubscribe()) {
                LOG.warn("feed: what is no longer wanted may go on coming: {}", what);
                settle(request, ItemState.Phase.NONE, request.items());
            } else {
                owner.onUnanswered("the subscription was " + what);
            }
        }
    }
}
