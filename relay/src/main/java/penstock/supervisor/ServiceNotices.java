package penstock.supervisor;

import java.util.function.Predicate;

/**
 * What a supervisor hears, and when: {@code READY=1} once the relay has live data, {@code STATUS=} when it changes,
 * {@code WATCHDOG=1} only while every thread runs, and until the relay is ready more time, also only while they run. A
 * venue that is down is no reason to start again, a thread that hangs is.
 *
 * <p>Owned by the thread {@code notify}; {@link #reloading}, {@link #reloaded} and {@link #stopping} by any.
 */
final class ServiceNotices {
    /** Pulses of shards are a second apart. */
    private static final long LEAST_STUCK_NS = 1_500_000_000L;
    private static final long MORE_TIME_US = 20_000_000;

    private final SupervisedService service;
    private final Predicate<String> socket;
    private final PulseWatch watch;
    private final long watchdogNs;
    private boolean isReady;
    private boolean isStopping;
    private String status = "";

    /** {@code watchdogNs}: the supervisor ends a relay that is silent for so long; 0 = it does not. */
    ServiceNotices(final SupervisedService service, final Predicate<String> socket, final long watchdogNs,
            final long nowNs) {
        this.service = service;
        this.socket = socket;
        this.watchdogNs = watchdogNs;
        watch = new PulseWatch(service.pulses(), Math.max(watchdogNs / 2, LEAST_STUCK_NS), nowNs);
    }

    /** To be called several times within the time of the watchdog. */
    synchronized void tick(final long nowNs) {
        final String stuck = watch.stuck(nowNs);
        if (stuck == null && !isStopping && watchdogNs > 0) {
            socket.test("WATCHDOG=1");
        }
        if (stuck == null && !isStopping && !isReady) {
            socket.test("EXTEND_TIMEOUT_USEC=" + MORE_TIME_US);
        }
        if (!isReady && !isStopping && service.isReady()) {
            isReady = socket.test("READY=1");
        }
        final String now = stuck == null || isStopping ? service.status() : "the thread " + stuck + " hangs";
        if (!now.equals(status) && socket.test("STATUS=" + now)) {
            status = now;
        }
    }

    /** The configuration is read again from now on. {@code nowNs} is the monotonic time. */
    synchronized void reloading(final long nowNs) {
        if (isReady) {
            socket.test("RELOADING=1\nMONOTONIC_USEC=" + nowNs / 1_000);
        }
    }

    /** The configuration was read again, well or not. */
    synchronized void reloaded() {
        if (isReady) {
            socket.test("READY=1");
        }
    }

    /** The relay drains and ends. */
    synchronized void stopping() {
        isStopping = true;
        socket.test("STOPPING=1");
    }
}
