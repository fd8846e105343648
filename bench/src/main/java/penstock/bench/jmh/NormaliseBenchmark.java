package penstock.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import penstock.config.VenueSettings;

/**
 * What it costs to choose the fields of a quote and to write them under the names of its channel: from the frame to a
 * shard that only moves on, with the venue's value and with the chosen fields, in one run. One operation is one frame.
 */
public class NormaliseBenchmark extends TimedBenchmark {
    /** Venues whose most frequent message is a quote: texts and numbers, members and elements. */
    @Param({"binance", "polygon", "alpaca", "huobi", "demo"})
    public String venue;

    private VenueRig verbatim;
    private VenueRig normalised;

    /** Two connections. */
    @Setup
    public void setup() {
        verbatim = new VenueRig(venue, VenueSettings.Values.VENUE);
        normalised = new VenueRig(venue, VenueSettings.Values.NORMALISED);
    }

    /** The venue's own value. */
    @Benchmark
    public long venueValue() {
        verbatim.publish();
        return verbatim.updates();
    }

    /** The chosen fields. */
    @Benchmark
    public long chosenFields() {
        normalised.publish();
        return normalised.updates();
    }
}
