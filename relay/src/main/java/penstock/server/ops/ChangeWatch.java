package penstock.server.ops;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import penstock.audit.Termination;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.feed.report.ConnectionReport;
import penstock.feed.report.FeedReport;
import penstock.telemetry.Counter;
import penstock.telemetry.StandardStreams;
import penstock.telemetry.Telemetry;

/**
 * Makes changes of counts that should not grow: connections that are lost, sessions that end by a fault, a ring that is
 * full. What the operator does and the states of feeds come into the log of changes by themselves. Owned by the ops
 * thread.
 */
final class ChangeWatch {
    private static final long REPORT_WITHIN_MS = 1_000;
    private static final Map<Counter, String> OF_FEED = Map.of(
        Counter.FEED_CONNECT_FAILURES, "attempts to connect that failed",
        Counter.FEED_SILENCES, "connections closed because they were silent",
        Counter.FEED_EVICTIONS, "connections that another login with the same credentials ended",
        Counter.FEED_CONTESTED, "waits for minutes, because another program uses the same login",
        Counter.FEED_PROTOCOL_ERRORS, "connections closed because the venue broke the protocol",
        Counter.FEED_GAPS, "gaps in the numbers of the venue",
        Counter.FEED_CHECKSUMS_WRONG, "order books that differed from the checksum of the venue",
        Counter.FEED_ROLLOVERS, "connections replaced without interruption");
    private static final Map<Counter, String> OF_RING = Map.of(
        Counter.RING_FULL, "the ring was full: updates were conflated in front of it",
        Counter.RING_DROPPED, "updates dropped in front of the full ring",
        Counter.FEED_STUCK, "the feed thread gave no sign of life for a second",
        Counter.UPDATES_IN_GAPS, "updates that subscribers in mode all missed");
    /** Refusals that an operator should know of; scanners of ports cause the others all day. */
    private static final Set<Termination> REFUSALS = EnumSet.of(Termination.UNKNOWN_CLIENT, Termination.CROWDED_OUT,
        Termination.FULL, Termination.QUOTA, Termination.MEMORY_FULL, Termination.REQUEST_FAILED);

    private static final class Watched {
        private final LongSupplier count;
        private final LongConsumer onGrowth;
        private long last;

        Watched(final LongSupplier count, final LongConsumer onGrowth) {
            this.count = count;
            this.onGrowth = onGrowth;
            last = count.getAsLong();
        }

        void look() {
            final long now = count.getAsLong();
            if (now > last) {
                onGrowth.accept(now - last);
            }
            last = now;
        }
    }

    private final ChangeLog changes;
    private final RelayReadings relay;
    private final List<Watched> watched = new ArrayList<>();
    /** How many places of feeds are watched. */
    private int known;

    /** Of a relay, from now on. */
    ChangeWatch(final RelayReadings relay, final ChangeLog changes) {
        this.changes = changes;
        final Telemetry telemetry = relay.telemetry();
        this.relay = relay;
        addFeeds();
        OF_RING.forEach((counter, text) -> add(() -> telemetry.sum(counter), ChangeKind.RING, null, text));
        for (final Termination end : Termination.ofSessions()) {
            // kicks are in the log with what they closed
            if (!end.isGood() && end != Termination.KICKED) {
                add(() -> relay.audit().ended(end), ChangeKind.SESSIONS, null, "sessions that ended: " + words(end));
            }
        }
        for (final Termination end : REFUSALS) {
            add(() -> relay.audit().refused(end), ChangeKind.SESSIONS, null, "requests refused: " + words(end));
        }
        add(telemetry.errors()::count, ChangeKind.RELAY, null, "errors recorded: the log has each distinct one");
        add(StandardStreams::droppedLines, ChangeKind.RELAY, null,
            "lines of the log dropped: nothing reads them, or the disk is full");
    }

    /** Feeds come while the relay runs; those that come back are known. */
    private void addFeeds() {
        for (; known < relay.feeds().size(); known++) {
            final int number = known;
            final FeedReadings feed = relay.feeds().get(number);
            if (feed != null) {
                OF_FEED.forEach((counter, text) ->
                    add(() -> feed.counters().get(counter), ChangeKind.CONNECTION, feed.name(), text));
                watched.add(new Watched(() -> feed.counters().get(Counter.FEED_DISCONNECTS),
                    more -> onLost(relay.feeds().get(number), more)));
            }
        }
    }

    /** To be called about once a second. */
    void look() {
        addFeeds();
        watched.forEach(Watched::look);
    }

    private void add(final LongSupplier count, final ChangeKind kind, final String subject, final String text) {
        watched.add(new Watched(count, more -> changes.add(kind, subject, text, more)));
    }

    /** The feed thread knows why; if it does not answer, the connection is lost nevertheless. */
    private void onLost(final FeedReadings feed, final long more) {
        feed.report().get().completeOnTimeout(null, REPORT_WITHIN_MS, TimeUnit.MILLISECONDS)
            .whenComplete((report, failure) -> changes.add(ChangeKind.CONNECTION, feed.name(),
                report == null ? "connections lost" : "connections lost; the last error: " + lastLoss(report), more));
    }

    private static String lastLoss(final FeedReport report) {
        return report.connections().stream().map(ConnectionReport::lastLoss).filter(Objects::nonNull)
            .min(Comparator.comparingLong(ConnectionReport.Loss::agoMs)).map(ConnectionReport.Loss::what)
            .orElse(report.detail());
    }

    private static String words(final Termination end) {
        return end.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " (" + end.code() + ')';
    }
}
