package penstock.fanout;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import penstock.audit.AuditLog;
import penstock.audit.Termination;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.frame.SessionWriter;
import penstock.fanout.frame.Transport;
import penstock.fanout.frame.WriteCommit;
import penstock.fanout.harm.HarmMeter;
import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.schedule.FlushSweep;
import penstock.fanout.schedule.ShardClock;
import penstock.fanout.subscription.InterestCounts;
import penstock.fanout.subscription.SessionProfile;
import penstock.fanout.subscription.SubscriptionRegistry;
import penstock.fanout.subscription.TopicStatusTracker;
import penstock.identity.AccessControl;
import penstock.identity.Identity;
import penstock.identity.SessionAccess;
import penstock.memory.MemoryShare;
import penstock.ring.FeedIntroduction;
import penstock.ring.FeedPulse;
import penstock.ring.FeedState;
import penstock.ring.RelayedEpoch;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.HoldMeter;
import penstock.thread.ThreadOwner;
import penstock.topic.IdSet;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.usage.session.ShardUsage;

/**
 * One io thread's part of the fan-out: its own copy of the topics and its own sessions; nothing is shared. A turn
 * drains the ring, marks the subscriptions that are due, and flushes their sessions, in slices of 3 ms, so that reads,
 * accepts and pings never starve. Other threads use {@link ShardProxy}, and read counts and states. Owned by the
 * shard's io thread.
 */
public final class Shard implements TickHandler, SessionListener {
    /** Why a topic is gone: nothing named it for a while, or its feed begins again. Clients discard its value. */
    private static final String NOT_SUBSCRIBED = "not_subscribed";

    private final ThreadOwner owner = new ThreadOwner();
    private final ShardThread thread;
    private final TickPoller poller;
    private final TopicTable topics;
    private final Counters counters;
    private final ErrorLog errors;
    private final MemoryShare memory;
    private final ShardUsage usage;
    private final TurnScheduler turns;
    private final SlicedWork work;
    private final FlushScheduler scheduler;
    private final TopicStatusTracker status;
    private final InterestCounts interest;
    private final SubscriptionRegistry registry;
    private final ControlMessages messages;
    private final SubscriptionHandler handler;
    private final FirstRequests firstRequests;
    private final SessionWriter writer;
    private final SessionContext shared;
    private final SessionTable sessions;
    private final Housekeeping housekeeping;
    private final FlushSweep sweep;
    private final SplittableRandom random = new SplittableRandom();
    /** Topics with updates since the last turn. */
    private final IdSet changed = new IdSet();
    private final SessionDrain drain;
    private FeedWatch feedWatch;

    /** On {@code thread}, over the ring of {@code poller}. */
    public Shard(final ShardThread thread, final TickPoller poller, final TopicTable topics,
            final SessionSettings settings, final ShardMetrics metrics) {
        this.thread = thread;
        this.poller = poller;
        this.topics = topics;
        counters = metrics.counters();
        errors = metrics.errors();
        memory = metrics.memory();
        usage = metrics.usage();
        work = new SlicedWork(thread, errors, new HoldMeter(counters));
        turns = new TurnScheduler(thread, poller, this::onWake, work.holds(), metrics.latencies().ring());
        scheduler = new FlushScheduler(topics.feeds().size());
        sessions = new SessionTable(new HarmMeter(scheduler));
        status = new TopicStatusTracker(scheduler);
        interest = new InterestCounts(topics);
        registry = new SubscriptionRegistry(topics, scheduler, status, interest, thread, counters, memory);
        messages = new ControlMessages(topics, settings, thread);
        handler = new SubscriptionHandler(topics, settings, scheduler, registry, messages, this::newestTopics, work);
        firstRequests = new FirstRequests(topics, handler, work);
        writer = new SessionWriter(topics, scheduler, thread, new WriteCommit(topics, counters, metrics.latencies()));
        shared = new SessionContext(settings, thread, metrics, messages, handler,
            new TopicStatusNotifier(status, topics, scheduler, messages), writer);
        housekeeping = new Housekeeping(thread, sessions, errors);
        drain = new SessionDrain(thread, sessions, errors);
        sweep = new FlushSweep(thread, scheduler, number -> sessions.flush(number, thread.nowNs(), errors));
    }

    /** What subscriptions name; who is to learn of it is set before {@link ShardProxy#start}. */
    public InterestCounts interest() {
        return interest;
    }

