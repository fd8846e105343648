package penstock;

import java.lang.reflect.Proxy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals whose default action would end the relay without a drain: they are logged and ignored. A terminal that closes
 * sends SIGHUP, and some tools send SIGHUP or SIGUSR1 to make a service reload something.
 *
 * <p>Java handles signals through {@code sun.misc.Signal}, which the compiler refuses at release 17, so it is called by
 * reflection. A Java without it keeps the default actions.
 */
final class ProcessSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSignals.class);
    private static final List<String> IGNORED = List.of("HUP", "USR1");

    private ProcessSignals() {
    }

    /** Ignores the signals from now on. */
    static void ignore() {
        for (final String name : IGNORED) {
            try {
                ignore(name);
            } catch (final ReflectiveOperationException | RuntimeException e) {
                LOG.warn("this Java cannot ignore SIG{}, which ends the relay without a drain: {}", name, e.toString());
            }
        }
    }

    private static void ignore(final String name) throws ReflectiveOperationException {
        final Class<?> signal = Class.forName("sun.misc.Signal");
        final Class<?> handler = Class.forName("sun.misc.SignalHandler");
        final Object logs = Proxy.newProxyInstance(ProcessSignals.class.getClassLoader(), new Class<?>[] {handler},
            (proxy, method, args) -> switch (method.getName()) {
                case "handle" -> {
                    LOG.info("SIG{} reloads nothing and is ignored: restart the relay to apply a changed configuration",
                        name);
                    yield null;
                }
                case "equals" -> proxy == args[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIG" + name;
            });
        signal.getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), logs);
    }
}
