package penstock.fanout;

import penstock.audit.AuditLog;
import penstock.memory.MemoryShare;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.ShardLatencies;
import penstock.usage.session.ShardUsage;

/**
 * Where one shard counts, reports, and accounts memory. Nothing else writes to {@code counters} and
 * {@code latencies}.
 *
 * @param memory   what the clients of this shard may make it hold
 * @param audit    where the beginnings and ends of its sessions are reported
 * @param usage    counts what clients are sent, for their licences; null if it is not counted
 */
public record ShardMetrics(Counters counters, ErrorLog errors, ShardLatencies latencies, MemoryShare memory,
        AuditLog audit, ShardUsage usage) {
}
