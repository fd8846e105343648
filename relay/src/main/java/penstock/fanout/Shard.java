package penstock.fanout;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.LatencyRecorder;
import penstock.topic.FeedStatus;
import penstock.topic.IdSet;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.CloseStatus;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * One io thread's share of the fan-out: its own copy of the topics, its sessions, nothing shared. A turn drains the
 * ring, marks who is due, and flushes the due sessions in slices of 3 ms, so that reads, accepts and pings never
 * starve. Owned by its io thread; {@link #wake} and {@link #drain} may be called from any.
 */
public final class Shard implements TickHandler {
    static final long SLICE_NS = 3_000_000;
    private static final int FLUSHES_PER_CLOCK = 8;
    /** How long ticks may lie in the ring when nobody wants them before. */
    private static final long LONGEST_REST_NS = 20_000_000;

    private final ShardThread thread;
    private final TickPoller poller;
    private final TopicTable topics;
    private final SessionSettings settings;
    private final Counters counters;
    private final ErrorLog errors;
    private final AtomicBoolean turnPending = new AtomicBoolean();
    private final Runnable turn = this::turn;
    private final TurnTimer timer;

    private final IdSet changed = new IdSet();
    private final FlushScheduler dues = new FlushScheduler();
    private final WriteCommit delivery;
    private final TopicStatusNotifier states = new TopicStatusNotifier(this);
    private final Replies answers;
    private final SubscriptionHandler desk;
    private final Housekeeping housekeeping;
    private final MessageBuffer message = new MessageBuffer(1024);

    private final IdPool sessionNumbers = new IdPool();
    private final IdSet telling = new IdSet();
    private Session[] sessions = new Session[64];
    private int sessionCount;
    private int sweepFrom;
    private boolean isDraining;
    private boolean isOnDemand;
    /** Nobody is armed, and the next deadline, with its turn, is near: ticks wait for it in the ring. */
    private volatile boolean isResting;

    /** {@code queueing} and {@code dwell} are written here only. */
    public Shard(final ShardThread thread, final TickPoller poller, final TopicTable topics,
            final SessionSettings settings,
                 final Counters counters, final ErrorLog errors, final LatencyRecorder... queueingAndDwell) {
        this.thread = thread;
        timer = new TurnTimer(thread, turn);
        this.poller = poller;
        this.topics = topics;
        this.settings = settings;
        this.counters = counters;
        this.errors = errors;
        delivery = new WriteCommit(this, queueingAndDwell[0], queueingAndDwell[1]);
        answers = new Replies(this);
        desk = new SubscriptionHandler(this);
        housekeeping = new Housekeeping(this, thread, errors);
    }

    /**
     * The venue is asked only for what subscribers want, and {@code demand} is told what that is. Before
     * {@link #start}, or never.
     */
    public void serveOnDemand(final Interest demand) {
        isOnDemand = true;
        desk.demand().tell(demand);
    }

    /** Begins to look after its sessions. Any thread, once. */
    public void start() {
        housekeeping.start();
    }

    /**
     * Something is in the ring. The feed thread; one task per turn, however often it is called, and none when all that
     * is here has to hold for some ms yet: waking a thread costs more than what it would do with one tick.
     */
    public void wake() {
        // what was published before is seen by the turn that clears the flags, or they are seen cleared here
        VarHandle.fullFence();
        if (!isResting || poller.isUrgent()) {
            askForTurn();
        }
    }

    /** A turn comes soon. Any thread. */
    void askForTurn() {
        if (!turnPending.get() && turnPending.compareAndSet(false, true)) {
            thread.execute(turn);
        }
    }

    /** Ends every session, and refuses new ones. Any thread. */
    public void drain(final CloseStatus why) {
        thread.execute(() -> {
            isDraining = true;
            for (final Session session : sessions) {
                if (session != null) {
                    close(session, why);
                }
            }
        });
    }

    /** A connection that was upgraded on this io thread. A session of the protocol is welcomed. */
    public Session open(final Transport outbound, final SessionKind kind, final String remote) {
        return open(outbound, kind, remote, 0);
    }

    /**
     * The same; {@code windowBits}: the window that compressed frames may need, 8 to 15; 0 = permessage-deflate was not
     * agreed.
     */
    public Session open(final Transport outbound, final SessionKind kind, final String remote, final int windowBits) {
        final int number = sessionNumbers.take();
        final Session session = new Session(this, number, kind, desk.newSessionId(), outbound, remote, windowBits);
        sessions = number < sessions.length ? sessions : Arrays.copyOf(sessions, number * 2);
        sessions[number] = session;
        sessionCount++;
        counters.increment(Counter.SESSIONS_OPENED);
        if (kind.hasMessages()) {
            answers.welcome(session);
        }
        if (isDraining) {
            session.close(CloseStatus.DRAINING);
        }
        return session;
    }

    /** Refuses what the first request of a session would be refused for: some can't be told later. */
    public void check(final Request.Subscribe first) throws RequestException {
        desk.check(first);
    }

    /** Sessions that are not gone. */
    public int sessionCount() {
        return sessionCount;
    }

    /** Subscriptions of all its sessions. */
    public int subscriptionCount() {
        return dues.count();
    }

    /** What this shard knows of the feed. */
    public TopicTable topics() {
        return topics;
    }

    /** The same, with all that is in the ring. */
    public TopicTable newestTopics() {
        drainRing();
        return topics;
    }

    /** Whether the feed is live and a first update has come; none comes on demand before somebody asks. */
    public boolean isReady() {
        return !isDraining && topics.feed().state() == FeedState.LIVE && (isOnDemand || topics.position() > 0);
    }

    /** Whether sessions are being ended. */
    public boolean isDraining() {
        return isDraining;
    }

    /** A feed's state as the protocol spells it. */
    public static String stateName(final FeedStatus feed) {
        return switch (feed.state()) {
            case LIVE -> "live";
            case CLOSED -> "closed";
            default -> "stale";
        };
    }

    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset, final int length) {
        desk.onTopic(topics.onTopic(topic, channel, payloads, offset, length));
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        final Topic topic = topics.topic(tick.topic());
        final TopicState before = topic.state();
        try {
            topics.onValue(tick, payloads);
        } finally {
            if (topic.state() != before) {
                states.onValue(topic, tick.receivedNs());
            }
        }
        changed.add(tick.topic());
        counters.increment(Counter.UPDATES_STORED);
        if (topic.channel().isEventChannel()) {
            counters.increment(Counter.EVENTS_STORED);
        }
        if (tick.missed() > 0) {
            counters.add(Counter.UPDATES_MISSED, tick.missed());
        }
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        counters.increment(Counter.TOPIC_STATES);
        states.onChanged(topics.onTopicState(topic, state, reason, sinceUs, p));
    }

    @Override
    public void onFeedState(final FeedState state, final String reason, final long sinceUs, final long retryInMs,
            final long p) {
        topics.onFeedState(state, reason, sinceUs, retryInMs, p);
        for (final Session session : sessions) {
            if (session != null) {
                telling.add(session.number);
            }
        }
    }

    FlushScheduler dues() {
        return dues;
    }

    Replies answers() {
        return answers;
    }

    Session[] sessions() {
        return sessions;
    }

    TopicStatusNotifier states() {
        return states;
    }

    WriteCommit delivery() {
        return delivery;
    }

    SubscriptionHandler desk() {
        return desk;
    }

    FrameBuilder frames() {
        return delivery.frames();
    }

    Counters counters() {
        return counters;
    }

    SessionSettings settings() {
        return settings;
    }

    long nowNs() {
        return thread.nowNs();
    }

    long epochUs(final long nowNs) {
        return thread.epochUs(nowNs);
    }

    /** The buffer for one control message, empty. */
    MessageBuffer message() {
        return message.clear();
    }

    /** Takes in all that is in the ring. Who is due for it is found out in the turn. */
    void drainRing() {
        poller.poll(this);
        final RuntimeException failure = poller.takeFailure();
        if (failure != null) {
            errors.record("an event of the ring could not be handled", failure);
        }
    }

    /** A session has something to say in this turn, or the next. */
    void tell(final Session session) {
        telling.add(session.number);
        askForTurn();
    }

    void gone(final Session session) {
        sessions[session.number] = null;
        telling.remove(session.number);
        sessionNumbers.giveBack(session.number);
        sessionCount--;
        counters.increment(Counter.SESSIONS_CLOSED);
    }

    private void turn() {
        assert thread.isCurrent() : "a shard's turn runs on its io thread";
        turnPending.set(false);
        isResting = false;
        VarHandle.fullFence();
        if (timer.givesWay()) {
            return;
        }
        drainRing();
        for (int id = changed.next(0); id >= 0; id = changed.next(id + 1)) {
            changed.remove(id);
            dues.onChanged(topics.topic(id));
        }
        states.takeSessions(telling);
        final long nowNs = thread.nowNs();
        delivery.onTurn(nowNs);
        dues.expire(nowNs);
        if (sweep(nowNs + SLICE_NS)) {
            counters.increment(Counter.SLICES_YIELDED);
            timer.yieldToSelector(turnPending.get());
        } else {
            dues.settled(topics.position());
            final long deadlineNs = dues.nextDeadlineNs();
            timer.set(deadlineNs);
            isResting = !dues.isAnyArmed() && deadlineNs != Long.MAX_VALUE && deadlineNs - nowNs < LONGEST_REST_NS;
        }
    }

    /**
     * Flushes who has something to be told, then who is due, each at most once; true when time ran out or something is
     * left.
     */
    private boolean sweep(final long endNs) {
        int flushes = 0;
        for (int n = telling.next(0); n >= 0; n = telling.next(n + 1)) {
            telling.remove(n);
            flush(sessions[n]);
            if (++flushes % FLUSHES_PER_CLOCK == 0 && thread.nowNs() - endNs > 0) {
                return true;
            }
        }
        final int start = dues.nextDue(sweepFrom) < 0 ? 0 : sweepFrom;
        int id = dues.nextDue(start);
        boolean wrapped = start == 0;
        while (id >= 0) {
            flush(dues.byId(id).session);
            if (++flushes % FLUSHES_PER_CLOCK == 0 && thread.nowNs() - endNs > 0) {
                sweepFrom = id + 1;
                return true;
            }
            id = dues.nextDue(id + 1);
            if (id < 0 && !wrapped) {
                wrapped = true;
                id = dues.nextDue(0);
            }
            if (wrapped && start > 0 && id >= start) {
                id = -1;
            }
        }
        sweepFrom = start + 1;
        return dues.nextDue(0) >= 0;
    }

    private void flush(final Session session) {
        try {
            session.flush(thread.nowNs());
        } catch (final RuntimeException e) {
            errors.record("a session could not be flushed", e);
            session.onDisconnected();
        }
    }

    private void close(final Session session, final CloseStatus why) {
        try {
            session.close(why);
        } catch (final RuntimeException e) {
            errors.record("a session could not be closed", e);
        }
    }
}