    /** Reports a stale feed while the feed thread gives no sign of life. Before {@link ShardProxy#start}, or never. */
    public void watch(final FeedPulse pulse) {
        feedWatch = new FeedWatch(thread, pulse, counters, this::newestTopics, this, turns::request);
    }

    /** Clients have to show who they are, if {@code control} says so. Before {@link ShardProxy#start}, or never. */
    public void authenticate(final AccessControl control) {
        handler.clients().authenticate(control);
        messages.authenticate(control.mode());
    }

    /** Where the ends of sessions are reported. */
    public AuditLog audit() {
        return shared.audit();
    }

    /** Counts what clients are sent, for their licences; null if it is not counted. */
    public ShardUsage usage() {
        return usage;
    }

    /** Opens a session of an unknown client, which may see everything. */
    public Session open(final Transport transport, final SessionFormat format, final String remote) {
        return open(transport, format, remote, Identity.ANONYMOUS, remote);
    }

    /** Opens a session of a known client on a connection that was upgraded on this io thread. */
    public Session open(final Transport transport, final SessionFormat format, final String remote,
            final Identity identity, final String device) {
        assert owner.check();
        final SessionAccess rights = new SessionAccess(identity);
        final SessionProfile profile = new SessionProfile(sessions.takeNumber(), format, owner, remote, rights,
            usage == null || rights.isEdge() ? null : usage.open(rights, device));
        handler.clients().begin(rights, () -> newestTopics().position());
        handler.clients().onSession(rights, profile.client());
        // an id of 13 characters that is neither guessed nor repeated in a log
        final String id = Long.toString(random.nextLong(5L << 60, Long.MAX_VALUE), 36);
        final Session session = new Session(profile, shared, this, id, transport, remote);
        sessions.add(session, profile.isLink());
        housekeeping.schedule(session.number(), session.nextCheckNs(thread.nowNs()));
        counters.increment(Counter.SESSIONS_OPENED);
        if (profile.hasMessages()) {
            session.send(messages.welcome(id, profile));
        }
        if (drain.isDraining()) {
            session.close(Termination.DRAINED);
        }
        return session;
    }

    /** The client of a new session has shown who it is, in a message that preceded the session. */
    public void onAuthenticated(final Session session, final String requestId) {
        assert owner.check();
        session.send(messages.authenticated(requestId));
    }

    /** Whether sessions would refuse their first requests. */
    public FirstRequests firstRequests() {
        assert owner.check();
        return firstRequests;
    }

    /** The long work of the io thread. */
    public SlicedWork work() {
        return work;
    }

    /** The clocks of its thread. */
    public ShardClock clock() {
        return thread;
    }

    /** The open sessions, for the operator. */
    public SessionTable sessions() {
        assert owner.check();
        return sessions;
    }

    /** Sessions that are not disconnected. Any thread. */
    public int sessionCount() {
        return sessions.count();
    }

    /** Subscriptions of all sessions. Any thread. */
    public int subscriptionCount() {
        return scheduler.count();
    }

    /** What the clients of this shard may make it hold. */
    public MemoryShare memory() {
        return memory;
    }

    /** The topics as of the last turn. */
    public TopicTable topics() {
        return topics;
    }

    /** The topics with all updates that are in the ring; the turn decides which subscriptions are due for them. */
    public TopicTable newestTopics() {
        assert owner.check();
        poller.poll(this);
        return topics;
    }

    /** Whether sessions are being closed. Any thread. */
    public boolean isDraining() {
        return drain.isDraining();
    }

