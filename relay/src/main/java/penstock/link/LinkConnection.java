package penstock.link;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.feed.report.FeedReport;
import penstock.feed.tick.SessionState;
import penstock.link.message.BadMessageException;
import penstock.link.message.Welcome;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;
import penstock.time.Watchdog;
import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.venue.spec.UpstreamUrl;
import penstock.websocket.CloseCode;

/**
 * Keeps the link to another relay: connects, reconnects, takes addresses in turn. The feeds are stale when no byte has
 * come for {@link #STALE_MS}, for any cause; a connection that is back before with all that was missed is not seen by
 * subscribers.
 *
 * <p>Owned by the feed thread; other threads use the {@link LinkProxy}.
 */
final class LinkConnection implements Link {
    /** Three heartbeats. */
    static final long STALE_MS = 750;
    /** While it begins, the other relay may be busy with images. */
    static final long BEGIN_SILENCE_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(LinkConnection.class);

    private final ThreadOwner owner = new ThreadOwner();
    private final LinkPlan plan;
    private final UpstreamFactory upstreams;
    private final FeedClock clock;
    private final LinkTarget target;
    private final Counters counters;
    private final LinkReplica replica;
    private final LinkInterest interest;
    private final LinkTalk.Parts parts;
    private final LinkAddresses addresses;
    private final SingleTimer retry;
    private final LinkFlush flush;
    private final Watchdog bytes;
    private final Watchdog beginning;
    private final LinkStatus status;
    /** Null without a connection. */
    private Line line;
    private long retryInMs = -1;
    private boolean isStopping;
    /** Why nothing may be connected; null = it may. */
    private String suspended;

    LinkConnection(final LinkPlan plan, final UpstreamFactory upstreams, final FeedClock clock,
            final RandomGenerator random, final LinkTarget target, final Counters counters) {
        this.plan = plan;
        this.upstreams = upstreams;
        this.clock = clock;
        this.target = target;
        this.counters = counters;
        replica = new LinkReplica(plan, target, counters, clock);
        interest = new LinkInterest(clock, plan.maxTopics(), new Asker());
        parts = new LinkTalk.Parts(plan, replica, interest, target, clock);
        addresses = new LinkAddresses(plan.urls(), clock, random);
        status = new LinkStatus(clock);
        retry = new SingleTimer(clock);
        flush = new LinkFlush(target, clock, replica::isWaiting, this::goOn);
        bytes = new Watchdog(clock, STALE_MS, this::onSilent);
        beginning = new Watchdog(clock, BEGIN_SILENCE_MS, this::onBeginningSilent);
    }

    @Override
    public void onStart() {
        assert owner.check();
        connect();
    }

    @Override
    public void onStop() {
        assert owner.check();
        if (!isStopping) {
            isStopping = true;
            retry.cancel();
            flush.stop();
            bytes.stop();
            beginning.stop();
            interest.stop();
            if (line == null) {
                status.onStopped();
            } else {
                line.upstream.close(CloseCode.NORMAL, "relay stops");
            }
        }
    }

    @Override
    public void onSuspend(final String why) {
        assert owner.check();
        final boolean wasSuspended = suspended != null;
        suspended = why;
        if (isStopping) {
            return;
        }
        if (why == null && wasSuspended) {
            connect();
        } else if (why != null) {
            retry.cancel();
            drop();
            bytes.stop();
            status.enter(SessionState.BACKING_OFF, why);
            cut(LossReason.STANDBY);
        }
    }

    @Override
    public void onAddInterest(final int channel, final List<String> symbols) {
        assert owner.check();
        final LinkChannel its = replica.feeds().channel(channel);
        if (!isStopping && (its == null || its.isOnDemand())) {
            interest.add(channel, symbols);
            status.interestCount(interest.count());
        }
    }

    @Override
    public void onRemoveInterest(final int channel, final List<String> symbols) {
        assert owner.check();
        interest.remove(channel, symbols);
    }

    @Override
    public void onThreadEnded() {
        status.onThreadEnded();
    }

    @Override
    public LinkStatus status() {
        return status;
    }

    @Override
    public FeedReport onReport() {
        assert owner.check();
        return status.report(addresses.url().toString(), replica.feeds().channels().size());
    }

    private void connect() {
        if (isStopping || suspended != null || line != null) {
            return;
        }
        status.enter(SessionState.CONNECTING, "connecting to " + addresses.url());
        status.url(addresses.url().toString());
        final Line next = new Line(addresses.url());
        line = next;
        next.upstream = upstreams.connect(plan.asked(next.url), next);
    }

    /** No byte for too long: what the replica has is old. */
    private void onSilent() {
        counters.increment(Counter.FEED_SILENCES);
        final boolean isSilent = line != null && status.isLive();
        cut(isSilent || addresses.lastLoss() == null ? LossReason.SILENT : addresses.lastLoss().reason());
        if (isSilent) {
            lose(LossReason.SILENT, "no byte for " + STALE_MS + " ms");
        }
    }

    private void onBeginningSilent() {
        lose(LossReason.SILENT, "no byte for " + BEGIN_SILENCE_MS + " ms before its images had come");
    }

