package penstock.supervisor;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the supervisor of the process, if it has one that listens ({@code Type=notify} of systemd), what
 * {@link ServiceNotices} says, on a thread of its own. Without {@code NOTIFY_SOCKET} in the environment it does
 * nothing. Any thread.
 */
public final class SupervisorLink {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisorLink.class);
    private static final long NS_PER_US = 1_000;
    private static final long MOST_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LEAST_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int TICKS_OF_WATCHDOG = 4;

    /** Null if there is no supervisor. */
    private final ServiceNotices notices;

    private SupervisorLink(final ServiceNotices notices) {
        this.notices = notices;
    }

    /** Begins to tell how {@code service} is. */
    public static SupervisorLink open(final Map<String, String> environment, final SupervisedService service) {
        final String path = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (path.isEmpty()) {
            return new SupervisorLink(null);
        }
        final long watchdogNs = watchdogNs(environment, ProcessHandle.current().pid());
        final long tickNs =
            watchdogNs == 0 ? MOST_NS : Math.max(LEAST_NS, Math.min(MOST_NS, watchdogNs / TICKS_OF_WATCHDOG));
        try {
            final NotifySocket socket = new NotifySocket(path);
            final ServiceNotices notices =
                new ServiceNotices(service, socket::send, watchdogNs, System.nanoTime());
            final Thread thread = new Thread(() -> {
                while (true) {
                    notices.tick(System.nanoTime());
                    LockSupport.parkNanos(tickNs);
                }
            }, "notify");
            thread.setDaemon(true);
            thread.start();
            return new SupervisorLink(notices);
        } catch (final IOException e) {
            LOG.error("the supervisor (NOTIFY_SOCKET) cannot hear that the relay is ready: {}", e.getMessage());
            return new SupervisorLink(null);
        }
    }

    /** The time of the watchdog in ns; 0 if there is none, or if it watches another process than {@code pid}. */
    static long watchdogNs(final Map<String, String> environment, final long pid) {
        final String us = environment.getOrDefault("WATCHDOG_USEC", "");
        final String watched = environment.getOrDefault("WATCHDOG_PID", "");
        final boolean isNumber = us.matches("[0-9]{1,15}");
        return isNumber && (watched.isEmpty() || watched.equals(Long.toString(pid)))
            ? Long.parseLong(us) * NS_PER_US : 0;
    }

    /** The configuration is read again while {@code task} runs. */
    public void reload(final Runnable task) {
        if (notices == null) {
            task.run();
            return;
        }
        notices.reloading(System.nanoTime());
        try {
            task.run();
        } finally {
            notices.reloaded();
        }
    }

    /** The relay drains and ends. */
    public void stopping() {
        if (notices != null) {
            notices.stopping();
        }
    }
}
