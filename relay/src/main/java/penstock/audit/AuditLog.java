package penstock.audit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import penstock.telemetry.Telemetry;

/**
 * Says who came, who was refused, and how each session ended: one line each. Of sessions that end well it has a sample,
 * of all others every one, but for each cause only a number of lines per second: a flood does not fill the disk, and
 * the log says how many lines it left out. Counts all ends. Any thread; it never waits.
 */
public final class AuditLog {
    /** How often the log says what it left out, of each cause. */
    private static final long REPORT_EVERY_NS = 10_000_000_000L;

    private final Consumer<AuditLine> lines;
    private final int oneIn;
    private final LongSupplier nowNs;
    private final LineLimit opens;
    private final LineLimit[] limits = new LineLimit[Termination.values().length];
    private final EndedSessions lastEnded = new EndedSessions(System::currentTimeMillis);
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLongArray ended = new AtomicLongArray(limits.length);
    private final AtomicLongArray refused = new AtomicLongArray(limits.length);
    private final AtomicLong reportedNs;

    /** Only counts. */
    public AuditLog() {
        this(line -> { }, 0, 1, System::nanoTime);
    }

    /**
     * Writes to {@code lines}, which must not wait.
     *
     * @param oneIn          how many sessions there are to each of the sample, beginning with the first; 0 = none
     * @param linesPerSecond of each cause; 0 = no limit
     * @param nowNs          a monotonic clock
     */
    public AuditLog(final Consumer<AuditLine> lines, final int oneIn, final int linesPerSecond,
            final LongSupplier nowNs) {
        this.lines = lines;
        this.oneIn = oneIn;
        this.nowNs = nowNs;
        final long beginNs = nowNs.getAsLong();
        reportedNs = new AtomicLong(beginNs);
        opens = new LineLimit(linesPerSecond, beginNs);
        for (int i = 0; i < limits.length; i++) {
            limits[i] = new LineLimit(linesPerSecond, beginNs);
        }
    }

    /** Registers the counts of all ends. */
    public void register(final Telemetry telemetry) {
        for (final Termination end : Termination.ofSessions()) {
            telemetry.count("penstock_sessions_ended_total", "Sessions that ended, by termination code.",
                () -> ended(end), "code", end.code());
        }
        for (final Termination end : Termination.ofHandshakes()) {
            telemetry.count("penstock_handshakes_refused_total",
                "Connections and requests that ended before there was a session, by termination code.",
                () -> refused(end), "code", end.code());
        }
    }

    /** A session began; see {@link SessionRecord}. */
    public SessionRecord onOpened(final String id, final String endpoint, final String principal,
            final String address, final long atNs) {
        final boolean isSampled = oneIn > 0 && opened.getAndIncrement() % oneIn == 0;
        final SessionRecord session = new SessionRecord(id, endpoint, principal, address, atNs, isSampled);
        if (isSampled && opens.admits(nowNs.getAsLong())) {
            lines.accept(of("open", session));
        }
        return session;
    }

    /** A session ended at {@code atNs}; it was handed {@code updates} updates, and its socket took {@code bytes}. */
    public void onEnded(final SessionRecord session, final Termination end, final long updates, final long bytes,
            final long atNs) {
        ended.incrementAndGet(end.ordinal());
        final long lastedNs = Math.max(0, atNs - session.openedNs());
        lastEnded.add(session, end, lastedNs, updates, bytes);
        if ((session.isSampled() || !end.isGood()) && isWithinLimit(end)) {
            lines.accept(of("close", session).put("end", end.code())
                .putSeconds("seconds", lastedNs).put("updates", updates)
                .put("bytes", bytes));
        }
    }

    /** The sessions that ended last. */
    public EndedSessions lastEnded() {
        return lastEnded;
    }

    /**
     * A request was refused.
     *
     * @param endpoint  one of the relay's, never what the client wrote; null = none of them
     * @param principal the client's name, if it is known
     * @param address   the client's address and port
     * @param error     the code of the error, a word of the relay
     */
    public void onRefused(final String endpoint, final String principal, final String address, final Termination end,
            final int status, final String error) {
        refused.incrementAndGet(end.ordinal());
        if (isWithinLimit(end)) {
            lines.accept(new AuditLine("refuse").put("endpoint", endpoint).put("principal", principal)
                .put("address", address).put("end", end.code()).put("status", status).put("error", error));
        }
    }

    /** A connection ended before there was a session, and nothing was answered but a Close frame, if at all. */
    public void onUnserved(final String address, final Termination end) {
        refused.incrementAndGet(end.ordinal());
        if (isWithinLimit(end)) {
            lines.accept(new AuditLine("refuse").put("address", address).put("end", end.code()));
        }
    }

    /** Says what was left out, every ten seconds at most. To be called about once a second. */
    public void tick() {
        final long now = nowNs.getAsLong();
        final long last = reportedNs.get();
        if (now - last >= REPORT_EVERY_NS && reportedNs.compareAndSet(last, now)) {
            report();
        }
    }

    /** Says what was left out. */
    public void report() {
        report("open", opens.takeLeftOut());
        for (final Termination end : Termination.values()) {
            report(end.code(), limits[end.ordinal()].takeLeftOut());
        }
    }

    /** Sessions that ended so. */
    public long ended(final Termination end) {
        return ended.get(end.ordinal());
    }

    /** Handshakes that ended so. */
    public long refused(final Termination end) {
        return refused.get(end.ordinal());
    }

    private void report(final String cause, final long leftOut) {
        if (leftOut > 0) {
            lines.accept(new AuditLine("left-out").put("cause", cause).put("lines", leftOut));
        }
    }

    private boolean isWithinLimit(final Termination end) {
        return limits[end.ordinal()].admits(nowNs.getAsLong());
    }

    private static AuditLine of(final String event, final SessionRecord session) {
        return new AuditLine(event).put("session", session.id()).put("endpoint", session.endpoint())
            .put("principal", session.principal()).put("address", session.address());
    }
}