    private void cut(final LossReason reason) {
        if (!replica.feeds().isCut()) {
            replica.cut(reason.word(), line == null ? retryInMs : -1);
            LOG.warn("link: stale: {}", reason.word());
        }
        flush.flush();
    }

    private void lose(final LossReason reason, final String what) {
        final boolean wasOpen = line.isOpen;
        drop();
        onLost(UpstreamLoss.of(reason, what, wasOpen));
    }

    private void goOn() {
        if (line != null) {
            line.handle(replica::goOn);
        }
    }

    private void drop() {
        beginning.stop();
        if (line != null) {
            replica.finish();
            final Line dropped = line;
            line = null;
            dropped.end();
            dropped.upstream.abort();
        }
    }

    private void onLost(final UpstreamLoss loss) {
        loss.count(counters);
        retryInMs = addresses.onLoss(loss, status.liveNs());
        status.enter(SessionState.BACKING_OFF, loss.detail());
        retry.set(this::connect, retryInMs);
        flush.flush();
    }

    private void onComplete() {
        beginning.stop();
        bytes.start();
        addresses.onLive();
        status.enter(SessionState.LIVE, "live from " + line.url);
        LOG.info("link: live from {}, epoch {}", line.url, replica.epoch());
    }

    /** One connection, or an attempt. What comes after its end is not heard. */
    private final class Line implements UpstreamListener {
        private final UpstreamUrl url;
        private Upstream upstream;
        private LinkTalk talk;
        private boolean isOpen;

        Line(final UpstreamUrl url) {
            this.url = url;
        }

        private boolean isCurrent() {
            return line == this;
        }

        private void end() {
            if (talk != null) {
                talk.end();
            }
        }

        @Override
        public void onOpen() {
            assert owner.check();
            if (isCurrent() && !isStopping) {
                isOpen = true;
                counters.increment(Counter.FEED_CONNECTS);
                status.enter(SessionState.LOGGING_IN, "connected to " + url);
                talk = new LinkTalk(parts, text -> upstream.sendText(text), this::onWelcome,
                    LinkConnection.this::onComplete);
                beginning.start();
            }
        }

        private void onWelcome(final Welcome welcome) {
            status.hops(welcome.hops());
        }

        @Override
        public void onAlive(final long nowNs) {
            if (isCurrent()) {
                status.onByte(nowNs);
                // until all is here that was missed, bytes do not make it newer
                if (status.isLive()) {
                    bytes.onLife(nowNs);
                }
                beginning.onLife(nowNs);
            }
        }

        @Override
        public void onText(final byte[] buffer, final int offset, final int length, final long receivedNs) {
            if (isCurrent() && !isStopping) {
                handle(() -> talk.onText(buffer, offset, length));
            }
        }

        @Override
        public void onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
            if (isCurrent() && !isStopping) {
                handle(() -> talk.onBinary(buffer, offset, length, receivedNs));
            }
        }

        private void handle(final Runnable message) {
            try {
                message.run();
                if (replica.feeds().isStandby() && isCurrent()) {
                    lose(LossReason.STANDBY, url + " stands by");
                }
            } catch (final BadMessageException e) {
                lose(LossReason.PROTOCOL_ERROR, e.getMessage());
            } catch (final RefusedRelayException e) {
                counters.increment(Counter.LINK_REFUSALS);
                lose(LossReason.VENUE_ERROR, url + ": " + e.getMessage());
            }
        }

        @Override
        public boolean onPing(final byte[] payload, final int offset, final int length) {
            counters.increment(Counter.FEED_PINGS);
            return true;
        }

        @Override
        public void onBatchEnd() {
            if (isCurrent() && talk != null && !isStopping) {
                handle(talk::onBatchEnd);
                flush.flush();
                status.follow(replica);
            }
        }

        @Override
        public void onClosed(final UpstreamLoss loss) {
            if (isCurrent()) {
                if (!isStopping) {
                    replica.finish();
                }
                line = null;
                end();
                beginning.stop();
                if (isStopping) {
                    status.onStopped();
                } else {
                    if (loss.status() == LinkAddresses.LOOP) {
                        counters.increment(Counter.LINK_REFUSALS);
                    }
                    onLost(loss);
                }
            }
        }
    }

    /** Interest goes to the other relay as names of its subscription. */
    private final class Asker implements LinkInterest.Asker {
        @Override
        public boolean ask(final int channel, final List<String> names) {
            final LinkChannel its = replica.feeds().channel(channel);
            return its != null && line != null && line.talk != null && line.talk.ask(its, names);
        }

        @Override
        public void leave(final int channel, final List<String> names) {
            status.interestCount(interest.count());
            final LinkChannel its = replica.feeds().channel(channel);
            if (its != null) {
                for (final String name : names) {
                    final LinkTopic topic = its.leave(name);
                    if (topic != null) {
                        its.forget(topic, replica.completed());
                    }
                }
                if (line != null && line.talk != null) {
                    line.talk.leave(its, names);
                }
                flush.flush();
            }
        }

        @Override
        public void refuse(final int channel, final String name) {
            target.refuse(channel, name.getBytes(StandardCharsets.UTF_8), "feed.max-topics are in use",
                clock.epochUs());
            flush.flush();
        }
    }
}
