package penstock.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * An update of a quote in the client in Java, from the text of its message to the user, who reads one number: as JSON
 * and as a row. One operation is an update.
 */
public class ClientBenchmark extends TimedBenchmark {
    /** As rows. */
    @Param({"false", "true"})
    public boolean rows;

    /** Updates in a message. */
    @Param({"1", "20"})
    public int together;

    /** One field of four changed, or all. */
    @Param({"false", "true"})
    public boolean change;

    private ClientRig rig;

    /** A client with the images of twenty quotes. */
    @Setup
    public void setup() {
        rig = new ClientRig(rows, together, change);
    }

    /** The client reads the messages. */
    @Benchmark
    @OperationsPerInvocation(ClientRig.UPDATES)
    public long read() {
        return rig.read();
    }
}
