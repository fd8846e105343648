package penstock;

import java.lang.reflect.Proxy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the process does at signals. Those whose default action would end the relay without a drain are logged and
 * ignored until the relay is up. Then SIGHUP, which a terminal that closes sends, too, reads the configuration again;
 * SIGUSR1 is still ignored.
 *
 * <p>Java handles signals through {@code sun.misc.Signal}, which the compiler refuses at release 17, so it is called by
 * reflection. A Java without it keeps the default actions.
 */
final class ProcessSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSignals.class);
    private static final List<String> IGNORED = List.of("HUP", "USR1");
    private static final List<String> TERMINATION = List.of("TERM", "INT");

    private ProcessSignals() {
    }

    /** Ignores the signals from now on. */
    static void ignore() {
        for (final String name : IGNORED) {
            try {
                handle(name, () -> LOG.info("SIG{} reloads nothing and is ignored", name));
            } catch (final ReflectiveOperationException | RuntimeException e) {
                LOG.warn("this Java cannot ignore SIG{}, which ends the relay without a drain: {}", name, e.toString());
            }
        }
    }

    /** From now on SIGHUP runs {@code task}. A Java that cannot do that keeps ignoring it. */
    static void onHangup(final Runnable task) {
        try {
            handle("HUP", task);
        } catch (final ReflectiveOperationException | RuntimeException e) {
            LOG.info("SIGHUP will not reload the configuration, POST /admin/v1/reload does: {}", e.toString());
        }
    }

    /** From now on SIGTERM and Ctrl-C run {@code task}. A Java that cannot do that waits for the drain, as before. */
    static void onTermination(final Runnable task) {
        for (final String name : TERMINATION) {
            try {
                handle(name, task);
            } catch (final ReflectiveOperationException | RuntimeException e) {
                LOG.info("a second SIG{} will not end the relay sooner: {}", name, e.toString());
            }
        }
    }

    private static void handle(final String name, final Runnable task) throws ReflectiveOperationException {
        final Class<?> signal = Class.forName("sun.misc.Signal");
        final Class<?> handler = Class.forName("sun.misc.SignalHandler");
        final Object runs = Proxy.newProxyInstance(ProcessSignals.class.getClassLoader(), new Class<?>[] {handler},
            (proxy, method, args) -> switch (method.getName()) {
                case "handle" -> {
                    task.run();
                    yield null;
                }
                case "equals" -> proxy == args[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIG" + name;
            });
        signal.getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), runs);
    }
}