    /** Closes all sessions, if that is wanted. */
    public SessionDrain drain() {
        assert owner.check();
        return drain;
    }

    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset, final int length,
            final long sinceQ) {
        registry.onTopic(topics.onTopic(topic, channel, payloads, offset, length, sinceQ),
            session -> sessions.get(session).close(Termination.MEMORY_FULL));
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        final Topic topic = topics.topic(tick.topic());
        final TopicState before = topic.state();
        topics.onValue(tick, payloads);
        topic.onRead(turns.readNs(tick));
        if (topic.state() != before) {
            topic.onValueState(thread.epochUs(tick.receivedNs()));
            status.onValue(topic);
        }
        changed.add(tick.topic());
        shared.metrics().onStored(topic, tick);
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        counters.increment(Counter.TOPIC_STATES);
        registry.onState(topics.onTopicState(topic, state, reason, sinceUs, p), changed);
    }

    @Override
    public void onTopicConfirmed(final int id) {
        registry.onConfirmed(id, changed);
    }

    @Override
    public void onTopicForgotten(final int id, final long p) {
        final Topic topic = topics.topic(id);
        registry.onForgotten(topic, NOT_SUBSCRIBED, thread.epochUs(thread.nowNs()));
        topics.forget(topic, p);
        changed.remove(id);
    }

    @Override
    public void onNameRefused(final int channel, final byte[] payloads, final int offset, final int length,
            final String reason, final long sinceUs) {
        registry.onRefused(channel, new String(payloads, offset, length, StandardCharsets.UTF_8), reason, sinceUs);
    }

    @Override
    public void onFeed(final FeedIntroduction coming) {
        interest.onFeed(topics.onFeed(coming, memory), coming.run());
        sweep.grow(topics.feeds().size());
        sessions.addTo(sweep.pending());
    }

    @Override
    public void onEpoch(final RelayedEpoch begun) {
        drain.restart();
        // what ended sessions hold is given back before
        registry.advance(() -> false);
        topics.channels().forEach(channel -> channel.topics().forEach(topic -> changed.remove(topic.id())));
        topics.onEpoch(begun, memory);
        interest.onEpoch(begun);
        scheduler.onSettled(0);
        sweep.grow(topics.feeds().size());
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        topics.onFeedState(feed, state, reason, sinceUs, retryInMs, p);
        sessions.addTo(sweep.pending());
    }

    @Override
    public void onComplete(final long p) {
        topics.onComplete(p);
        sessions.addLinksTo(sweep.pending());
    }

    /** The topic may lack the event: it is stale until its next complete value. */
    @Override
    public void onFailure(final int topic, final Throwable failure) {
        errors.record("an event of the ring could not be handled", failure);
        if (topic != NO_TOPIC && topics.knows(topic)) {
            status.onChanged(topics.onFailure(topic, thread.epochUs(thread.nowNs())));
        }
    }

    @Override
    public void onPending(final int session, final boolean hasMessages) {
        if (hasMessages) {
            sweep.pending().add(session);
        }
        turns.request();
    }

    @Override
    public void onDeadline(final int session, final long deadlineNs) {
        housekeeping.schedule(session, deadlineNs);
    }

    @Override
    public void onEnded(final int session) {
        sweep.pending().remove(session);
        housekeeping.remove(session);
        sessions.remove(session);
        counters.increment(Counter.SESSIONS_CLOSED);
    }

    /** After each request: many that arrive together do not delay the updates of others. */
    public void runOverdueTurn() {
        assert owner.check();
        turns.runOverdue();
    }

    /** Each client is checked again before it is sent anything. Any thread. */
    void credentialsChanged() {
        if (handler.clients().onChanged()) {
            thread.execute(() -> {
                handler.clients().onLook();
                sessions.addTo(sweep.pending());
                turns.request();
            });
        }
    }

    TurnScheduler turns() {
        return turns;
    }

    void onStart() {
        assert owner.check();
        housekeeping.run();
        if (feedWatch != null) {
            feedWatch.run();
        }
    }

    /** One turn. */
    void onWake() {
        assert thread.isCurrent() : "a shard's turn runs on its io thread";
        if (turns.begin()) {
            try {
                turn();
            } catch (final RuntimeException | Error e) {
                errors.record("a turn of a shard failed", e);
                turns.fail();
            }
        }
    }

    private void turn() {
        final boolean isDrained = turns.drain(this);
        for (int id = changed.next(0); id >= 0; id = changed.next(id + 1)) {
            changed.remove(id);
            final Topic topic = topics.topic(id);
            scheduler.onChanged(topic.channel().feed().number(), topic.subscribers());
        }
        status.takeSessions(sweep.pending());
        final long nowNs = thread.nowNs();
        scheduler.onTurn(turns.beganNs());
        writer.onTurn(nowNs, turns.beganNs());
        scheduler.expire(nowNs);
        if (sweep.run(turns.beganNs()) || !isDrained) {
            counters.increment(Counter.SLICES_YIELDED);
            turns.yieldToSelector();
        } else {
            scheduler.onSettled(topics.position());
            turns.end(nowNs, scheduler.nextDeadlineNs(), scheduler.isAnyArmed());
        }
    }
}
