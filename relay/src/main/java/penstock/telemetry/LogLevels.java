package penstock.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.LoggerFactory;

/** What the log has: a level for each logger that has one of its own. May change at any time. Any thread. */
public final class LogLevels {
    /** The levels, from few lines to many. */
    public static final List<String> NAMES = List.of("error", "warn", "info", "debug", "trace");

    private static final Set<String> FOLLOWED = new HashSet<>();
    /** Of the topmost logger before it was changed. */
    private static Level usual;

    private LogLevels() {
    }

    /** By the names of loggers; that of the others is {@code ROOT}. */
    public static Map<String, String> all() {
        final Map<String, String> levels = new LinkedHashMap<>();
        for (final Logger each : context().getLoggerList()) {
            if (each.getLevel() != null) {
                levels.put(each.getName(), each.getLevel().toString().toLowerCase(Locale.ROOT));
            }
        }
        return levels;
    }

    /**
     * Gives a logger a level; null: it has that of the package above it. False, and without effect, if there is no such
     * logger, so that names that are made up take no memory, or if it is the topmost one, which needs a level.
     */
    public static boolean set(final String logger, final String level) {
        final Logger found = context().exists(logger);
        final boolean isPossible = found != null && (level != null || !logger.equals(Logger.ROOT_LOGGER_NAME));
        if (isPossible) {
            found.setLevel(level == null ? null : Level.toLevel(level));
        }
        return isPossible;
    }

    /**
     * Gives the topmost logger {@code level}, null = what it had at first, and others those of {@code levels} by their
     * names. One that got a level so before, and is not in {@code levels}, has that of the package above it again.
     */
    public static synchronized void follow(final String level, final Map<String, String> levels) {
        final Logger root = context().getLogger(Logger.ROOT_LOGGER_NAME);
        usual = usual == null ? root.getLevel() : usual;
        FOLLOWED.stream().filter(name -> !levels.containsKey(name))
            .forEach(name -> context().getLogger(name).setLevel(null));
        FOLLOWED.clear();
        FOLLOWED.addAll(levels.keySet());
        root.setLevel(Level.toLevel(level, usual));
        levels.forEach((name, own) -> context().getLogger(name).setLevel(Level.toLevel(own)));
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
