package penstock.testkit;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import penstock.audit.AuditLog;
import penstock.config.relay.RelayConfigLoader;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardMetrics;
import penstock.fanout.ShardThread;
import penstock.memory.MemoryShare;
import penstock.ring.TickPoller;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.ShardLatencies;
import penstock.topic.TopicTable;
import penstock.usage.session.RelayUsage;
import penstock.usage.session.ShardUsage;
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
        return new Shard(thread, poller, topics, new SessionSettings("0", 100, timeouts, limits),
            metrics(counters, errors, MemoryShare.unlimited()));
    }

    /** A shard of the feed {@code test} that counts usage. */
    public static Shard metered(final ShardThread thread, final TickPoller poller, final TopicTable topics,
            final SessionLimits limits, final Counters counters, final ErrorLog errors, final ShardUsage usage) {
        errors.onRecord(TestShards::rethrowAssertion);
        topics.group(usage::group);
        return new Shard(thread, poller, topics, new SessionSettings("0", 100,
            new SessionTimeouts(Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4),
            limits), new ShardMetrics(counters, errors, new ShardLatencies(),
            MemoryShare.unlimited(), new AuditLog(), usage));
    }

    /** The usage of a relay with these products, on one thread; its ledger is in a directory. */
    public static RelayUsage usage(final Path directory, final String products, final Clock clock) {
        return RelayUsage.open(new RelayConfigLoader(Map.of()).loadText("test.conf", "feed { venue = json, url = "
            + "\"ws://127.0.0.1:1/\" }\nusage.dir = \"" + directory + "\"\nproducts { " + products + " }", List.of()),
            clock);
    }

    /** With latency recorders and an audit log of their own. */
    public static ShardMetrics metrics(final Counters counters, final ErrorLog errors, final MemoryShare memory) {
        return metrics(counters, errors, memory, new AuditLog());
    }

    /** With latency recorders of their own. */
    public static ShardMetrics metrics(final Counters counters, final ErrorLog errors, final MemoryShare memory,
            final AuditLog audit) {
        return new ShardMetrics(counters, errors, new ShardLatencies(), memory, audit, null);
    }

    private static void rethrowAssertion(final Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof AssertionError failed) {
                throw failed;
            }
        }
    }
}
