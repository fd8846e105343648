package penstock.config.relay;

import java.util.Map;

/**
 * What is written to the log. Immutable.
 *
 * @param level  of all loggers that have none of their own; null = as the configuration of the JVM's log says
 * @param levels by the names of packages and classes
 */
public record LogConfig(Level level, Map<String, Level> levels) {
    /** What a line is at least, to be written. */
    public enum Level {
        /** Something failed. */
        ERROR,
        /** Something needs attention. */
        WARN,
        /** What an operator wants to know. */
        INFO,
        /** What explains a fault. */
        DEBUG,
        /** Everything. */
        TRACE
    }
}
