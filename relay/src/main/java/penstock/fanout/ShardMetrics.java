package penstock.fanout;

import penstock.audit.AuditLog;
import penstock.memory.MemoryShare;
import penstock.ring.Tick;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.ShardLatencies;
import penstock.topic.Topic;
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
    /** The shard has stored an update. */
    void onStored(final Topic topic, final Tick tick) {
        counters.increment(Counter.UPDATES_STORED);
        if (topic.channel().isEventChannel()) {
            counters.increment(Counter.EVENTS_STORED);
        }
        if (tick.missed() > 0) {
            counters.add(Counter.UPDATES_MISSED, tick.missed());
        }
    }
}
