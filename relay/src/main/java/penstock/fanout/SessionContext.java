package penstock.fanout;

import penstock.audit.AuditLog;
import penstock.fanout.frame.SessionWriter;
import penstock.fanout.schedule.ShardClock;
import penstock.telemetry.Counters;

/** What the sessions of one shard share. */
record SessionContext(SessionSettings settings, ShardClock clock, ShardMetrics metrics, ControlMessages messages,
        SubscriptionHandler handler, TopicStatusNotifier status, SessionWriter writer) {
    Counters counters() {
        return metrics.counters();
    }

    AuditLog audit() {
        return metrics.audit();
    }
}
