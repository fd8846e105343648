package penstock.ring;

import java.util.function.LongSupplier;
import penstock.telemetry.LatencyRecorder;

/** Measures the time from the receipt of an update until it is in the ring, if it is to. Owned by the feed thread. */
final class IngestMeter {
    /** A reading of the clock costs as much as a part of an update. No feed has topics in turns of 17. */
    private static final int MEASURED_OF = 17;

    /** Null if nothing is measured. */
    private LatencyRecorder recorder;
    private LongSupplier clock;
    private int untilMeasured = MEASURED_OF;

    void measure(final LatencyRecorder times, final LongSupplier nanoTime) {
        recorder = times;
        clock = nanoTime;
    }

    /** The time if the next update is one that is measured, else 0. */
    long nextNs() {
        if (recorder == null || --untilMeasured > 0) {
            return 0;
        }
        untilMeasured = MEASURED_OF;
        return clock.getAsLong();
    }

    /** The time, for an update that waited in front of the ring; 0 if nothing is measured. */
    long nowNs() {
        return recorder == null ? 0 : clock.getAsLong();
    }

    /** An update went into the ring at {@code nowNs}; 0 = it is not measured. */
    void onWritten(final long nowNs, final long receivedNs) {
        if (nowNs != 0) {
            recorder.recordNs(nowNs - receivedNs);
        }
    }
}
