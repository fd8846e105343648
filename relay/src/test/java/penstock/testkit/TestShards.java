package penstock.testkit;

import penstock.audit.AuditLog;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardMetrics;
import penstock.fanout.ShardThread;
import penstock.memory.MemoryShare;
import penstock.ring.TickPoller;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.LatencyRecorder;
import penstock.topic.TopicTable;
import penstock.wire.SessionLimits;

/** Shards for tests and benchmarks. */
public final class TestShards {
    private TestShards() {
    }

    /** A shard of the feed {@code test}, with latency recorders of its own. */
    public static Shard shard(final ShardThread thread, final TickPoller poller, final TopicTable topics,
            final SessionTimeouts timeouts, final SessionLimits limits, final Counters counters,
            final ErrorLog errors) {
        errors.onRecord(TestShards::rethrowAssertion);
        return new Shard(thread, poller, topics, new SessionSettings("test", "0", 100, timeouts, limits),
            metrics(counters, errors, MemoryShare.unlimited()));
    }

    /** With latency recorders and an audit log of their own. */
    public static ShardMetrics metrics(final Counters counters, final ErrorLog errors, final MemoryShare memory) {
        return metrics(counters, errors, memory, new AuditLog());
    }

    /** With latency recorders of their own. */
    public static ShardMetrics metrics(final Counters counters, final ErrorLog errors, final MemoryShare memory,
            final AuditLog audit) {
        return new ShardMetrics(counters, errors, new LatencyRecorder(), new LatencyRecorder(), memory, audit);
    }

    private static void rethrowAssertion(final Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof AssertionError failed) {
                throw failed;
            }
        }
    }
}
