package penstock.running;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.xnio.XnioIoThread;
import penstock.feed.FeedEnds;
import penstock.feed.FeedProxy;
import penstock.recording.delay.DelayedFeeds;
import penstock.recording.write.FeedRecording;
import penstock.recording.write.RelayRecorder;
import penstock.ring.RelayedEpoch;
import penstock.ring.TickPublisher;
import penstock.telemetry.Telemetry;
import penstock.time.FeedClock;
import penstock.time.IoThreadClock;
import penstock.topic.Channel;
import penstock.upstream.UpstreamFactory;

/**
 * Where feeds run: the feed thread with the ring's writing end, and what lies between the feeds and the network. Owned
 * by the threads that start, reload and stop the relay, one at a time.
 */
public final class FeedThread {
    private final FeedClock clock;
    private final Maker maker;
    private final TickPublisher publisher;
    private final FeedEnds ends;
    private final RelayRecorder recorder;
    private final DelayedFeeds delayed;
    /** Makes what follows the feeds with these channels; null = nothing does. */
    private Function<List<Channel>, TickPublisher.Tap> merges = channels -> null;
    private int runs;

    /** Makes feeds that do not connect yet. */
    public interface Maker {
        /**
         * A feed as planned.
         *
         * @param layer   what lies between the network and the feed
         * @param onFatal called when the venue rejects the feed permanently, with the reason
         */
        FeedProxy make(PlannedFeed planned, BiFunction<UpstreamFactory, FeedClock, UpstreamFactory> layer,
            Consumer<String> onFatal);
    }

    /**
     * On {@code thread}, over the network and into {@code publisher}.
     *
     * @param tls whom all feeds trust; null = as their configuration says
     */
    public FeedThread(final XnioIoThread thread, final TickPublisher publisher, final Telemetry telemetry,
            final FeedEnds ends, final RelayRecorder recorder, final DelayedFeeds delayed, final SSLContext tls) {
        this(new IoThreadClock(thread, failure -> telemetry.errors().record("a feed could not be changed", failure)),
            (planned, layer, onFatal) -> FeedProxy.over(thread, planned.plan(), tls == null ? planned.tls() : tls,
                layer, publisher, telemetry, onFatal), publisher, ends, recorder, delayed);
    }

    /** The thread of {@code clock}, whose feeds {@code maker} makes. */
    public FeedThread(final FeedClock clock, final Maker maker, final TickPublisher publisher, final FeedEnds ends,
            final RelayRecorder recorder, final DelayedFeeds delayed) {
        this.clock = clock;
        this.maker = maker;
        this.publisher = publisher;
        this.ends = ends;
        this.recorder = recorder;
        this.delayed = delayed;
    }

    /** What follows the feeds when they begin again, made for their channels. */
    public void merge(final Function<List<Channel>, TickPublisher.Tap> making) {
        merges = making;
    }

    /** Makes a feed that does not connect yet; throws {@link IllegalArgumentException} if it cannot run. */
    RunningFeed prepare(final PlannedFeed planned) {
        final int run = runs++;
        final FeedRecording recording = recorder.prepare(planned.number(), planned.config(), planned.venue());
        final FeedProxy proxy = maker.make(planned, (network, feedClock) -> {
            final UpstreamFactory source = planned.recording() == null ? network : delayed.over(run,
                planned.config().reception().delayed(), planned.recording(), planned.venue(), feedClock);
            return recording == null ? source : recording.over(source);
        }, ends.of(planned.plan().place()));
        return new RunningFeed(planned, run, proxy, recording, false);
    }

    /** It is not wanted. */
    void discard(final RunningFeed prepared) {
        delayed.stop(prepared.run());
    }

    /** Lets the shards and the counts know a feed that comes, in place of {@code before}, which may be null. */
    void introduce(final RunningFeed next, final RunningFeed before) {
        if (before != null) {
            before.proxy().replace();
            delayed.stop(before.run());
        }
        recorder.begin(next.planned().number(), next.recording());
        clock.execute(() -> {
            ends.onBegun(next.planned().plan().place(), before == null);
            publisher.introduce(next.introduction(TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis())));
        });
    }

    /**
     * Lets the shards know an epoch with feeds that take the places of all before; {@code whenBegun} gives their
     * channels.
     */
    void restart(final RelayedEpoch begun, final List<RunningFeed> next, final List<RunningFeed> before,
            final Supplier<List<Channel>> whenBegun) {
        before.forEach(each -> {
            each.proxy().replace();
            delayed.stop(each.run());
            recorder.begin(each.planned().number(), null);
        });
        next.forEach(each -> recorder.begin(each.planned().number(), each.recording()));
        clock.execute(() -> {
            publisher.tap(merges.apply(whenBegun.get()));
            next.forEach(each -> ends.onBegun(each.planned().plan().place(), false));
            publisher.renumber(begun);
        });
    }

    /** The feed leaves. */
    void remove(final RunningFeed leaving) {
        leaving.proxy().remove();
        delayed.stop(leaving.run());
        recorder.begin(leaving.planned().number(), null);
        clock.execute(() -> publisher.retire(leaving.planned().number()));
    }

    RelayRecorder recorder() {
        return recorder;
    }
}
