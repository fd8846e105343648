package penstock.usage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * An io thread hands over what it counted, and takes it back to add more, while the writer takes it: every update is in
 * the ledger once. The result is the sum. Each half is one thread's.
 */
@JCStressTest
@Outcome(id = "111", expect = Expect.ACCEPTABLE, desc = "the writer has all")
@Outcome(expect = Expect.FORBIDDEN, desc = "updates are missing, or were written twice")
@State
public class UsageHandOverStress {
    private static final Licence LICENCE = new Licence("desk-7", "fx", true);

    private final UsageRecorder recorder = new UsageRecorder(UsageSettings.standard(), new ConcurrentSessions());
    private final UsageMeter meter = recorder.open(LICENCE, "desk", 0);
    private long written;

    /** The io thread. */
    @Actor
    public void count() {
        meter.onDelivered(1);
        recorder.handOver(1, 1);
        meter.onDelivered(10);
        recorder.handOver(2, 1);
        meter.onDelivered(100);
        recorder.handOver(3, 1);
    }

    /** The thread of the ledger. */
    @Actor
    public void write() {
        take();
        take();
    }

    /** After both: the next interval. */
    @Arbiter
    public void judge(final J_Result result) {
        take();
        result.r1 = written;
    }

    private void take() {
        final UsageBatch batch = recorder.take();
        if (batch != null) {
            written += batch.tallies().values().stream().mapToLong(UsageTally::updates).sum();
        }
    }
}
