package penstock.ring;

import java.util.Arrays;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import penstock.telemetry.Counters;

/**
 * A full ring: the feed publishes more than fits while the shard reads. Payloads arrive whole, in order, the newest
 * last, and what was conflated is what did not arrive: {@code q} says it. The result is whole, in order, newest q. Each
 * half is one thread's.
 */
@JCStressTest
@Outcome(id = "true, true, 6", expect = Expect.ACCEPTABLE, desc = "all arrived or was conflated, the newest last")
@Outcome(expect = Expect.FORBIDDEN, desc = "a payload was overwritten, or an update is missing")
@State
public class FullRingStress implements TickHandler {
    private static final Counters COUNTERS = new Counters("stress");
    private static final byte[] SYMBOL = {'S'};
    private static final int UPDATES = 6;
    private static final int VALUE_BYTES = 12;

    // two slots of four hold the topic and an update; two payloads fit
    private final TickRing ring = new TickRing(4, 2 * VALUE_BYTES + 4);
    private final TickPoller poller = ring.poller(COUNTERS);
    private final TickPublisher publisher = ring.publisher(COUNTERS, List.of());
    private final int topic = publisher.addTopic(0, SYMBOL, 0, SYMBOL.length);
    private final UpdateSlice update = new UpdateSlice();
    private final byte[] value = new byte[VALUE_BYTES];
    private boolean isWhole = true;
    private boolean isOrdered = true;
    private long newest;

    /** The feed thread. */
    @Actor
    public void feed() {
        for (byte n = 1; n <= UPDATES; n++) {
            Arrays.fill(value, n);
            publisher.publish(topic, TickPublisher.NO_TIME, 0, update.set(value, 0, VALUE_BYTES, 0, VALUE_BYTES));
        }
        publisher.flush();
    }

    /** The shard's io thread. */
    @Actor
    public void shard() {
        poller.poll(this);
        poller.poll(this);
    }

    /** After both: what is pending arrives. */
    @Arbiter
    public void judge(final ZZI_Result result) {
        poller.poll(this);
        while (publisher.isBehind()) {
            publisher.flush();
            poller.poll(this);
        }
        result.r1 = isWhole;
        result.r2 = isOrdered;
        result.r3 = (int) newest;
    }

    @Override
    public void onTopic(final int id, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
        isWhole &= length == 1 && payloads[offset] == 'S';
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        for (int i = 0; i < tick.length; i++) {
            isWhole &= payloads[tick.offset + i] == tick.q;
        }
        isWhole &= tick.length == VALUE_BYTES;
        isOrdered &= tick.q > newest;
        newest = tick.q;
    }

    @Override
    public void onTopicState(final int id, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        isWhole = false;
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        isWhole = false;
    }
}
