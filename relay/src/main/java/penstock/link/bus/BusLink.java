package penstock.link.bus;

import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.feed.report.FeedReport;
import penstock.feed.tick.SessionState;
import penstock.link.Link;
import penstock.link.LinkFlush;
import penstock.link.LinkReplica;
import penstock.link.LinkStatus;
import penstock.link.LinkTarget;
import penstock.link.RefusedRelayException;
import penstock.link.RelayCheck;
import penstock.link.message.BadMessageException;
import penstock.link.message.Welcome;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.thread.ThreadOwner;
import penstock.time.BackOff;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;
import penstock.upstream.LossReason;

/**
 * The link to another relay over a bus: keeps what the partitions publish, asks for their snapshots, and goes on with
 * what follows them. If a number is missing, or a partition is silent for {@link #STALE_MS}, the feeds are stale until
 * snapshots of all partitions have come.
 *
 * <p>Owned by the feed thread.
 */
public final class BusLink implements Link {
    /** Three signs of life. */
    static final long STALE_MS = 750;
    /** Until each partition has passed what the snapshots have. */
    static final long BEGIN_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(BusLink.class);
    private static final long LOOK_MS = 50;
    private static final long NS_PER_MS = 1_000_000;
    private static final int BATCH = 512;
    /** A link that was live for as long begins again at once. */
    private static final long STEADY_NS = 2_000_000_000;
    private static final long MIN_RETRY_MS = 50;
    private static final long MAX_RETRY_MS = 2_000;

    private final ThreadOwner owner = new ThreadOwner();
    private final BusPlan plan;
    private final BusLine line;
    private final BusInbox inbox;
    private final FeedClock clock;
    private final Counters counters;
    private final LinkReplica replica;
    private final RelayCheck check;
    private final LinkFlush flush;
    private final LinkStatus status;
    private final SingleTimer look;
    private final BackOff backOff;
    private final BusPartitions partitions;
    private final BusPublisher publisher;
    private BusPhase phase = BusPhase.OFF;
    private long joinNs;
    private long positionNs;
    /** What the last answer to a request was, if it was no snapshot. */
    private String answer;

    /** Reads nothing yet; {@code inbox} is filled over {@code line}. */
    BusLink(final BusPlan plan, final BusLine line, final BusInbox inbox, final FeedClock clock,
            final RandomGenerator random, final LinkTarget target, final Counters counters) {
        this.plan = plan;
        this.line = line;
        this.inbox = inbox;
        this.clock = clock;
        this.counters = counters;
        replica = new LinkReplica(plan.limits(), target, counters, clock);
        check = new RelayCheck(plan.relayId());
        flush = new LinkFlush(target, clock, replica::isWaiting, () -> handle(replica::goOn));
        status = new LinkStatus(clock);
        look = new SingleTimer(clock);
        backOff = new BackOff(MIN_RETRY_MS, MAX_RETRY_MS, random);
        partitions = new BusPartitions(plan);
        publisher = new BusPublisher(plan.subjects().text(), check, hops -> onHops(hops, target));
        inbox.wake(this::onMail);
    }

    @Override
    public void onStart() {
        assert owner.check();
        status.url(line.url() + ' ' + plan.subjects().text());
        status.enter(SessionState.CONNECTING, "connecting to " + line.url());
        line.listen(plan.subjects().all());
        line.start();
        join(0);
    }

    @Override
    public void onStop() {
        assert owner.check();
        if (!status.stopped().isDone()) {
            end("stopped");
            flush.stop();
            line.close();
            status.onStopped();
        }
    }

    @Override
    public void onSuspend(final String why) {
        assert owner.check();
        if (status.stopped().isDone()) {
            return;
        }
        if (why == null) {
            join(0);
        } else {
            replica.finish();
            end(why);
            cut(LossReason.STANDBY);
        }
    }

    private void end(final String why) {
        phase = BusPhase.OFF;
        look.cancel();
        partitions.reset();
        status.enter(SessionState.BACKING_OFF, why);
    }

    /** Names cannot be asked for over a bus: a feed has what others have asked for. */
    @Override
    public void onAddInterest(final int channel, final List<String> symbols) {
        assert owner.check();
    }

    @Override
    public void onRemoveInterest(final int channel, final List<String> symbols) {
        assert owner.check();
    }

