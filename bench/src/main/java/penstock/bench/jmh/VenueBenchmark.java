package penstock.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What the message that a venue sends most costs, on one core: scanned and matched by the venue's rules, and from there
 * through the ring. One operation is one frame. {@link VenueSpeed} compares them with a mere walk over the bytes, in
 * one run.
 */
public class VenueBenchmark extends TimedBenchmark {
    /** The venue file: flat, numbers, books in three shapes. {@code -p venue=…} measures any other. */
    @Param({"binance", "json", "kraken-v2", "okx", "polygon"})
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
