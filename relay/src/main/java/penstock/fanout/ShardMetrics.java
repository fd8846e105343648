package penstock.fanout;

import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.LatencyRecorder;

/**
 * Where one shard counts and reports. Nothing else writes to {@code counters}, {@code queueing} and {@code dwell}.
 *
 * @param queueing from an update's arrival, or the end of its subscription's interval, to the write
 * @param dwell    from an update's arrival to the end of its subscription's interval
 */
public record ShardMetrics(Counters counters, ErrorLog errors, LatencyRecorder queueing, LatencyRecorder dwell) {
}
