package penstock.fanout;

import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The wake-up of a shard with an armed subscription, and of one that left ticks in the ring until a deadline, by turns:
 * an update that the turn did not see has requested another turn. The result is updates seen, turns requested. Each
 * half is one thread's.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the turn saw the update")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the turn saw the update, and another one follows")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "another turn follows")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "the wake-up is lost")
@State
public class WakeUpStress {
    private final StressedShard shard = new StressedShard(ThreadLocalRandom.current().nextBoolean());

    /** The feed thread. */
    @Actor
    public void feed() {
        shard.publish();
    }

    /** The shard's io thread. */
    @Actor
    public void shard() {
        shard.turn();
    }

    /** After both. */
    @Arbiter
    public void judge(final II_Result result) {
        result.r1 = shard.seen();
        result.r2 = Math.min(1, shard.requests());
    }
}
