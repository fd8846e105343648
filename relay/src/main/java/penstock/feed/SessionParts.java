package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import penstock.feed.book.BookRecovery;
import penstock.feed.book.GapRecovery;
import penstock.feed.book.QuietBooks;
import penstock.feed.book.SnapshotSynchronizer;
import penstock.feed.request.Heartbeat;
import penstock.feed.request.LineContext;
import penstock.feed.request.LineListener;
import penstock.feed.request.LineOutcomes;
import penstock.feed.request.LoginScript;
import penstock.feed.request.SnapshotRequests;
import penstock.feed.request.SubscriptionReconciler;
import penstock.feed.tick.FeedStages;
import penstock.feed.tick.LineArbiter;
import penstock.feed.tick.LineLiveness;
import penstock.feed.tick.TickPipeline;
import penstock.feed.tick.TopicIndex;
import penstock.feed.tick.VenueDecoder;
import penstock.time.FeedClock;
import penstock.upstream.SendQueue;
import penstock.upstream.Upstream;
import penstock.venue.Venue;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.SubscribeSpec;

/**
 * The parts of one open connection, wired: what is sent on it, and the stages of what it sends. Owned by the feed
 * thread.
 */
final class SessionParts {
    private final Venue rules;
    private final SendQueue queue;
    private final Heartbeat heartbeat;
    private final LoginScript login;
    private final LineOutcomes outcomes;
    private final SubscriptionReconciler subscriptions;
    private final SnapshotRequests snapshots;
    private final BookRecovery books;
    private final QuietBooks quietBooks;
    private final LineLiveness liveness;
    private final TickPipeline ticks;
    private final VenueDecoder decoder;

    /** Nothing has been sent. */
    SessionParts(final FeedContext context, final AssignedItems items, final LineArbiter lines, final Venue rules,
            final Upstream upstream, final boolean isCandidate, final LineListener listener) {
        this.rules = rules;
        final FeedClock clock = context.clock();
        final FeedStages stages = context.stages();
        final ConnectionSpec.Idle idle = context.plan().idle(items.address());
        final IntFunction<String> names = stages.topics()::name;
        queue = new SendQueue(clock, upstream, rules.connection().rates().send(), rules.subscribe().rate());
        final LineContext line = new LineContext(context.title(), clock, queue);
        heartbeat = new Heartbeat(rules.heartbeat(), idle.pingMs(), clock, queue, listener::onUnanswered);
        login = new LoginScript(rules.session(), clock, queue, listener);
        outcomes = new LineOutcomes(items.outcomes(), !isCandidate, this::onRequested);
        subscriptions = new SubscriptionReconciler(rules.subscribe(), rules.connection().limits().maxSubscriptions(),
            line, context.learned(), outcomes, listener::onUnanswered);
        snapshots = new SnapshotRequests(line);
        books = new BookRecovery(rules, names, context.counters(),
            new SnapshotSynchronizer(context.snapshots(snapshots::ask), context.counters(),
                topic -> rules.symbols().spelling(names.apply(topic)), listener::onBookSynced),
            new GapRecovery(context.title(), clock, names, context.plan()::items, subscriptions, listener), listener);
        liveness = new LineLiveness(clock, idle, login, subscriptions, lines.state(), listener, listener::onUnanswered);
        quietBooks = new QuietBooks(rules, clock, new BookSubscriptions(context, items), lines.state()::isLive);
        ticks = new TickPipeline(stages, rules, books, lines, liveness, listener, isCandidate);
        decoder = new VenueDecoder(stages, rules, login, books, ticks, listener);
    }

    /** The message that subscribes to the item is sent. */
    private void onRequested(final SubscribeSpec.Item item) {
        rules.begin(item);
        quietBooks.onRequested(item);
    }

    SendQueue queue() {
        return queue;
    }

    Heartbeat heartbeat() {
        return heartbeat;
    }

    LoginScript login() {
        return login;
    }

    LineOutcomes outcomes() {
        return outcomes;
    }

    SubscriptionReconciler subscriptions() {
        return subscriptions;
    }

    BookRecovery books() {
        return books;
    }

    LineLiveness liveness() {
        return liveness;
    }

    TickPipeline ticks() {
        return ticks;
    }

    VenueDecoder decoder() {
        return decoder;
    }

    /**
     * A message that is not data: a heartbeat, or an answer of any kind; {@code kind} is null if no rule knows it. True
     * if it is a rejection that {@code kind} did not show.
     */
    boolean isRefusal(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        // ignored messages may arrive by the thousand
        final boolean isIgnored = kind == ControlKind.IGNORED;
        return (isIgnored || !heartbeat.onMessage(frame, offset, length))
            && (isIgnored && !snapshots.isWaiting() || !snapshots.onMessage(frame, offset, length))
            && subscriptions.onMessage(kind, frame, offset, length);
    }

    /** The connection has ended. */
    void stop() {
        liveness.stop();
        ticks.close();
        books.stop();
        quietBooks.stop();
        login.stop();
        queue.stop();
        heartbeat.stop();
        subscriptions.stop();
        snapshots.stop();
    }

    /** Of the books that wait for their first change. */
    private final class BookSubscriptions implements QuietBooks.Subscriptions {
        private final FeedContext context;
        private final AssignedItems items;

        BookSubscriptions(final FeedContext context, final AssignedItems items) {
            this.context = context;
            this.items = items;
        }

        @Override
        public boolean isPossible(final SubscribeSpec.Item item, final int channel, final String symbol) {
            return items.all().contains(item) && !outcomes.isRejected(item)
                && context.plan().items(channel, symbol).contains(item);
        }

        @Override
        public boolean isSettled() {
            return subscriptions.isSettled();
        }

        @Override
        public void ask(final int channel, final String symbol) {
            final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
            final int topic = context.stages().topics().topic(channel, name, 0, name.length);
            if (topic != TopicIndex.NONE) {
                books.onQuiet(channel, topic);
            }
        }
    }
}