    @Override
    public void onThreadEnded() {
        line.close();
        status.onThreadEnded();
    }

    @Override
    public LinkStatus status() {
        return status;
    }

    @Override
    public FeedReport onReport() {
        assert owner.check();
        return status.report(line.url(), replica.channelCount());
    }

    private void onMail() {
        assert owner.check();
        inbox.onLook();
        if (phase == BusPhase.OFF) {
            inbox.clear();
            return;
        }
        final long connects = inbox.takeConnects();
        if (connects > 0) {
            counters.add(Counter.FEED_CONNECTS, connects);
            partitions.hurry();
        }
        counters.add(Counter.LINK_OVERFLOWS, inbox.takeDropped());
        handle(this::read);
        if (inbox.bytes() > 0) {
            inbox.onRest();
        }
        status.follow(replica);
        flush.flush();
        if (connects > 0 && phase == BusPhase.JOINING) {
            onLook();
        }
    }

    private void read() {
        boolean isIdle = true;
        for (int i = 0; i < BATCH && phase != BusPhase.OFF; i++) {
            final BusMessage message = inbox.take();
            if (message == null) {
                break;
            }
            status.onByte(message.receivedNs());
            isIdle &= message.isSignOfLife();
            onMessage(message);
        }
        if (phase == BusPhase.POSITION || phase == BusPhase.LIVE) {
            replica.onBatchEnd();
            if (isIdle) {
                replica.onIdle();
            }
        }
    }

    private void handle(final Runnable work) {
        try {
            work.run();
        } catch (final BadMessageException e) {
            counters.increment(Counter.FEED_PROTOCOL_ERRORS);
            lose(LossReason.PROTOCOL_ERROR, e.getMessage());
        } catch (final RefusedRelayException e) {
            counters.increment(Counter.LINK_REFUSALS);
            lose(LossReason.VENUE_ERROR, e.getMessage());
        }
    }

    private void onMessage(final BusMessage message) {
        if (phase == BusPhase.JOINING && clock.nowNs() - joinNs < 0) {
            // snapshots that are asked for then have it
            return;
        }
        final BusPartition partition = partitions.get(message.partition());
        switch (message.kind()) {
            case NO_RELAY -> onRefused(partition, message, "no relay answers on "
                + plan.subjects().base(message.partition()));
            case REFUSAL -> onRefused(partition, message, "the relay sends no snapshot: " + message.text());
            case PIECE -> onPiece(partition, message);
            default -> onStream(partition, message);
        }
    }

    private void onRefused(final BusPartition partition, final BusMessage message, final String what) {
        partition.onRefused(message);
        answer = what;
    }

    private void onPiece(final BusPartition partition, final BusMessage piece) {
        if (phase != BusPhase.JOINING || !follow(piece)) {
            return;
        }
        if (partition.onPiece(piece)) {
            counters.increment(Counter.LINK_BUS_SNAPSHOTS);
            if (partitions.areComplete()) {
                begin();
            }
        }
        checkRoom();
    }

    private void onStream(final BusPartition partition, final BusMessage message) {
        if (!follow(message)) {
            return;
        }
        if (phase == BusPhase.JOINING) {
            partition.onEarly(message);
            checkRoom();
        } else if (!partition.onMessage(message)) {
            counters.increment(Counter.LINK_BUS_GAPS);
            lose(LossReason.GAP, partition.missing() + " of " + plan.subjects().partition(partition.number())
                + " is missing");
            partition.onEarly(message);
        }
    }

    /** Whether a message counts. From another relay than before, everything begins again. */
    private boolean follow(final BusMessage message) {
        final BusPublisher.Verdict verdict = publisher.hear(message);
        if (verdict == BusPublisher.Verdict.OLDER) {
            answer = "a relay publishes with epoch " + message.epoch() + ", which is older than " + publisher.epoch()
                + " of the one that was followed";
        } else if (verdict == BusPublisher.Verdict.NEW && phase == BusPhase.JOINING) {
            partitions.reset();
            onLook();
        } else if (verdict == BusPublisher.Verdict.NEW) {
            lose(LossReason.DISCONNECTED, "another relay publishes, " + publisher.text());
        }
        return verdict != BusPublisher.Verdict.OLDER;
    }

    /** The other relay is behind others by now. */
    private void onHops(final List<String> hops, final LinkTarget target) {
        if (replica.epoch() != 0) {
            status.hops(hops);
            target.hops(hops);
        }
    }

