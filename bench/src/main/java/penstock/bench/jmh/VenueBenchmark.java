package penstock.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the message that a venue sends most costs, on one core: scanned and matched by the venue's rules, and from there through the ring.
 * One operation is one frame. {@link VenueSpeed} compares them with a mere walk over the bytes, in one run.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgs = {"--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class VenueBenchmark {
    /** The venue file. */
    @Param({"alpaca", "binance", "bitfinex", "bitmex", "bitstamp", "bybit-v5", "coinbase-exchange", "demo", "deribit", "finnhub", "huobi",
        "json", "kraken-v1", "kraken-v2", "okx", "polygon", "tradermade-v1", "tradermade-v2", "twelvedata"})
    public String venue;

    private final VenueRig.Matched matched = new VenueRig.Matched();
    private VenueRig rig;

    /** A new connection. */
    @Setup
    public void setup() {
        rig = new VenueRig(venue);
    }

    /** What can't be avoided: each byte is looked at once. */
    @Benchmark
    public int walk() {
        int quotes = 0;
        for (final byte b : rig.nextFrame()) {
            if (b == '"') {
                quotes++;
            }
        }
        return quotes;
    }

    /** Parsed and matched. */
    @Benchmark
    public long match() {
        rig.match(matched);
        return matched.sum();
    }

    /** Parsed, matched, published, and read by a shard that only moves on. */
    @Benchmark
    public long publish() {
        rig.publish();
        return rig.updates();
    }
}
