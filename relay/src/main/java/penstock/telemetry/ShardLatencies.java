package penstock.telemetry;

/**
 * Where the time of an update goes in one shard. What conflation takes on purpose is apart from what the relay and the
 * sockets of slow readers add.
 *
 * @param ring     from the ring until the shard reads it; one update of 17, so the clock costs little
 * @param write    from there, or from the end of the subscriber's interval, to the write; not in mode {@code all}
 * @param dwell    from reading the update's frame to the end of the subscriber's interval
 * @param queueing from reading the frame, or from the end of the interval, to the write: what is not meant
 * @param age      from reading the frame to the write: all of it
 */
public record ShardLatencies(LatencyRecorder ring, LatencyRecorder write, LatencyRecorder dwell,
        LatencyRecorder queueing, LatencyRecorder age) {
    /** Those that nothing shows. */
    public ShardLatencies() {
        this(new LatencyRecorder(), new LatencyRecorder(), new LatencyRecorder(), new LatencyRecorder(),
            new LatencyRecorder());
    }

    /** Those that {@code /metrics} shows with the label {@code owner}. */
    public static ShardLatencies of(final Telemetry telemetry, final String owner) {
        return new ShardLatencies(
            telemetry.latency("penstock_ring_seconds",
                "Time of an update in the ring, until the io thread reads it; measured for one update of 17.", owner),
            telemetry.latency("penstock_write_seconds",
                "Time from the ring, or from the end of the subscriber's interval, to the write; not in mode all.",
                owner),
            telemetry.latency("penstock_dwell_seconds",
                "Time from reading an update's frame to the end of the subscriber's interval: conflation, not delay.",
                owner),
            telemetry.latency("penstock_queueing_seconds",
                "Time from reading an update's frame, or from the end of its subscriber's interval, to the write.",
                owner),
            telemetry.latency("penstock_age_seconds",
                "Age of the newest update of a frame when it is written: time since its own frame was read.", owner));
    }
}