    private void checkRoom() {
        if (partitions.areFull()) {
            counters.increment(Counter.LINK_OVERFLOWS);
            lose(LossReason.GAP, "more than " + plan.limits().maxHeldBytes() + " bytes wait for snapshots");
        }
    }

    /** All snapshots have come. */
    private void begin() {
        final List<BusOffer> offers = partitions.offers();
        final Welcome welcome = BusOffer.together(offers);
        check.check(welcome, replica.epoch());
        final LinkReplica.Line[] lines = replica.begin(plan.subjects().count(), this::onComplete);
        replica.onWelcome(welcome);
        replica.onAllNew();
        status.hops(welcome.hops());
        status.enter(SessionState.LOGGING_IN, problemOr("has snapshots of " + plan.subjects().text()));
        phase = BusPhase.POSITION;
        positionNs = clock.nowNs();
        partitions.join(lines, offers, replica, positionNs);
        counters.add(Counter.LINK_BEGUN, replica.channelCount());
        replica.onImages();
    }

    private void onComplete() {
        phase = BusPhase.LIVE;
        answer = null;
        status.enter(SessionState.LIVE, "live from " + plan.subjects().text() + " at " + line.url());
        LOG.info("link: live from {}, epoch {}", plan.subjects().text(), replica.epoch());
    }

    private void lose(final LossReason reason, final String what) {
        final boolean wasSteady = status.liveNs() >= STEADY_NS;
        if (wasSteady) {
            backOff.reset();
        }
        final boolean isNews = !what.equals(status.detail());
        replica.finish();
        status.enter(SessionState.BACKING_OFF, what);
        cut(reason);
        final long delayMs = wasSteady ? 0 : backOff.nextWholeMs();
        if (isNews) {
            LOG.warn("link: {}: {}; snapshots are asked for in {} ms", reason.word(), what, delayMs);
        }
        join(delayMs);
    }

    private void cut(final LossReason reason) {
        if (!replica.isCut()) {
            replica.cut(reason.word(), -1);
            LOG.warn("link: stale: {}", reason.word());
        }
        flush.flush();
    }

    private void join(final long delayMs) {
        phase = BusPhase.JOINING;
        partitions.reset();
        joinNs = clock.nowNs() + delayMs * NS_PER_MS;
        look.set(this::onLook, delayMs);
    }

    /** What is to be done after a time without anything. */
    private void onLook() {
        assert owner.check();
        final long nowNs = clock.nowNs();
        switch (phase) {
            case JOINING -> {
                if (nowNs - joinNs >= 0 && partitions.ask(line, nowNs)
                        && status.state() == SessionState.BACKING_OFF) {
                    status.enter(SessionState.CONNECTING, status.detail());
                }
                explain(nowNs);
            }
            case POSITION -> {
                if (nowNs - positionNs >= BEGIN_MS * NS_PER_MS) {
                    lose(LossReason.SILENT, problemOr("what the snapshots have was not reached within " + BEGIN_MS
                        + " ms"));
                }
            }
            case LIVE -> checkSilence(nowNs);
            default -> {
                return;
            }
        }
        look.set(this::onLook, LOOK_MS);
    }

    private String problemOr(final String what) {
        final String problem = line.problem();
        return problem == null ? what : problem;
    }

    /** Says what it waits for, if it has waited for a while. */
    private void explain(final long nowNs) {
        if (nowNs - joinNs >= STALE_MS * NS_PER_MS) {
            final String waits = problemOr(answer != null ? answer : replica.epoch() == 0 && line.isConnected()
                ? "snapshots of " + plan.subjects().text() + " are awaited" : status.detail());
            if (!waits.equals(status.detail())) {
                status.enter(SessionState.CONNECTING, waits);
            }
        }
    }

    private void checkSilence(final long nowNs) {
        // what has come by now is read first: this thread may have been held up
        onMail();
        final BusPartition silent =
            phase == BusPhase.LIVE ? partitions.silent(nowNs, STALE_MS * NS_PER_MS) : null;
        if (silent != null && inbox.bytes() == 0) {
            counters.increment(Counter.FEED_SILENCES);
            lose(LossReason.SILENT, "nothing from " + plan.subjects().partition(silent.number()) + " for " + STALE_MS
                + " ms");
        }
    }
}
