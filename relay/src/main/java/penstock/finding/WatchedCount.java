package penstock.finding;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;

/** Counts that do not rise while all is well, each with what it means if it does; the worst first. Immutable. */
enum WatchedCount {
    /** Updates waited in front of the ring. */
    RING_FULL("ring", FindingSeverity.CRITICAL, 30, Counter.RING_FULL,
        "the ring is full: updates are conflated before they reach the io threads, %d times so far",
        "the io threads need longer for the updates than the feeds need to send them",
        "more cores, longer intervals or fewer subscribers; for short bursts a larger ring.slots"),
    /** Another login with the same credentials. */
    EVICTIONS(600, 1, List.of(Counter.FEED_EVICTIONS),
        "the venue ended or refused %d connections for another login with the same credentials",
        "another program logs in with the credentials of this feed", "stop it, or give it credentials of its own"),
    /** Connections are lost again and again. */
    DISCONNECTS(600, 4, List.of(Counter.FEED_DISCONNECTS), "%d connections were lost, one soon after the other",
        "the venue or the network path fails", "see lastError of its connections in /admin/v1/feeds"),
    /** Messages that the venue file does not know. */
    UNMATCHED(600, 1, List.of(Counter.FEED_UNMATCHED, Counter.FEED_NOT_JSON, Counter.FEED_UNDECODABLE),
        "%d messages match no rule of the venue file, or are not readable",
        "the venue sends messages that the venue file does not know", "the log has one of them; add a rule for it"),
    /** Missing messages. */
    GAPS(60, 1, List.of(Counter.FEED_GAPS), "messages are missing: %d gaps, by the venue's numbers",
        "the venue left messages out, or its connection is too slow for them",
        "the relay recovers by itself; if it lasts, ask for fewer symbols on each connection"),
    /** Symbols beyond the limit. */
    SYMBOLS_REFUSED(600, 1, List.of(Counter.FEED_SYMBOLS_REFUSED), "%d updates of new symbols were dropped",
        "feed.max-topics is reached, or the symbols have names that no client can ask for",
        "raise feed.max-topics, or choose fewer symbols; the log has examples"),
    /** Relays that a link does not follow. */
    LINK_REFUSALS("link", FindingSeverity.WARNING, 600, Counter.LINK_REFUSALS,
        "this relay has ended %d connections to one in front that it does not follow",
        "a loop, too many relays in a row, an epoch older than the one it has, or another release: the log says which",
        "correct feed.urls"),
    /** Events that the relay in front had no more. */
    LINK_GAPS("link", FindingSeverity.WARNING, 60, Counter.LINK_GAPS,
        "events are missing: %d gaps, which subscribers learn of",
        "the relay in front had overwritten them before the link could take them",
        "a faster line, or a larger fanout.journal at the relay in front"),
    /** The usage ledger. */
    USAGE_FAILED("usage ledger", 60, "penstock_usage_failed_appends_total",
        "the usage ledger could not be written, %d times", "the disk is full, or usage.dir is not writable",
        "free space, or make usage.dir writable"),
    /** The audit log. */
    AUDIT_DROPPED("audit log", 60, "penstock_audit_lines_dropped_total", "%d lines of the audit log were dropped",
        "the disk is full, or slower than the lines come", "free space, or name a file on a faster disk in audit.file"),
    /** Defects. */
    ERRORS("relay", 600, "penstock_errors_total", "the relay recorded %d errors", "a defect of the relay",
        "scripts/relay errors shows each distinct one; please report it"),
    /** The service of rights. */
    RIGHTS_FAILED("service of rights", FindingSeverity.WARNING, 60, Counter.RIGHTS_FAILED,
        "%d requests to the service of rights failed",
        "auth.rights.url gives no answer in time, or a wrong one; the log says which",
        "mend it: clients keep their products for auth.rights.grace"),
    /** The memory of clients. */
    OVER_MEMORY("memory", FindingSeverity.WARNING, 60, Counter.REQUESTS_OVER_MEMORY,
        "%d requests of clients were refused for want of memory", "limits.memory is used up",
        "penstock_memory_bytes shows by what; find the client, or raise limits.memory and the heap");

    private final String subject;
    private final FindingSeverity severity;
    private final long quietMs;
    private final int least;
    private final List<String> sentences;
    private final List<Counter> counters;
    private final String metric;

    /** A count that others keep, by its metric. */
    WatchedCount(final String subject, final int quietSeconds, final String metric, final String text,
            final String cause, final String remedy) {
        this(subject, FindingSeverity.WARNING, quietSeconds, 1, List.of(), metric, List.of(text, cause, remedy));
    }

    /** Counters of the whole relay. */
    WatchedCount(final String subject, final FindingSeverity severity, final int quietSeconds, final Counter counter,
            final String text, final String cause, final String remedy) {
        this(subject, severity, quietSeconds, 1, List.of(counter), null, List.of(text, cause, remedy));
    }

    /** Counters of one feed, which may rise by less than {@code least}. */
    WatchedCount(final int quietSeconds, final int least, final List<Counter> counters, final String text,
            final String cause, final String remedy) {
        this(null, FindingSeverity.WARNING, quietSeconds, least, counters, null, List.of(text, cause, remedy));
    }

    WatchedCount(final String subject, final FindingSeverity severity, final int quietSeconds, final int least,
            final List<Counter> counters, final String metric, final List<String> sentences) {
        this.subject = subject;
        this.severity = severity;
        quietMs = TimeUnit.SECONDS.toMillis(quietSeconds);
        this.least = least;
        this.sentences = sentences;
        this.counters = counters;
        this.metric = metric;
    }

    /** Whether each feed has one of its own. */
    boolean isOfFeed() {
        return subject == null;
    }

    /** The rise of this count over the whole relay. */
    RecentRise over(final Telemetry telemetry) {
        return new RecentRise(metric == null ? sum(telemetry::sum) : () -> telemetry.sum(metric), quietMs);
    }

    /** The rise of this count of one feed. */
    RecentRise of(final Counters ofFeed) {
        return new RecentRise(sum(ofFeed::get), quietMs);
    }

    /** What is wrong if {@code rise} is of this count, with {@code why} behind the cause; null if nothing is. */
    OperatorFinding find(final String ofFeed, final RecentRise rise, final String why, final long nowUs) {
        return rise.isRecent(nowUs) && rise.by() >= least ? new OperatorFinding(severity,
            isOfFeed() ? ofFeed : subject, sentences.get(0).formatted(rise.by()), sentences.get(1) + why,
            rise.sinceUs(), sentences.get(2)) : null;
    }

    private LongSupplier sum(final ToLongFunction<Counter> of) {
        return () -> {
            long sum = 0;
            for (final Counter each : counters) {
                sum += of.applyAsLong(each);
            }
            return sum;
        };
    }
}
