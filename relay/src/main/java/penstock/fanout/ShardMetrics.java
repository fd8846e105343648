package penstock.fanout;

import penstock.audit.AuditLog;
import penstock.memory.MemoryShare;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.LatencyRecorder;
import penstock.usage.session.ShardUsage;

/**
 * Where one shard counts, reports, and accounts memory. Nothing else writes to {@code counters}, {@code queueing} and
 * {@code dwell}.
 *
 * @param queueing from an update's arrival, or the end of its subscription's interval, to the write
 * @param dwell    from an update's arrival to the end of its subscription's interval
 * @param memory   what the clients of this shard may make it hold
 * @param audit    where the beginnings and ends of its sessions are reported
 * @param usage    counts what clients are sent, for their licences; null if it is not counted
 */
public record ShardMetrics(Counters counters, ErrorLog errors, LatencyRecorder queueing, LatencyRecorder dwell,
        MemoryShare memory, AuditLog audit, ShardUsage usage) {
}
